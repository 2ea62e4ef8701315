package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/search/analysis"
)

// A Fragment is a piece of a text, marked when the query asks for it.
type Fragment struct {
	Text   string
	Marked bool
}

// Highlight gives a title, as plain text, with the words of the query marked.
// Together the fragments are the whole text. The work is linear in it.
func Highlight(text string, q Query) []Fragment {
	text = analysis.Plain(text)
	return cut(text, 0, len(text), sought(q, FieldTitle).find(text))
}

// Passage gives the best passage of an abstract with at most about most bytes: the
// one with the most of the query's different words, the first of several. It begins
// with a sentence or shortly before a word that is marked. A cut is shown as "…".
func Passage(text string, q Query, most int) []Fragment {
	text = analysis.Plain(text)
	marks := sought(q, FieldAbstract).find(text)
	if len(text) <= most {
		return cut(text, 0, len(text), marks)
	}
	from, to := window(text, marks, max(most, 1))
	out := cut(text, from, to, marks)
	if from > 0 {
		out = append([]Fragment{{Text: "…"}}, out...)
	}
	if to < len(text) {
		out = append(out, Fragment{Text: "…"})
	}
	return out
}

// A span is a place in a text that is to be marked.
type span struct {
	start, end int
	term       string
}

// A wanted is what is marked: single terms, and terms that count only side by side.
type wanted struct {
	terms   map[string]bool
	phrases [][]analysis.Token
	begins  []string // beginnings of words, folded
}

// sought is what a query asks of a field.
func sought(q Query, field Field) wanted {
	w := wanted{terms: map[string]bool{}}
	for i, c := range q.Should {
		w.add(c, field)
		if i == 0 || !c.word() || !q.Should[i-1].word() {
			continue
		}
		if term, _, ok := joined(q.Should[i-1].Text, c.Text); ok {
			w.terms[term] = true
		}
	}
	for _, c := range q.Must {
		w.add(c, field)
	}
	return w
}

func (w *wanted) add(c Clause, field Field) {
	for _, member := range slices.Concat(c.AnyOf, c.AllOf) {
		w.add(member, field)
	}
	if c.Field != FieldAny && c.Field != field {
		return
	}
	text := analysis.Plain(c.Text)
	if parts := prefixParts(c.Text); c.Prefix && len(parts) > 0 {
		w.begins = append(w.begins, parts[len(parts)-1])
		return
	}
	if phrase := analysis.Phrase(text); c.Phrase && (len(phrase) > 1 || len(phrase) == 1 && phrase[0].Form != "") {
		if whole, ok := wholeOf(analysis.Tokens(text), phrase); ok {
			w.terms[whole.Term] = true
		}
		if len(w.phrases) < maxPhrases {
			w.phrases = append(w.phrases, phrase[:min(len(phrase), maxLexemes)])
		}
		return
	}
	for _, term := range analysis.Terms(text) {
		w.terms[term] = w.terms[term] || !analysis.Common(term)
	}
}

const maxPhrases = 16

// find gives the places of what is wanted in a plain text, in order and apart.
func (w wanted) find(text string) []span {
	tokens := analysis.Tokens(text)
	var out []span
	for _, t := range tokens {
		if w.terms[t.Term] || w.begun(text[t.Start:t.End]) {
			out = append(out, span{t.Start, t.End, t.Term})
		}
	}
	for _, phrase := range w.phrases {
		exact := findPhrase(tokens, phrase, true)
		if len(exact) == 0 {
			exact = findPhrase(tokens, phrase, false)
		}
		out = append(out, exact...)
	}
	slices.SortFunc(out, func(a, b span) int { return a.start - b.start })
	return apart(out)
}

// begun reports whether a word has one of the beginnings.
func (w wanted) begun(word string) bool {
	if len(w.begins) == 0 {
		return false
	}
	parts := analysis.Words(word)
	return len(parts) == 1 && slices.ContainsFunc(w.begins, func(begin string) bool { return strings.HasPrefix(parts[0], begin) })
}

// findPhrase gives the places of a phrase among tokens, as it is written or by its stems. A text that repeats the
// beginning of a phrase costs no more than the phrase is long.
func findPhrase(tokens, phrase []analysis.Token, exact bool) []span {
	var out []span
	for i := range tokens {
		if tokens[i].Term != phrase[0].Term {
			continue
		}
		if end, ok := follows(tokens[i:], phrase, exact); ok {
			out = append(out, span{tokens[i].Start, end, phrase[0].Term})
		}
	}
	return out
}

// follows reports whether the tokens begin with the phrase, and where it ends.
func follows(tokens, phrase []analysis.Token, exact bool) (end int, ok bool) {
	n := 0
	for _, t := range tokens {
		distance := t.Position - tokens[0].Position
		wanted := phrase[n].Position - phrase[0].Position
		if distance > wanted {
			return 0, false
		}
		if distance == wanted && t.Term == phrase[n].Term && (!exact || t.Form == phrase[n].Form) {
			if n++; n == len(phrase) {
				return t.End, true
			}
		}
	}
	return 0, false
}

// apart joins spans that overlap.
func apart(spans []span) []span {
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.start < out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

// cut gives text[from:to] in fragments.
func cut(text string, from, to int, marks []span) []Fragment {
	var out []Fragment
	add := func(end int, marked bool) {
		if end > from {
			out = append(out, Fragment{text[from:end], marked})
			from = end
		}
	}
	for _, m := range marks {
		if m.start >= from && m.end <= to {
			add(m.start, false)
			add(m.end, true)
		}
	}
	add(to, false)
	return out
}

// window finds the passage: of all that begin at a sentence or shortly before a mark,
// the one with the most different terms; of equals the first.
func window(text string, marks []span, most int) (from, to int) {
	starts := passageStarts(text, marks, most)
	best, at := -1, 0
	inside := map[string]int{}
	first, next := 0, 0
	for _, start := range starts {
		for next < len(marks) && marks[next].end <= start+most {
			inside[marks[next].term]++
			next++
		}
		for first < next && marks[first].start < start {
			if term := marks[first].term; inside[term] == 1 {
				delete(inside, term)
			} else {
				inside[term]--
			}
			first++
		}
		if len(inside) > best {
			best, at = len(inside), start
		}
	}
	return at, passageEnd(text, at, most)
}

// passageStarts are where a passage may begin, in order.
func passageStarts(text string, marks []span, most int) []int {
	starts := []int{0}
	blank := true
	mark := 0
	for i, r := range text {
		for mark < len(marks) && marks[mark].start < i {
			mark++
		}
		near := mark < len(marks) && marks[mark].start-i < most/4
		if blank && i > 0 && i < len(text)-most/2 && (near || sentenceBefore(text, i)) {
			starts = append(starts, i)
		}
		blank = unicode.IsSpace(r)
	}
	return starts
}

// sentenceBefore reports whether a sentence ends before text[i].
func sentenceBefore(text string, i int) bool {
	before := strings.TrimRight(text[max(0, i-4):i], " ")
	return before != "" && strings.ContainsRune(".!?", rune(before[len(before)-1]))
}

// passageEnd is the end of a passage, behind a word where there is one.
func passageEnd(text string, from, most int) int {
	if len(text)-from <= most {
		return len(text)
	}
	end := from + most
	for end > from && !utf8.RuneStart(text[end]) {
		end--
	}
	if i := strings.LastIndexByte(text[from:end], ' '); i > most/2 && text[end] != ' ' {
		end = from + i
	}
	if end == from { // not even one character fits
		_, size := utf8.DecodeRuneInString(text[from:])
		end += size
	}
	return end
}

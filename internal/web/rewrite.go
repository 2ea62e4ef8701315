package web

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/catalog"
	"broadsheet/internal/search"
)

// A typed query is cut into pieces, so that links can ask for it with one more or
// one fewer, and otherwise as the reader wrote it.
type typedQuery []piece

// A piece can stand alone: a word, a phrase, a field with its value, a parenthesis, or
// what AND, OR and NOT tie together.
type piece struct {
	text   string
	filter bool // narrows down what is found, and is no word to look for
	sort   bool
}

// cutQuery cuts q; now is what relative dates count from.
func cutQuery(q string, now time.Time) typedQuery {
	var out typedQuery
	for _, text := range tied(cutWords(q)) {
		out = append(out, newPiece(text, now))
	}
	return out
}

func newPiece(text string, now time.Time) piece {
	if strings.HasPrefix(strings.ToLower(text), "sort:") {
		return piece{text: text, sort: true}
	}
	q, hints := search.Parse(text, now)
	narrows := len(hints) == 0 && q.Text == "" && len(q.Should) == 0 && q.String() != ""
	return piece{text: text, filter: narrows}
}

// quoteEnds are the marks that end a quotation, by the one that begins it.
var quoteEnds = map[rune]string{'"': `"`, '“': `“”"`, '„': `“”"`, '«': "»"}

// cutWords cuts q at blanks that stand outside of quotation marks and of parentheses,
// if these are balanced.
func cutWords(q string) []string {
	var out []string
	start, ends, before := -1, "", ' '
	balanced := strings.Count(q, "(") == strings.Count(q, ")")
	depth := 0
	for i, r := range q {
		switch {
		case ends != "" || !balanced:
		case r == '(':
			depth++
		case r == ')':
			depth = max(0, depth-1)
		}
		switch {
		case ends != "":
			if strings.ContainsRune(ends, r) {
				ends = ""
			}
		case unicode.IsSpace(r) && depth == 0:
			if start >= 0 {
				out = append(out, q[start:i])
			}
			start = -1
		default:
			if start < 0 {
				start = i
			}
			ends = quotation(q[i:], r, before)
		}
		before = r
	}
	if start >= 0 {
		out = append(out, q[start:])
	}
	return out
}

// quotation gives the marks that end the quotation which begins with r at the start
// of rest; "" when none begins, or it has no end.
func quotation(rest string, r, before rune) string {
	ends := quoteEnds[r]
	begins := unicode.IsSpace(before) || strings.ContainsRune("-(:", before)
	if ends == "" || !begins || !strings.ContainsAny(rest[utf8.RuneLen(r):], ends) {
		return ""
	}
	return ends
}

// tied joins words that AND, OR and NOT tie together.
func tied(words []string) []string {
	var out []string
	joined := false
	for _, w := range words {
		n := len(out)
		joins := slices.Contains([]string{"AND", "&&", "OR", "|", "||"}, w)
		if n > 0 && (joined || joins) {
			out[n-1] += " " + w
		} else {
			out = append(out, w)
		}
		joined = joins || w == "NOT"
	}
	return out
}

// String is the query as the box shows it.
func (t typedQuery) String() string { return strings.Join(t.texts(), " ") }

func (t typedQuery) texts() []string {
	out := make([]string, len(t))
	for i, p := range t {
		out[i] = p.text
	}
	return out
}

// without is the query less its i-th piece.
func (t typedQuery) without(i int) string {
	return slices.Delete(slices.Clone(t), i, i+1).String()
}

// index is where a piece stands; -1 when it does not.
func (t typedQuery) index(text string) int {
	return slices.IndexFunc(t, func(p piece) bool { return strings.EqualFold(p.text, text) })
}

// with is the query and a further piece. Words at the end make room for it where
// the box is full.
func (t typedQuery) with(text string) string {
	texts := t.texts()
	if n := len(texts); n > 0 {
		texts[n-1] = tight(texts[n-1])
	}
	texts = slices.DeleteFunc(texts, func(text string) bool { return text == "" })
	for len(texts) > 0 && utf8.RuneCountInString(strings.Join(texts, " ")+" "+text) > longestQuery {
		texts = texts[:len(texts)-1]
	}
	return strings.Join(append(texts, text), " ")
}

// narrowing leads to the query without a part of it that leaves few papers. The part is as
// it was typed, where it stands in one piece.
func (t typedQuery) narrowing(n catalog.Narrowing, ask asking, now time.Time) link {
	left, part := n.Query, n.Part
	for i, p := range t {
		if q, _ := search.Parse(p.text, now); q.String() == n.Part {
			left, part = t.without(i), p.text
		}
	}
	return link{ask.path(left), number(n.Papers) + " without " + part}
}

// tight is a piece without what at its end would tie it to something that follows.
func tight(text string) string {
	words := strings.Fields(text)
	for n := len(words); n > 0 && slices.Contains([]string{"OR", "|", "||", "AND", "&&", "NOT"}, words[n-1]); n-- {
		text = strings.TrimSpace(strings.TrimSuffix(text, words[n-1]))
	}
	return text
}

// sorted is the query in an order, "" for the best first.
func (t typedQuery) sorted(order string) string {
	rest := slices.DeleteFunc(slices.Clone(t), func(p piece) bool { return p.sort })
	if order == "" {
		return rest.String()
	}
	return rest.with("sort:" + order)
}

// quoted is a value as it may stand behind a field.
func quoted(value string) string {
	plain := !strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-+/&", r)
	})
	if plain && value != "" {
		return value
	}
	return `"` + unquoted(value) + `"`
}

// unquoted is a text with blanks in place of its quotation marks.
func unquoted(text string) string {
	return strings.Map(func(r rune) rune {
		if _, mark := quoteEnds[r]; mark || strings.ContainsRune("”»", r) {
			return ' '
		}
		return r
	}, text)
}

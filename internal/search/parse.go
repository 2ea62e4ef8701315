package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/paper"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/spelling"
)

// A Hint tells a reader what of a query was not understood, and what to do.
type Hint struct {
	Part string // of the query, as typed
	Text string // a sentence

	Try []string // queries to ask instead
}

// String is a hint on one line.
func (h Hint) String() string {
	text := h.Text
	if h.Part != "" {
		text = h.Part + ": " + text
	}
	if len(h.Try) > 0 {
		text += " Try " + strings.Join(h.Try, ", or ") + "."
	}
	return text
}

// Parse reads the query language. It never fails: what it does not understand it
// searches as words, with a hint. Relative dates count from now.
//
//	deep learning              papers with these words, or most of many, the best first
//	"deep learning"            with the words one after another
//	+word                      with just this word
//	-survey  -"case study"     without
//	a AND b   a OR b   NOT c   with both, with one of both, without
//	a AND (b OR "c d")         parentheses say what belongs together
//	transform*                 with any word that begins so
//	author:"Yann LeCun"        names in any order and spelling, with initials: author:"lecun y"
//	title:  abs:               in the title, the abstract
//	org:mit                    of an organization, by its short or full name or words of it
//	title:(graph OR tree)      a field holds for all of a parenthesis
//	cat:cs.CL  cat:cs          in a category or an archive; cat:physics is all of physics
//	year:2024  year:2024..2025  year:2024..
//	after:2024-05-01  before:2024  after:30d    from then on; before then
//	has:code|project|comments|summary   -has:code
//	in:daily  -in:daily        was in an edition
//	votes:>10  votes:5..20
//	id:2401.01234  similar:2401.01234
//	sort:relevance|new|votes|trending
//
// AND binds closer than OR, and OR closer than words side by side: a b OR c is a and
// one of b and c. They are in capitals, as NOT is; in a text of capitals alone, such as
// an old title, AND and NOT are words. TeX is read as the text it stands for, and full-width
// marks as plain ones. Work and memory are bounded: what follows the first 256 words is
// left out.
func Parse(s string, now time.Time) (Query, []Hint) {
	p := parser{now: now}
	s = strings.ToValidUTF8(firstBytes(s, maxQuery), "")
	if strings.ContainsAny(s, `$\`) { // formulas have blanks that part nothing
		s = analysis.Plain(s)
	}
	p.read(halfWidth.Replace(s))
	p.take(p.sequence(place{}))
	p.finish()
	return p.query, p.hints
}

type parser struct {
	lexemes []lexeme
	at      int // the next of them
	depth   int // of parentheses
	now     time.Time
	query   Query
	words   []string // and phrases, as typed
	hints   []Hint
	unended bool
}

const (
	maxHints = 8
	maxQuery = 100_000 // bytes
)

func (p *parser) hint(part, format string, args ...any) {
	h := Hint{Part: firstBytes(part, 80), Text: fmt.Sprintf(format, args...)}
	same := func(other Hint) bool { return other.Part == h.Part && other.Text == h.Text }
	if len(p.hints) < maxHints && !slices.ContainsFunc(p.hints, same) {
		p.hints = append(p.hints, h)
	}
}

// read cuts a text into lexemes.
func (p *parser) read(s string) {
	l := lexer{rest: s}
	for len(p.lexemes) < maxLexemes {
		x, ok := l.next()
		if !ok {
			break
		}
		p.lexemes = append(p.lexemes, x)
	}
	if _, more := l.next(); more && len(p.lexemes) == maxLexemes {
		p.hint("", "Only the first %d words of the query were looked at.", maxLexemes)
	}
	p.unended = l.unended
	if shouted(p.lexemes) {
		p.lexemes = slices.DeleteFunc(p.lexemes, func(x lexeme) bool { return x.raw == "AND" || x.raw == "NOT" })
	}
}

// shouted reports whether a text is of several words in capitals alone, as old titles
// are: AND and NOT are no operators there.
func shouted(lexemes []lexeme) bool {
	const words = 5
	capitals := 0
	for _, x := range lexemes {
		if !x.word() && x.operator() == "" || strings.IndexFunc(x.raw, unicode.IsLower) >= 0 {
			return false
		}
		if strings.IndexFunc(x.raw, unicode.IsUpper) >= 0 {
			capitals++
		}
	}
	return capitals >= words
}

// peek is the next lexeme; nil at the end.
func (p *parser) peek() *lexeme {
	if p.at == len(p.lexemes) {
		return nil
	}
	return &p.lexemes[p.at]
}

// accept passes over an operator if it comes next.
func (p *parser) accept(operator string) bool {
	if x := p.peek(); x != nil && x.operator() == operator {
		p.at++
		return true
	}
	return false
}

// take takes in what the whole query asks for.
func (p *parser) take(parts []part) {
	q := &p.query
	for _, part := range parts {
		c := part.clause
		switch {
		case part.filter != nil:
			continue
		case part.not && c.AnyOf != nil:
			q.Not = append(q.Not, c.AnyOf...)
			continue
		case part.not:
			q.Not = append(q.Not, c)
			continue
		case c.word() && !part.must:
			q.Should = append(q.Should, c)
		default:
			q.Must = append(q.Must, c)
		}
		p.addText(c)
	}
}

// addText adds what a clause says in plain words.
func (p *parser) addText(c Clause) {
	for _, member := range slices.Concat(c.AnyOf, c.AllOf) {
		p.addText(member)
	}
	if c.Field == FieldAny && c.Text != "" {
		p.words = append(p.words, c.Text)
	}
}

// word reports whether a clause is one plain word.
func (c *Clause) word() bool {
	return c.Field == FieldAny && !c.Phrase && c.AnyOf == nil && c.AllOf == nil
}

// finish puts together what the engine needs of the words.
func (p *parser) finish() {
	if p.unended {
		p.hint(`"`, "A quotation mark is not closed, so what follows it was searched as words.")
	}
	q := &p.query
	q.Text = paper.CleanLine(strings.Join(p.words, " "))
	f := &q.Filters
	if f.From != 0 && f.Before != 0 && f.From >= f.Before {
		p.hint("", "No day is both after %s and before %s.", dateText(f.From), dateText(f.Before))
	}
	if f.MaxVotes > 0 && f.MinVotes > f.MaxVotes || f.MaxVotes < 0 && f.MinVotes > 0 {
		p.hint("", "No paper can have so many votes and so few.")
	}
	if q.Empty() {
		p.sayEmpty()
	}
}

// sayEmpty says why there is nothing to search for.
func (p *parser) sayEmpty() {
	switch {
	case len(p.hints) > 0 || len(p.lexemes) == 0:
	case len(p.words) == 0:
		p.hint(p.lexemes[0].raw, "AND, OR and NOT join words: there are none to search for.")
	case strings.ContainsFunc(p.query.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		p.hint(p.query.Text, "Nearly every paper has these words: add one that says what it is about.")
	default:
		p.hint(p.query.Text, "These are marks alone: write a word to search for.")
	}
}

// Empty reports whether a query asks for nothing: it has no condition, no filter and no
// order, and its words, if any, are in nearly every paper and no title.
func (q *Query) Empty() bool {
	if len(q.Must)+len(q.Not) > 0 || q.Sort != ByRelevance && len(q.Should) == 0 || len(q.Filters.Conditions()) > 0 {
		return false
	}
	var p Plan
	p.addStops(q.Should)
	return len(p.Words) == 0 && !slices.ContainsFunc(q.Should, func(c Clause) bool { return len(analysis.Tokens(c.Text)) > 0 })
}

// nearest is the name that was probably meant; "" when there is none. At least two
// letters of it must have been typed.
func nearest(s string, names []string) string {
	name := spelling.Nearest(s, names, 2)
	if name == "" || spelling.Nearest(s, []string{name}, len(name)-2) == "" {
		return ""
	}
	return name
}

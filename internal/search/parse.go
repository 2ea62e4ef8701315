package search

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/spelling"
)

// A Hint tells a reader what of a query was not understood, and what to do.
type Hint struct {
	Part string // of the query, as typed
	Text string // a sentence
}

// Parse reads the query language. It never fails: what it does not understand it
// searches as words, with a hint. Relative dates count from now.
//
//	deep learning              papers with any of the words, the best first
//	"deep learning"            with the words one after another
//	-survey  -"case study"     without
//	"a b" OR author:x          with one of both
//	author:"Yann LeCun"        names in any order, with initials: author:"lecun y"
//	title:  abs:  org:         in the title, the abstract, the organization's name
//	cat:cs.CL  cat:cs          in a category or an archive; cat:physics is all of physics
//	year:2024  year:2024..2025  year:2024..
//	after:2024-05-01  before:2024  after:30d    from then on; before then
//	has:code|project|comments|summary   -has:code
//	in:daily  -in:daily        was in an edition
//	votes:>10  votes:5..20
//	id:2401.01234  similar:2401.01234
//	sort:relevance|new|votes|trending
//
// OR binds two neighbors and is in capitals; AND and NOT may be written. TeX is read
// as the text it stands for. Work and memory are bounded: what follows the first 256
// words is left out.
func Parse(s string, now time.Time) (Query, []Hint) {
	p := parser{now: now}
	s = strings.ToValidUTF8(firstBytes(s, maxQuery), "")
	if strings.ContainsAny(s, `$\`) { // formulas have blanks that part nothing
		s = analysis.Plain(s)
	}
	p.lexer.rest = s
	p.groups()
	p.finish()
	return p.query, p.hints
}

type parser struct {
	lexer lexer
	now   time.Time
	query Query
	words []string // and phrases, as typed
	hints []Hint
}

const (
	maxHints = 8
	maxQuery = 100_000 // bytes
)

func (p *parser) hint(part, format string, args ...any) {
	if len(p.hints) < maxHints {
		p.hints = append(p.hints, Hint{Part: firstBytes(part, 80), Text: fmt.Sprintf(format, args...)})
	}
}

// groups reads lexemes and puts together what OR joins.
func (p *parser) groups() {
	var group []lexeme
	joined, minus := false, false
	for n := 0; ; n++ {
		x, ok := p.lexer.next()
		if ok && n == maxLexemes {
			p.hint("", "Only the first %d words of the query were looked at.", maxLexemes)
			break
		}
		if !ok {
			break
		}
		switch bare := !x.quoted && !x.minus; {
		case bare && (x.raw == "OR" || x.raw == "|"):
			joined = len(group) > 0
			continue
		case bare && x.raw == "AND":
			continue
		case bare && x.raw == "NOT":
			minus = true
			continue
		}
		x.minus, minus = x.minus || minus, false
		if !joined {
			p.group(group)
			group = nil
		}
		group, joined = append(group, x), false
	}
	p.group(group)
}

// group takes in lexemes that OR joins, or a single one.
func (p *parser) group(group []lexeme) {
	var choice []Clause
	plain, filters := true, false // plain: words only
	before := len(p.query.Filters.Categories)
	for _, x := range group {
		c, ok := p.clause(x, len(group) > 1)
		if !ok {
			filters = true
			continue
		}
		if x.minus {
			p.query.Not = append(p.query.Not, c)
			continue
		}
		plain = plain && c.Field == FieldAny && !c.Phrase
		choice = append(choice, c)
	}
	p.joinCategories(before)
	if filters && len(choice) > 0 {
		p.hint(group[0].raw, "OR does not join filters with words: the filters have to hold in any case.")
	}
	switch {
	case plain:
		p.query.Should = append(p.query.Should, choice...)
	case len(choice) == 1:
		p.query.Must = append(p.query.Must, choice[0])
	default:
		p.query.Must = append(p.query.Must, Clause{AnyOf: choice})
	}
	for _, c := range choice {
		if c.Field == FieldAny {
			p.words = append(p.words, c.Text)
		}
	}
}

// clause reads what a lexeme asks of texts; false when it was a filter, or nothing.
func (p *parser) clause(x lexeme, joined bool) (Clause, bool) {
	if x.field == "" {
		return Clause{Text: x.value, Phrase: x.quoted}, true
	}
	if f, ok := textFields[x.field]; ok {
		value := trimValue(x.value)
		return Clause{Field: f, Text: value, Phrase: strings.Contains(value, " ")}, value != ""
	}
	read, known := filters[x.field]
	if !known {
		p.unknownField(x)
		return Clause{Text: x.raw, Phrase: x.quoted}, true
	}
	if x.minus && !negatable[x.field] {
		p.hint(x.raw, "%s: cannot be left out with a minus; it was passed over.", x.field)
		return Clause{}, false
	}
	if joined && !joinable[x.field] {
		p.hint(x.raw, "OR joins words, phrases, author:, title:, abs:, org:, cat: and id:; %s: has to hold in any case.", x.field)
	}
	if problem := read(p, x); problem != "" {
		p.hint(x.raw, "%s It was searched as words.", problem)
		return Clause{Text: x.raw, Phrase: x.quoted}, true
	}
	return Clause{}, false
}

// textFields are the fields of texts, with their other names.
var textFields = map[string]Field{
	"author": FieldAuthor, "authors": FieldAuthor, "by": FieldAuthor, "au": FieldAuthor,
	"title": FieldTitle, "ti": FieldTitle,
	"abs": FieldAbstract, "abstract": FieldAbstract,
	"org": FieldOrganization, "organization": FieldOrganization,
}

// trimValue takes off what stands around a value and is not part of it.
func trimValue(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == ' ' || r == '(' || r == ')' || r == ',' || r == ';' || r == '-' || isQuote(r)
	})
}

func isField(name string) bool {
	name = strings.ToLower(name)
	_, text := textFields[name]
	_, filter := filters[name]
	return text || filter
}

// unknownField gives a hint where a name before a colon resembles a field, or
// looks like one.
func (p *parser) unknownField(x lexeme) {
	if x.field == "http" || x.field == "https" {
		return
	}
	if near := nearest(x.field, mainFields); near != "" {
		p.hint(x.raw, "There is no field %s:. Did you mean %s:? It was searched as words.", x.field, near)
		return
	}
	p.hint(x.raw, "There is no field %s:, so it was searched as words. The fields are %s.", x.field, strings.Join(mainFields, ":, ")+":")
}

var mainFields = []string{"author", "title", "abs", "org", "cat", "year", "after", "before", "has", "in", "votes", "id", "similar", "sort"}

// finish puts together what the engine needs of the words.
func (p *parser) finish() {
	if p.lexer.open {
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

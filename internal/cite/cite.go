// Package cite writes a paper's citation for reference managers: [BibTeX],
// [RIS] and [CSL] (CSL-JSON).
//
// All three say the same of a paper, and only what is known: a date to its own
// precision, no field without a value. What is cited is the work as it is read
// here, the preprint for an arXiv paper, together with the DOI of the published
// article where there is one.
//
// Callers need not prepare anything: titles and names may hold TeX, unbalanced
// braces or several lines. Every result is one whole record. Authors that are
// hidden are left out.
//
// The package does not tell articles from books or talks, as the catalog does
// not know, and does not take a journal reference apart.
package cite

import (
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
)

// Key is the key of a paper's citation, "sortino2023transformer": the first
// author's family name, the year and the first telling word of the title, in
// lower-case ASCII. It falls back to the identifier where none of them is known.
func Key(p paper.Paper) string {
	key := ""
	if names := authors(p); len(names) > 0 {
		key = keyPart(names[0].particle + names[0].family)
	}
	if year := yearOf(p); year != "" {
		key += year
	}
	key += keyPart(tellingWord(tex.Text(p.Title)))
	if key == "" {
		return keyPart(string(p.ID))
	}
	return key
}

// keyPart keeps what every BibTeX program takes in a key.
func keyPart(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, paper.Slug(s))
}

// fillers are words that say nothing about a paper when its title begins with
// them, and that stand in lower case in any title.
var fillers = map[string]bool{
	"a": true, "about": true, "across": true, "against": true, "all": true, "among": true,
	"an": true, "and": true, "are": true, "as": true, "at": true, "be": true, "between": true,
	"beyond": true, "by": true, "can": true, "do": true, "does": true, "for": true, "from": true,
	"how": true, "in": true, "into": true, "is": true, "it": true, "its": true, "not": true,
	"of": true, "on": true, "or": true, "over": true, "some": true, "that": true, "the": true,
	"their": true, "this": true, "through": true, "to": true, "toward": true, "towards": true,
	"under": true, "using": true, "via": true, "what": true, "when": true, "where": true,
	"which": true, "why": true, "with": true, "within": true, "without": true, "you": true,
	"your": true,
}

// tellingWord is the first word of a title that is in ASCII once folded and no filler.
func tellingWord(title string) string {
	words := strings.FieldsFunc(title, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	for _, word := range words {
		if word = keyPart(word); word != "" && !fillers[word] {
			return word
		}
	}
	return ""
}

// issued is when the paper came out: for an arXiv paper without a date, the
// month in its identifier.
func issued(p paper.Paper) paper.Date {
	date := p.Published
	if date.IsZero() {
		date = p.ID.Month()
	}
	date.Time = date.Time.UTC()
	return date
}

// yearOf is the year in four digits, "" when it is not known.
func yearOf(p paper.Paper) string {
	if date := issued(p); !date.IsZero() {
		return date.Time.Format("2006")
	}
	return ""
}

// monthOf is the month, 0 when it is not known.
func monthOf(p paper.Paper) time.Month {
	if date := issued(p); date.Precision >= paper.PrecisionMonth {
		return date.Time.Month()
	}
	return 0
}

// doiOf is the DOI of the published article, else the paper's own. Some sources
// give several with blanks between; the first one stands for the paper.
func doiOf(p paper.Paper) string {
	for _, doi := range strings.Fields(p.DOI) {
		doi = strings.TrimSuffix(doi, ",")
		if _, err := paper.ParseID(doi); err == nil && strings.HasPrefix(doi, "10.") {
			return doi
		}
	}
	if p.ID.IsArXiv() || p.ID.IsDOI() {
		return p.ID.DOI()
	}
	return ""
}

// plain is a text without TeX, on one line.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, tex.Text(s))
	return paper.CleanLine(s)
}

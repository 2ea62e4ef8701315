package feed

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/cite"
	"broadsheet/internal/paper"
)

// writeMarkdown writes the list for people and agents. What moves stays out of a
// closed edition.
func writeMarkdown(p *page) ([]byte, error) {
	return markdown.ListPage(p.List, p.Base, markdown.Options{Counts: p.List.State != catalog.Closed})
}

func writeBibTeX(p *page) ([]byte, error) { return cited(p, cite.BibTeX, "@misc{%s,"), nil }

func writeRIS(p *page) ([]byte, error) { return cited(p, cite.RIS, "ID  - %s\r\n"), nil }

// cited writes a record for each paper. In one file no two may have the same key, so
// those of papers that would are made longer by their identifiers; place is where a
// record has its key.
func cited(p *page, write func(paper.Paper) string, place string) []byte {
	count := map[string]int{}
	for i := range p.Entries {
		count[cite.Key(*p.Entries[i].Paper)]++
	}
	var b bytes.Buffer
	for i := range p.Entries {
		one := *p.Entries[i].Paper
		record, key := write(one), cite.Key(one)
		if count[key] > 1 {
			record = strings.Replace(record, fmt.Sprintf(place, key), fmt.Sprintf(place, longerKey(key, one.ID)), 1)
		}
		b.WriteString(record)
	}
	return b.Bytes()
}

// longerKey is a key with the paper's identifier: a hyphen stands in no other key.
func longerKey(key string, id paper.ID) string {
	return key + "-" + strings.ToLower(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, string(id)))
}

// columns are the head of a table of papers.
var columns = []string{"id", "title", "authors", "organization", "published", "edition", "categories", "keywords",
	"url", "source", "pdf", "code", "project", "doi", "abstract"}

// writeCSV writes a table as RFC 4180 has it, in the list's order. Several values in
// one field stand apart by "; ".
func writeCSV(p *page) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(columns); err != nil {
		return nil, fmt.Errorf("as CSV: %w", err)
	}
	for i := range p.Entries {
		if err := w.Write(row(&p.Entries[i])); err != nil {
			return nil, fmt.Errorf("as CSV: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func row(e *entry) []string {
	p := e.Paper
	organization, several := "", func(texts []string) string { return strings.Join(texts, "; ") }
	if p.Organization != nil {
		organization = cmp.Or(p.Organization.FullName, p.Organization.Name)
	}
	fields := []string{string(p.ID), e.Title, several(e.Authors), organization, p.Published.String(), string(e.Edition),
		several(e.Categories), several(e.Keywords), e.URL, p.ID.AbsURL(0), p.ID.PDFURL(0),
		several(e.linked("Code")), several(e.linked("Project page")), p.DOI, e.Text}
	for i := range fields {
		fields[i] = harmless(line(fields[i]))
	}
	return fields
}

// linked are the addresses of the links of one kind.
func (e *entry) linked(text string) []string {
	var out []string
	for _, l := range e.Links {
		if l.Text == text {
			out = append(out, l.URL)
		}
	}
	return out
}

// harmless puts an apostrophe before what a spreadsheet would take for a formula and
// run: titles are written by strangers. A program that reads the table takes it off.
func harmless(field string) string {
	if first, _ := utf8.DecodeRuneInString(field); field != "" && strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + field
	}
	return field
}

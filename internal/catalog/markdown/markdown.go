// Package markdown writes papers and lists of them as Markdown, for people who read in
// a terminal or a note, and for agents.
//
// Start with [Paper] and [ListPage]. Each document begins with front matter in YAML, which
// programs read, and says the same again in words, links and headings.
//
// Addresses are absolute: base is the scheme and host of the site, without a slash at
// its end; of a site that has none ("") no page is named. Nothing in a title or an abstract is read as a mark of Markdown, and no link
// leads anywhere but to the web. Formulas are plain text, as package tex has it.
package markdown

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// front is what stands before a paper's text, as YAML.
type front struct {
	Title        string   `yaml:"title"`
	ID           string   `yaml:"id"`
	URL          string   `yaml:"url,omitempty"`
	Source       string   `yaml:"source"`
	PDF          string   `yaml:"pdf,omitempty"`
	Authors      []string `yaml:"authors,omitempty"`
	Organization string   `yaml:"organization,omitempty"`
	Published    string   `yaml:"published,omitempty"`
	Edition      string   `yaml:"edition,omitempty"`
	Rank         int      `yaml:"rank,omitempty"`
	Categories   []string `yaml:"categories,omitempty"`
	Keywords     []string `yaml:"keywords,omitempty"`
	Votes        int      `yaml:"votes"`
	Comments     int      `yaml:"comments"`
	Code         []string `yaml:"code,omitempty"`
	Project      []string `yaml:"project,omitempty"`
	DOI          string   `yaml:"doi,omitempty"`
	Withdrawn    string   `yaml:"withdrawn,omitempty"`
}

// Paper is all of a paper: what is known about it as front matter, its links, its
// summary and its abstract.
func Paper(s *catalog.PaperDetail, base string) ([]byte, error) {
	p := &s.Paper
	var b bytes.Buffer
	if err := writeFront(&b, frontOf(s, base)); err != nil {
		return nil, fmt.Errorf("markdown: paper %s: %w", p.ID, err)
	}
	fmt.Fprintf(&b, "\n# %s\n", Escape(title(p)))
	if by := byline(p); by != "" {
		fmt.Fprintf(&b, "\n%s\n", paragraph(by))
	}
	if !p.Withdrawn.IsZero() {
		fmt.Fprintf(&b, "\n**Withdrawn on %s.**\n", p.Withdrawn.UTC().Format("2 January 2006"))
	}
	writeLinks(&b, s, base)
	if p.Summary != "" {
		fmt.Fprintf(&b, "\n## Summary\n\n%s\n", paragraph(tex.Text(p.Summary)))
	}
	if p.Abstract != "" {
		fmt.Fprintf(&b, "\n## Abstract\n\n%s\n", paragraph(tex.Text(p.Abstract)))
	}
	return b.Bytes(), nil
}

// writeFront writes front matter.
func writeFront(b *bytes.Buffer, front any) error {
	head, err := yaml.Marshal(front)
	if err != nil {
		return fmt.Errorf("front matter: %w", err)
	}
	fmt.Fprintf(b, "---\n%s---\n", head)
	return nil
}

func frontOf(s *catalog.PaperDetail, base string) front {
	p := &s.Paper
	f := front{
		Title: title(p), ID: string(p.ID), URL: page(base, urls.Paper(p.ID)), Source: p.ID.AbsURL(0), PDF: p.ID.PDFURL(0),
		Authors: Authors(p), Organization: organization(p), Published: p.Published.String(), Categories: p.Categories,
		Keywords: p.Keywords, Votes: p.Votes, Comments: p.Comments, Rank: s.Rank, DOI: p.DOI,
	}
	if len(s.Submissions) > 0 {
		f.Edition = string(s.Submissions[0].Day)
	}
	if !p.Withdrawn.IsZero() {
		f.Withdrawn = p.Withdrawn.UTC().Format("2006-01-02")
	}
	for _, l := range p.Links {
		switch {
		case !onTheWeb(l.URL):
		case l.Kind == paper.LinkCode:
			f.Code = append(f.Code, l.URL)
		case l.Kind == paper.LinkProject:
			f.Project = append(f.Project, l.URL)
		}
	}
	return f
}

// page is the address of a page of the site; "" where the site has none.
func page(base, path string) string {
	if base == "" {
		return ""
	}
	return base + path
}

// title is the paper's title as text; where it has none, its identifier.
func title(p *paper.Paper) string { return cmp.Or(tex.Text(p.Title), string(p.ID)) }

// organization is who stands behind the paper, as people read it; "" when nobody does.
func organization(p *paper.Paper) string {
	if p.Organization == nil {
		return ""
	}
	return cmp.Or(p.Organization.FullName, p.Organization.Name)
}

// Authors are the names on a paper that may be shown.
func Authors(p *paper.Paper) []string {
	var names []string
	for _, a := range p.Authors {
		if !a.Hidden && a.Name != "" {
			names = append(names, tex.Text(a.Name))
		}
	}
	return names
}

// byline says who wrote the paper, where and when.
func byline(p *paper.Paper) string {
	parts := []string{strings.Join(Authors(p), ", "), organization(p), published(p.Published)}
	return join(" · ", parts...)
}

// published is a date as people read it, as far as it is known; "" when nothing is.
func published(d paper.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Precision == paper.PrecisionMonth:
		return d.Time.UTC().Format("January 2006")
	}
	return d.Time.UTC().Format("2 January 2006")
}

// join puts sep between the texts that are not empty.
func join(sep string, texts ...string) string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, sep)
}

// writeLinks writes where the paper can be read, and what belongs to it.
func writeLinks(b *bytes.Buffer, s *catalog.PaperDetail, base string) {
	p := &s.Paper
	b.WriteString("\n")
	if base != "" {
		fmt.Fprintf(b, "- %s\n", Link("This page", page(base, urls.Paper(p.ID))))
	}
	for _, l := range elsewhere(p) {
		fmt.Fprintf(b, "- %s\n", l)
	}
	if len(s.Submissions) == 0 || base == "" {
		return
	}
	day := s.Submissions[0].Day.Period()
	place := ""
	if s.Rank > 0 {
		place = fmt.Sprintf(": number %d of %d", s.Rank, s.Of)
	}
	fmt.Fprintf(b, "- %s%s\n", Link("Edition of "+day.Title(), page(base, urls.Edition(day))), place)
}

// elsewhere links to the paper at its source, and to its code and project pages.
func elsewhere(p *paper.Paper) []string {
	var out []string
	add := func(text, address string) {
		if onTheWeb(address) {
			out = append(out, Link(text, address))
		}
	}
	if p.ID.IsArXiv() {
		add("arXiv", p.ID.AbsURL(0))
		add("PDF", p.ID.PDFURL(0))
	} else {
		add("Publisher", p.ID.AbsURL(0))
	}
	for _, l := range p.Links {
		switch l.Kind {
		case paper.LinkCode:
			add("Code", l.URL)
		case paper.LinkProject:
			add("Project page", l.URL)
		}
	}
	return out
}

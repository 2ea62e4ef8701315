// Package markdown writes papers and lists of them as Markdown, for people who read in
// a terminal or a note, and for agents.
//
// Start with [Paper]. Addresses are absolute: base is the scheme and host of the site.
// Formulas are plain text, as package tex has it.
package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/paper/tex"
)

// front is what stands before a paper's text, as YAML.
type front struct {
	Title        string   `yaml:"title"`
	ID           string   `yaml:"id"`
	URL          string   `yaml:"url"`
	Source       string   `yaml:"source"`
	PDF          string   `yaml:"pdf,omitempty"`
	Authors      []string `yaml:"authors,omitempty"`
	Organization string   `yaml:"organization,omitempty"`
	Published    string   `yaml:"published,omitempty"`
	Edition      string   `yaml:"edition,omitempty"`
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
func Paper(s *catalog.Sheet, base string) ([]byte, error) {
	p := &s.Paper
	head, err := yaml.Marshal(frontOf(s, base))
	if err != nil {
		return nil, fmt.Errorf("markdown: paper %s: %w", p.ID, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "---\n%s---\n\n# %s\n", head, escape(tex.Text(p.Title)))
	writeLinks(&b, s, base)
	if p.Summary != "" {
		fmt.Fprintf(&b, "\n## Summary\n\n%s\n", escape(p.Summary))
	}
	if p.Abstract != "" {
		fmt.Fprintf(&b, "\n## Abstract\n\n%s\n", escape(tex.Text(p.Abstract)))
	}
	return b.Bytes(), nil
}

func frontOf(s *catalog.Sheet, base string) front {
	p := &s.Paper
	f := front{
		Title: tex.Text(p.Title), ID: string(p.ID), URL: base + p.ID.Path(), Source: p.ID.AbsURL(0), PDF: p.ID.PDFURL(0),
		Authors: Authors(p), Published: p.Published.String(), Categories: p.Categories, Keywords: p.Keywords,
		Votes: p.Votes, Comments: p.Comments, DOI: p.DOI,
	}
	if p.Published.IsZero() {
		f.Published = ""
	}
	if p.Organization != nil {
		f.Organization = p.Organization.FullName
	}
	if len(s.Submissions) > 0 {
		f.Edition = string(s.Submissions[0].Day)
	}
	if !p.Withdrawn.IsZero() {
		f.Withdrawn = p.Withdrawn.UTC().Format("2006-01-02")
	}
	for _, l := range p.Links {
		switch l.Kind {
		case paper.LinkCode:
			f.Code = append(f.Code, l.URL)
		case paper.LinkProject:
			f.Project = append(f.Project, l.URL)
		}
	}
	return f
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

// writeLinks writes where the paper can be read, and what belongs to it.
func writeLinks(b *bytes.Buffer, s *catalog.Sheet, base string) {
	p := &s.Paper
	b.WriteString("\n")
	link := func(text, address string) {
		if address != "" {
			fmt.Fprintf(b, "- [%s](<%s>)\n", text, address)
		}
	}
	link("This page", base+p.ID.Path())
	link("Paper", p.ID.AbsURL(0))
	link("PDF", p.ID.PDFURL(0))
	for _, l := range p.Links {
		switch l.Kind {
		case paper.LinkCode:
			link("Code", l.URL)
		case paper.LinkProject:
			link("Project page", l.URL)
		}
	}
	if len(s.Submissions) > 0 {
		day := s.Submissions[0].Day.Period()
		link("Edition of "+day.Title(), base+day.Path())
	}
}

// escape keeps text from being read as Markdown's marks.
func escape(text string) string { return marks.Replace(text) }

var marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "#", `\#`)

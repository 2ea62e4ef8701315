package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	texttemplate "text/template"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// Examples are whole programs, kept as files so that editors and tests know them for
// what they are. In place of these words pages have the site's own.
//
//go:embed examples
var exampleFiles embed.FS

const (
	exampleSite  = "https://papers.example"
	examplePaper = "2401.01234"
	exampleDay   = "2026-05-27"
	exampleWeek  = "2026-W22"
)

// languages are what examples are written in, by the ending of their files.
var languages = map[string]string{".sh": "bash", ".py": "python", ".mjs": "javascript", ".json": "json"}

// developersPage tells people how to write programs for the site.
type developersPage struct {
	head
	Base     string
	Paper    string // the paper of the examples
	API      bool   // there is a page about the API
	PageData bool   // list pages have data in them
	Limit    string // "6,000"; "" where nobody counts
	Forms    []feed
	examples map[string]string
}

// sample is a program as pages show it.
type sample struct{ Name, Language, Code string }

// Example is the sample of a name; a template that asks for one that is not there is
// wrong.
func (p *developersPage) Example(name string) (sample, error) {
	code, ok := p.examples[name]
	if !ok {
		return sample{}, fmt.Errorf("web: no example %q", name)
	}
	ext := path.Ext(name)
	return sample{strings.TrimSuffix(name, ext), languages[ext], code}, nil
}

// developers is /developers.
func (s *site) developers(r *request) (*httpserver.Response, error) {
	words, id, err := s.ownWords(r)
	if err != nil {
		return nil, err
	}
	p := &developersPage{
		head: s.head("For programs", urls.Developers), Base: r.Base, Paper: string(id), API: s.api != nil, PageData: s.PageData != nil, Forms: listForms,
	}
	if s.APILimit > 0 {
		p.Limit = number(s.APILimit)
	}
	p.Description = "How programs read " + s.SiteName + ": the API, feeds of every list, Markdown and tools for agents, with examples."
	if p.examples, err = examples(words); err != nil {
		return nil, err
	}
	return s.render("developers", p)
}

// examples are all of them, by the names of their files.
func examples(words *strings.Replacer) (map[string]string, error) {
	files, err := exampleFiles.ReadDir("examples")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, f := range files {
		text, err := exampleFiles.ReadFile("examples/" + f.Name())
		if err != nil {
			return nil, err
		}
		out[f.Name()] = words.Replace(strings.TrimSpace(string(text)))
	}
	return out, nil
}

// ownWords puts this site's address, newest edition and first paper in place of those
// in examples, so that they work as they stand.
func (s *site) ownWords(r *request) (*strings.Replacer, paper.ID, error) {
	pairs := []string{exampleSite, r.Base}
	id := paper.ID(examplePaper)
	day, err := s.Catalog.Latest(r.Context())
	switch {
	case errors.Is(err, paper.ErrNotFound):
		list, err := s.Catalog.New(r.Context(), "", 1)
		if err != nil {
			return nil, "", err
		}
		id = firstOf(list.Entries)
	case err != nil:
		return nil, "", err
	default:
		e, err := s.Catalog.Edition(r.Context(), day.Period(), "", 1)
		if err != nil {
			return nil, "", err
		}
		id = firstOf(e.Entries)
		pairs = append(pairs, exampleDay, string(day), exampleWeek, string(day.Week()))
	}
	return strings.NewReplacer(append(pairs, examplePaper, string(id))...), id, nil
}

func firstOf(entries []catalog.Entry) paper.ID {
	if len(entries) == 0 {
		return examplePaper
	}
	return entries[0].Paper.ID
}

// llmsText is /llms.txt, in the form of llmstxt.org.
var llmsText = texttemplate.Must(texttemplate.ParseFS(templateFiles, "templates/llms.txt"))

// llms is /llms.txt: what the site is, and where agents find what.
func (s *site) llms(r *request) (*httpserver.Response, error) {
	_, id, err := s.ownWords(r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = llmsText.Execute(&b, struct {
		Site, Base string
		Paper      paper.ID
		API        bool
		Forms      []feed
	}{s.SiteName, r.Base, id, s.api != nil, slices.Clone(listForms)})
	if err != nil {
		return nil, fmt.Errorf("web: llms.txt: %w", err)
	}
	return &httpserver.Response{Kind: "text/plain; charset=utf-8", Body: b.Bytes(), MaxAge: time.Minute}, nil
}

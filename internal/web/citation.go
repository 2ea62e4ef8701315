package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"

	"broadsheet/internal/cite"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// citation is a form in which a paper can be cited.
type citation struct {
	ending string
	label  string
	kind   string
	write  func(paper.Paper) ([]byte, error)
}

// citationForms lists the forms; the ending stands behind the paper's address.
var citationForms = []citation{
	{".bib", "BibTeX", "application/x-bibtex; charset=utf-8", text(cite.BibTeX)},
	{".ris", "RIS", "application/x-research-info-systems; charset=utf-8", text(cite.RIS)},
	{".csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", cite.CSL},
}

// text makes a citation of words one of bytes.
func text(write func(paper.Paper) string) func(paper.Paper) ([]byte, error) {
	return func(p paper.Paper) ([]byte, error) { return []byte(write(p)), nil }
}

// citationOf tells a paper's id from the form of citation asked for; nil is none.
func citationOf(given string) (*citation, string) {
	for i, c := range citationForms {
		if bare, ok := strings.CutSuffix(given, c.ending); ok {
			return &citationForms[i], bare
		}
	}
	return nil, given
}

// citations are the downloads of a paper.
func citations(id paper.ID) []link {
	var out []link
	for _, c := range citationForms {
		out = append(out, link{urls.Paper(id) + c.ending, c.label})
	}
	return out
}

func (c *citation) answer(p *paper.Paper) (*httpserver.Response, error) {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:;<>()"`, r) || r < ' ' || r > '~' {
			return '-'
		}
		return r
	}, string(p.ID))
	body, err := c.write(*p)
	if err != nil {
		return nil, fmt.Errorf("web: %s of %s: %w", c.label, p.ID, err)
	}
	return &httpserver.Response{Kind: c.kind, Filename: name + c.ending, Body: body, MaxAge: time.Minute}, nil
}

// scholarMeta are the <meta> elements by which reference managers and Scholar know
// a paper.
func scholarMeta(p *paper.Paper, title string, authors []link) []meta {
	var out []meta
	add := func(name, content string) { out = append(out, meta{"citation_" + name, content}) }
	add("title", title)
	for _, a := range authors {
		add("author", a.Text)
	}
	if d := p.Published; !d.IsZero() {
		add("publication_date", strings.ReplaceAll(publishedOn(d), "-", "/"))
	}
	if p.ID.IsArXiv() {
		add("arxiv_id", string(p.ID))
		add("pdf_url", p.ID.PDFURL(0))
	}
	if doi := ownDOI(p); doi != "" {
		add("doi", doi)
	}
	if p.JournalRef != "" {
		add("journal_title", tex.Text(p.JournalRef))
	}
	return out
}

// publishedOn is a date without its time.
func publishedOn(d paper.Date) string {
	if d.Precision == paper.PrecisionMonth {
		return d.String()
	}
	return isoDay(d.Time)
}

// ownDOI is the DOI of the published article, else the paper's own.
func ownDOI(p *paper.Paper) string {
	if p.DOI != "" {
		return p.DOI
	}
	return p.ID.DOI()
}

// scholarly is a paper in the words of schema.org.
type scholarly struct {
	Context    string      `json:"@context"`
	Type       string      `json:"@type"`
	Name       string      `json:"name"`
	Headline   string      `json:"headline"`
	Authors    []thing     `json:"author,omitempty"`
	Published  string      `json:"datePublished,omitempty"`
	Modified   string      `json:"dateModified,omitempty"`
	Abstract   string      `json:"abstract,omitempty"`
	Keywords   []string    `json:"keywords,omitempty"`
	Identifier []thingName `json:"identifier,omitempty"`
	URL        string      `json:"url"`
	SameAs     string      `json:"sameAs,omitempty"`
	License    string      `json:"license,omitempty"`
	Publisher  *thing      `json:"sourceOrganization,omitempty"`
}

type thing struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type thingName struct {
	Type  string `json:"@type"`
	Name  string `json:"propertyID"`
	Value string `json:"value"`
}

// scholarData is the paper as JSON-LD. The abstract stands in the page already,
// so that the description is its beginning.
func (s *site) scholarData(p *paper.Paper, title string, authors []link) template.JS {
	d := scholarly{
		Context: "https://schema.org", Type: "ScholarlyArticle", Name: title, Headline: brief(title),
		Abstract: brief(blurb(p)), Keywords: p.Keywords, URL: s.BaseURL + urls.Paper(p.ID), SameAs: p.ID.AbsURL(0),
		License: webAddress(p.License), Identifier: []thingName{{"PropertyValue", "DOI", ownDOI(p)}},
	}
	for _, a := range authors {
		d.Authors = append(d.Authors, thing{"Person", a.Text})
	}
	if !p.Published.IsZero() {
		d.Published = publishedOn(p.Published)
	}
	if !p.Updated.IsZero() {
		d.Modified = isoDay(p.Updated)
	}
	if o := organization(p.Organization); o != nil {
		d.Publisher = &thing{"Organization", o.Text}
	}
	text, err := json.Marshal(d) // which escapes <, > and &
	if err != nil {
		return ""
	}
	return template.JS(text)
}

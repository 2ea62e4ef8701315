package feed

import (
	"encoding/xml"
	"strings"
	"time"
)

type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language  string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle"`
	Updated   string      `xml:"updated"`
	Links     []xmlLink   `xml:"link"`
	Author    atomPerson  `xml:"author"` // of entries that have none
	Generator string      `xml:"generator"`
	Entries   []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Links      []xmlLink      `xml:"link"`
	Published  string         `xml:"published,omitempty"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// writeAtom writes Atom 1.0.
func writeAtom(p *page) ([]byte, error) {
	f := atomFeed{
		Language: "en", ID: p.Self, Title: p.Heading(), Subtitle: p.Text, Updated: atomTime(p.Updated),
		Links:  []xmlLink{{Href: p.Self, Rel: "self", Type: bareType(p.Kind)}, {Href: p.Home, Rel: "alternate", Type: "text/html"}},
		Author: atomPerson{p.Site, p.Base + "/"}, Generator: generator,
	}
	for i := range p.Entries {
		f.Entries = append(f.Entries, atomEntryOf(&p.Entries[i]))
	}
	return writeXML(f)
}

func atomEntryOf(e *entry) atomEntry {
	out := atomEntry{
		ID: e.ID, Title: e.Title, Links: []xmlLink{{Href: e.URL, Rel: "alternate", Type: "text/html"}},
		Updated: atomTime(e.Updated), Summary: e.Text, Content: atomContent{"html", e.HTML},
	}
	if !e.Published.IsZero() {
		out.Published = atomTime(e.Published)
	}
	for _, l := range e.Links {
		out.Links = append(out.Links, xmlLink{Href: l.URL, Rel: "related", Title: l.Text})
	}
	for _, name := range e.Authors {
		out.Authors = append(out.Authors, atomPerson{Name: name})
	}
	for _, c := range e.Categories {
		out.Categories = append(out.Categories, atomCategory{c, arXivScheme})
	}
	for _, k := range e.Keywords {
		out.Categories = append(out.Categories, atomCategory{Term: k})
	}
	return out
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// bareType is a media type without its parameters.
func bareType(kind string) string {
	bare, _, _ := strings.Cut(kind, ";")
	return bare
}

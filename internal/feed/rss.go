package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"
)

// RSS and Atom are written from shapes of our own: the feed writers there are for Go
// give a feed a single link, an entry a single category and author, and RSS no place
// for atom:link and dc:creator, which validators ask for and readers show.

// arXivScheme names arXiv's categories, as its own feeds do.
const arXivScheme = "http://arxiv.org/schemas/atom"

// generator is the program's name, whatever the site is called.
const generator = "Broadsheet"

type rssDocument struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Self        xmlLink   `xml:"atom:link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate"`
	Generator   string    `xml:"generator"`
	Docs        string    `xml:"docs"`
	TTL         int       `xml:"ttl"` // minutes
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string        `xml:"title"`
	Link        string        `xml:"link"`
	GUID        rssGUID       `xml:"guid"`
	Published   string        `xml:"pubDate,omitempty"`
	Creators    []string      `xml:"dc:creator"`
	Categories  []rssCategory `xml:"category"`
	Description string        `xml:"description"` // HTML
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Name   string `xml:",chardata"`
}

// xmlLink is a link of Atom, which RSS borrows.
type xmlLink struct {
	Href  string `xml:"href,attr"`
	Rel   string `xml:"rel,attr"`
	Type  string `xml:"type,attr,omitempty"`
	Title string `xml:"title,attr,omitempty"`
}

// writeRSS writes RSS 2.0.
func writeRSS(p *page) ([]byte, error) {
	c := rssChannel{
		Title: p.Heading(), Link: p.Home, Self: xmlLink{Href: p.Self, Rel: "self", Type: bareType(p.Kind)}, Description: p.Text,
		Language: "en", Built: rssTime(p.Updated), Generator: generator, Docs: "https://www.rssboard.org/rss-specification",
		TTL: int(p.AskAgain().Minutes()),
	}
	for i := range p.Entries {
		c.Items = append(c.Items, rssItemOf(&p.Entries[i]))
	}
	return writeXML(rssDocument{
		Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/", Channel: c,
	})
}

func rssItemOf(e *entry) rssItem {
	item := rssItem{Title: e.Title, Link: e.URL, GUID: rssGUID{ID: e.ID}, Creators: e.Authors, Description: e.HTML}
	if !e.Published.IsZero() {
		item.Published = rssTime(e.Published)
	}
	for _, c := range e.Categories {
		item.Categories = append(item.Categories, rssCategory{arXivScheme, c})
	}
	for _, k := range e.Keywords {
		item.Categories = append(item.Categories, rssCategory{Name: k})
	}
	return item
}

// rssTime is a time by RFC 822, with the year in four digits.
func rssTime(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }

// writeXML writes a document with its declaration.
func writeXML(document any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(document); err != nil {
		return nil, fmt.Errorf("as XML: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

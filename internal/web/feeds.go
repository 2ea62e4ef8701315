package web

import (
	"html/template"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A feed is a list in a form for programs.
type feed struct{ Path, Label, Kind string }

// listForms are the forms that each list has, by the ending behind its path. What
// subscribes itself stands first.
var listForms = []feed{
	{".rss", "RSS", "application/rss+xml"},
	{".atom", "Atom", "application/atom+xml"},
	{".json", "JSON Feed", "application/feed+json"},
	{".ics", "iCalendar", "text/calendar"},
	{".md", "Markdown", "text/markdown"},
	{".bib", "BibTeX", "application/x-bibtex"},
	{".ris", "RIS", "application/x-research-info-systems"},
	{".csv", "CSV", "text/csv"},
}

// subscribed is how many of listForms browsers and feed readers look for in a page.
const subscribed = 3

// calendarForms is how many of listForms an archive has: it lists editions.
const calendarForms = 4

// offerFeeds adds to the page of a list its feeds: for programs in the head, for people in
// a menu. about says what the list is.
func (h *head) offerFeeds(ref urls.List, about string) {
	forms := listForms
	if ref.Kind == urls.KindArchive {
		forms = forms[:calendarForms]
	}
	h.Feeds = make([]feed, len(forms))
	for i, f := range forms {
		h.Feeds[i] = feed{ref.PathAs(f.Path), f.Label, f.Kind}
	}
	var b strings.Builder
	for _, f := range h.Feeds[:subscribed] {
		writeAlternate(&b, f.Path, f.Kind, about+" ("+f.Label+")")
	}
	h.Alternates = template.HTML(b.String())
}

// offerPaper adds to the head of a paper's page its other forms, and the feeds of what
// is similar where that can be found.
func (h *head) offerPaper(id paper.ID, similar bool) {
	var b strings.Builder
	writeAlternate(&b, urls.Paper(id)+markdownEnding, "text/markdown", "Markdown")
	for _, c := range citationForms {
		kind, _, _ := strings.Cut(c.kind, ";")
		writeAlternate(&b, urls.Paper(id)+c.ending, kind, c.label)
	}
	if similar {
		ref := urls.List{Kind: urls.KindSimilar, ID: id}
		for _, f := range listForms[:subscribed] {
			writeAlternate(&b, ref.PathAs(f.Path), f.Kind, "Similar papers ("+f.Label+")")
		}
	}
	h.Alternates = template.HTML(b.String())
}

// writeAlternate writes a <link>; a template would take several times as long, on
// pages that are made by the thousand.
func writeAlternate(b *strings.Builder, path, kind, title string) {
	b.WriteString(`<link rel="alternate" type="` + kind + `" title="` + template.HTMLEscapeString(title) + `" href="` + template.HTMLEscapeString(path) + "\">\n")
}

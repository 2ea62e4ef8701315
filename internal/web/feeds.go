package web

import (
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
	h.Alternates = nil // what was offered before holds no more
	for _, f := range h.Feeds[:subscribed] {
		h.Alternates = append(h.Alternates, alternate{f.Path, f.Kind, about + " (" + f.Label + ")"})
	}
}

// offerPaper adds to the head of a paper's page its other forms, and the feeds of what
// is similar where that can be found.
func (h *head) offerPaper(id paper.ID, similar bool) {
	h.Alternates = append(h.Alternates, alternate{urls.Paper(id) + urls.MarkdownEnding, "text/markdown", "Markdown"})
	for _, c := range citationForms {
		kind, _, _ := strings.Cut(c.kind, ";")
		h.Alternates = append(h.Alternates, alternate{urls.Paper(id) + c.ending, kind, c.label})
	}
	if similar {
		ref := urls.List{Kind: urls.KindSimilar, ID: id}
		for _, f := range listForms[:subscribed] {
			h.Alternates = append(h.Alternates, alternate{ref.PathAs(f.Path), f.Kind, "Similar papers (" + f.Label + ")"})
		}
	}
}

package feed

import "time"

// A form is a way to write a list down.
type form struct {
	ending   string
	kind     string // media type
	saved    bool   // is a file to keep: it has a name, and more of long lists
	archives bool   // can be a list of editions
	write    func(*page) ([]byte, error)
}

// forms lists the forms by their endings.
var forms = []form{
	{ending: ".rss", kind: "application/rss+xml; charset=utf-8", archives: true, write: writeRSS},
	{ending: ".atom", kind: "application/atom+xml; charset=utf-8", archives: true, write: writeAtom},
	{ending: ".json", kind: "application/feed+json", archives: true, write: writeJSON},
	{ending: ".ics", kind: "text/calendar; charset=utf-8", archives: true, write: writeICS},
	{ending: ".md", kind: "text/markdown; charset=utf-8", write: writeMarkdown},
	{ending: ".bib", kind: "application/x-bibtex; charset=utf-8", saved: true, write: writeBibTeX},
	{ending: ".ris", kind: "application/x-research-info-systems; charset=utf-8", saved: true, write: writeRIS},
	{ending: ".csv", kind: "text/csv; charset=utf-8", saved: true, write: writeCSV},
}

// How often a reader need ask again: a closed edition stays as it is.
const (
	askAgain       = time.Hour
	askClosedAgain = 24 * time.Hour
)

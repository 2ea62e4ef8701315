// Package feed gives every list of the site in other forms: RSS, Atom and JSON Feed to
// subscribe to, iCalendar, Markdown for agents and notes, BibTeX and RIS for reference
// managers, CSV for tables. The form is an ending behind the path of the list's page,
// the query stays: /papers/date/2026-05-27.rss, /papers.atom?q=maps, /authors/NAME.bib.
//
// Start with [New]; form.go lists the endings, address.go reads addresses, page.go says
// what stands in a list, and each form is a file of its own. A list has the papers of
// its page, in the same order: a day, a week or a month is complete up to 1,000 papers,
// all others end after what listed says.
//
// Three lists are made to be followed, and have no one page. /papers has every paper of
// the newest editions, whole editions, the newest one first: seven of them or as many
// as make 200 papers, but never fewer than two, so that who asks once a day misses
// nothing. /papers/week and /papers/month are the best hundred of each of the newest
// two weeks and months.
//
// What stays as it is: an entry's identifier, which is the paper's address at arXiv or
// doi.org and so the same in every list and on every site, or a name made of the
// edition's period; its dates, which are those of the paper's entry into its first
// edition, else of its publication; and its text, in which no number of votes or
// comments is. A closed edition keeps its order (package edition), and its date is that of
// its closing: so its feed is the same whoever votes later. Only what arXiv corrects changes it. An
// open edition says that it is open. A paper appears once.
//
// Callers put [Handler.Routes] into a [httpserver.Router]. Papers themselves
// (/papers/ID.md, .bib, .ris) are pages' business.
package feed

import (
	"errors"
	"log/slog"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// Options are the settings of feeds.
type Options struct {
	Catalog  *catalog.Catalog
	Clock    paper.Clock       // the feed clock, as the catalog has it
	Now      func() time.Time  // nil means time.Now
	SiteName string            // "" means Broadsheet
	BaseURL  string            // scheme and host as readers see them; "" means those that they asked for
	Cache    *httpserver.Cache // of answers; nil means one of its own
	Log      *slog.Logger      // nil means silence
}

// Handler answers with lists in other forms. It is safe for concurrent use.
type Handler struct {
	Options
	modified lastModifiedTracker
}

// New returns the handler of all feeds.
func New(o Options) (*Handler, error) {
	if o.Catalog == nil {
		return nil, errors.New("feed: Options.Catalog is missing")
	}
	o.SiteName = line(o.SiteName)
	httpserver.Complete(&o.SiteName, &o.BaseURL, &o.Now, &o.Log)
	if o.Cache == nil {
		o.Cache = httpserver.NewCache(httpserver.CacheOptions{Version: o.Catalog.Version, Now: o.Now, Log: o.Log})
	}
	return &Handler{Options: o}, nil
}

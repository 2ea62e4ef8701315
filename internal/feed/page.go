package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// How many papers a list has at the most.
const (
	listed       = 100  // to follow
	listedSaved  = 500  // to keep
	listedNear   = 30   // similar to one
	listedPeriod = 1000 // of an edition, which is complete so
)

// A page is a list as every form writes it.
type page struct {
	Site     string // its name
	Title    string // of the list alone
	Text     string // what it is, in a sentence or two
	Base     string // scheme and host
	Home     string // the list's page
	Self     string // this document
	Kind     string // its media type
	Updated  time.Time
	Closed   bool              // nothing will be added
	Entries  []entry           // papers; of an archive, editions
	Editions []edition         // where the list is made of editions, these
	List     *catalog.ListPage // what it was made of
}

// Heading is the title with the site's name.
func (p *page) Heading() string { return p.Title + " – " + p.Site }

// AskAgain is how long a reader may wait before asking again.
func (p *page) AskAgain() time.Duration {
	if p.Closed {
		return askClosedAgain
	}
	return askAgain
}

// An edition is a part of a list that is an edition.
type edition struct {
	Period        paper.Period
	State         catalog.State
	Opens, Closes time.Time
	Papers        int
	Entries       []entry // none in an archive
}

// Updated is when the edition became what it is: when it closed, else when its newest
// paper came in.
func (e *edition) Updated() time.Time {
	if e.State == catalog.Closed {
		return e.Closes
	}
	return newest(e.Entries, e.Opens)
}

// newest is the date of the newest entry, never before a time.
func newest(entries []entry, least time.Time) time.Time {
	for i := range entries {
		if at := entries[i].Updated; at.After(least) {
			least = at
		}
	}
	return least
}

// page reads the list that a target names.
func (h *Handler) page(ctx context.Context, t target, base string) (*page, error) {
	if t.newest != nil {
		return h.newestPage(ctx, t, base)
	}
	r, err := h.list(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("feed: %s: %w", t.key(), err)
	}
	if err := complete(r); err != nil {
		return nil, err
	}
	p := h.newPage(t, base, r)
	switch {
	case r.Ref.Kind == urls.KindArchive:
		if len(r.Days) == 0 && t.ref.Year != 0 {
			return nil, paper.ErrNotFound
		}
		if t.ref.Year == 0 { // the newest year, whichever it is
			p.Title, p.Text = archiveTitle, archiveText
		}
		h.addDays(p, r.Days)
	case r.Ref.Kind == urls.KindEdition:
		h.addEdition(p, r)
	default:
		p.Entries = h.entries(r.Entries, base)
	}
	h.date(p)
	return p, nil
}

// list reads the list that a target names. An edition that is open is empty until its
// first paper comes, and no mistake.
func (h *Handler) list(ctx context.Context, t target) (*catalog.ListPage, error) {
	r, err := h.Catalog.ListPage(ctx, t.ref, "", limit(t))
	if t.ref.Kind != urls.KindEdition || !errors.Is(err, paper.ErrNotFound) {
		return r, err
	}
	e, failed := h.Catalog.EmptyEdition(ctx, t.ref.Period)
	switch {
	case failed != nil:
		return nil, failed
	case e.State != catalog.Open:
		return nil, err
	}
	return e.ListPage(), nil
}

// limit is the most papers that a target has.
func limit(t target) int {
	switch {
	case t.ref.Kind == urls.KindEdition:
		return listedPeriod
	case t.ref.Kind == urls.KindSimilar:
		return listedNear
	case t.form.saved:
		return listedSaved
	}
	return listed
}

// newPage is a page without its entries.
func (h *Handler) newPage(t target, base string, r *catalog.ListPage) *page {
	return &page{
		Site: h.SiteName, Title: line(r.Title), Text: describe(r), Base: base, List: r,
		Home: base + t.home(), Self: base + t.key(), Kind: t.form.kind,
	}
}

// addEdition puts an edition's papers behind what the page has, without those that it
// has already.
func (h *Handler) addEdition(p *page, r *catalog.ListPage) {
	e := edition{Period: r.Ref.Period, State: r.State, Opens: r.Opens, Closes: r.Closes, Papers: r.Total, Entries: h.entries(r.Entries, p.Base)}
	have := map[string]bool{}
	for i := range p.Entries {
		have[p.Entries[i].ID] = true
	}
	for _, one := range e.Entries {
		if !have[one.ID] {
			p.Entries = append(p.Entries, one)
		}
	}
	p.Editions = append(p.Editions, e)
}

// addDays puts the editions of an archive in, the newest one first.
func (h *Handler) addDays(p *page, days []catalog.DayCount) {
	for _, d := range slices.Backward(days) {
		e := edition{Period: d.Day.Period(), Papers: d.Papers, Opens: h.Clock.OpensAt(d.Day), Closes: h.Clock.ClosesAt(d.Day)}
		e.State = catalog.StateAt(h.Now(), e.Opens, e.Closes)
		p.Editions = append(p.Editions, e)
		p.Entries = append(p.Entries, editionEntry(&e, p.Base))
	}
}

// date says when the page became what it is. One edition has its own date; any other
// list that of its newest entry, and an empty one that of today's edition.
func (h *Handler) date(p *page) {
	if len(p.Editions) == 1 && len(p.Editions[0].Entries) > 0 {
		e := &p.Editions[0]
		p.Updated, p.Closed = e.Updated(), e.State == catalog.Closed
		return
	}
	for i := range p.Editions {
		if at := p.Editions[i].Updated(); at.After(p.Updated) {
			p.Updated = at
		}
	}
	p.Updated = newest(p.Entries, p.Updated)
	if p.Updated.IsZero() {
		p.Updated = h.Clock.OpensAt(h.Clock.Day(h.Now()))
	}
}

// What lists to follow say of themselves.
const (
	trendingText = "Papers of the newest editions by votes, comments, stars and age."
	newText      = "Papers by publication, the newest first."
	archiveTitle = "Editions"
	archiveText  = "The editions of the newest year, the newest one first."
)

// describe says what a list is. Nothing in it moves once an edition has closed.
func describe(r *catalog.ListPage) string {
	switch r.Ref.Kind {
	case urls.KindEdition:
		return fmt.Sprintf("The papers of %s in the order of readers’ votes. %s", r.Title, openness(r.State, r.Opens, r.Closes))
	case urls.KindTrending:
		return trendingText
	case urls.KindNew:
		return newText
	case urls.KindSearch:
		return "What a search for “" + line(r.Ref.Query) + "” finds, the best first."
	case urls.KindOrganization, urls.KindAuthor:
		return line(r.Title) + ", the newest first."
	case urls.KindArchive:
		return r.Title + ", the newest first."
	}
	return cmp.Or(line(r.Title), "Papers") + "."
}

// openness says whether more papers may come into an edition.
func openness(s catalog.State, opens, closes time.Time) string {
	const form = "2 January 2006 at 15:04 UTC"
	switch s {
	case catalog.Open:
		return "The edition is open: until " + closes.UTC().Format(form) + " more papers may come."
	case catalog.Upcoming:
		return "The edition opens on " + opens.UTC().Format(form) + "."
	}
	return "The edition closed on " + closes.UTC().Format(form) + "."
}

package feed

import (
	"context"
	"fmt"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A newestFeed lists the newest editions of a kind, whichever these are, so that readers can
// subscribe to it for years.
type newestFeed struct {
	path   string // of its page, which shows the newest edition
	title  string
	text   string
	kind   paper.PeriodKind
	most   int // editions
	least  int // editions that it has however many papers they have
	papers int // it has no further edition that would make more papers than these
	each   int // papers of one edition at the most
}

var newestFeeds = []newestFeed{
	{path: urls.Papers, title: "Daily papers", text: "Every paper of the newest editions, the newest edition first.",
		kind: paper.KindDay, most: 7, least: 2, papers: 200, each: listedPeriod},
	{path: urls.ThisWeek, title: "Weekly papers", text: "The best papers of this week and the one before, by readers’ votes.",
		kind: paper.KindWeek, most: 2, least: 2, each: 100},
	{path: urls.ThisMonth, title: "Monthly papers", text: "The best papers of this month and the one before, by readers’ votes.",
		kind: paper.KindMonth, most: 2, least: 2, each: 100},
}

// newestFeedAt returns the newestFeed at a path; nil is none.
func newestFeedAt(path string) *newestFeed {
	for i := range newestFeeds {
		if newestFeeds[i].path == path {
			return &newestFeeds[i]
		}
	}
	return nil
}

// newestPage reads a newestFeed. Where there are no editions, it has the newest
// papers.
func (h *Handler) newestPage(ctx context.Context, t target, base string) (*page, error) {
	s := t.newest
	editions, err := h.newestEditions(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("feed: %s: %w", t.key(), err)
	}
	all := &catalog.ListPage{Ref: urls.List{Kind: urls.KindLatest}, Title: s.title, Total: -1}
	p := h.newPage(t, base, all)
	p.Text = s.text
	for _, r := range editions {
		h.addEdition(p, r)
	}
	if len(editions) == 0 {
		if err := h.addNewest(ctx, p, all); err != nil {
			return nil, fmt.Errorf("feed: %s: %w", t.key(), err)
		}
	} else if r := editions[0]; r.State != catalog.Closed {
		p.Text += fmt.Sprintf(" The newest one is that of %s. %s", r.Title, openness(r.State, r.Opens, r.Closes))
		all.State, all.Opens, all.Closes = r.State, r.Opens, r.Closes
	}
	h.merge(all, editions)
	h.date(p)
	p.Closed = false
	return p, nil
}

// addNewest puts the newest papers in.
func (h *Handler) addNewest(ctx context.Context, p *page, all *catalog.ListPage) error {
	r, err := h.Catalog.ListPage(ctx, urls.List{Kind: urls.KindNew}, "", listed)
	if err != nil {
		return err
	}
	all.Entries = r.Entries
	p.Entries = h.entries(r.Entries, p.Base)
	return nil
}

// newestEditions are the editions of a newestFeed, the newest one first.
func (h *Handler) newestEditions(ctx context.Context, s *newestFeed) ([]*catalog.ListPage, error) {
	states, _, err := h.Catalog.Editions(ctx, s.kind, "", s.most)
	if err != nil {
		return nil, err
	}
	papers := 0
	for i, e := range states {
		if papers += min(e.Papers, s.each); i >= s.least && papers > s.papers {
			states = states[:i]
			break
		}
	}
	editions, err := h.Catalog.Several(ctx, states, s.each)
	if err != nil {
		return nil, err
	}
	var pages []*catalog.ListPage
	for _, e := range editions {
		pages = append(pages, e.ListPage())
	}
	return pages, nil
}

// merge puts the papers of editions into one list, each once and without its place.
func (h *Handler) merge(all *catalog.ListPage, editions []*catalog.ListPage) {
	have := map[paper.ID]bool{}
	for _, r := range editions {
		for _, e := range r.Entries {
			if !have[e.Paper.ID] {
				have[e.Paper.ID] = true
				e.Rank = 0
				all.Entries = append(all.Entries, e)
			}
		}
	}
}

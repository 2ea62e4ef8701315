package feed

import (
	"context"
	"fmt"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A standing list is of the newest editions of a kind, whichever these are: one to
// follow for years.
type standing struct {
	path   string // of its page, which shows the newest edition
	title  string
	text   string
	kind   paper.PeriodKind
	newest int // editions at the most
	least  int // so many in any case
	papers int // no further edition that would make more of them
	each   int // papers of one edition
}

var standings = []standing{
	{path: urls.Papers, title: "Daily papers", text: "Every paper of the newest editions, the newest edition first.",
		kind: paper.KindDay, newest: 7, least: 2, papers: 200, each: listedPeriod},
	{path: urls.ThisWeek, title: "Weekly papers", text: "The best papers of this week and the one before, by readers’ votes.",
		kind: paper.KindWeek, newest: 2, least: 2, each: 100},
	{path: urls.ThisMonth, title: "Monthly papers", text: "The best papers of this month and the one before, by readers’ votes.",
		kind: paper.KindMonth, newest: 2, least: 2, each: 100},
}

// standingAt is the standing list at a path; nil is none.
func standingAt(path string) *standing {
	for i := range standings {
		if standings[i].path == path {
			return &standings[i]
		}
	}
	return nil
}

// standingPage reads a standing list. Where there are no editions, it has the newest
// papers.
func (h *Handler) standingPage(ctx context.Context, t target, base string) (*page, error) {
	s := t.standing
	rolls, err := h.newestRolls(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("feed: %s: %w", t.key(), err)
	}
	all := &catalog.ListPage{Ref: urls.List{Kind: urls.KindLatest}, Title: s.title, Total: -1}
	p := h.newPage(t, base, all)
	p.Text = s.text
	for _, r := range rolls {
		h.addEdition(p, r)
	}
	if len(rolls) == 0 {
		if err := h.addNewest(ctx, p, all); err != nil {
			return nil, fmt.Errorf("feed: %s: %w", t.key(), err)
		}
	} else if r := rolls[0]; r.State != catalog.Closed {
		p.Text += fmt.Sprintf(" The newest one is that of %s. %s", r.Title, openness(r.State, r.Opens, r.Closes))
		all.State, all.Opens, all.Closes = r.State, r.Opens, r.Closes
	}
	h.merge(all, rolls)
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

// newestRolls are the editions of a standing list, the newest one first.
func (h *Handler) newestRolls(ctx context.Context, s *standing) ([]*catalog.ListPage, error) {
	states, _, err := h.Catalog.Editions(ctx, s.kind, "", s.newest)
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
	var rolls []*catalog.ListPage
	for _, e := range editions {
		rolls = append(rolls, e.ListPage())
	}
	return rolls, nil
}

// merge puts the papers of editions into one list, each once and without its place.
func (h *Handler) merge(all *catalog.ListPage, rolls []*catalog.ListPage) {
	have := map[paper.ID]bool{}
	for _, r := range rolls {
		for _, e := range r.Entries {
			if !have[e.Paper.ID] {
				have[e.Paper.ID] = true
				e.Rank = 0
				all.Entries = append(all.Entries, e)
			}
		}
	}
}

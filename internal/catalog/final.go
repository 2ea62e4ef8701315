package catalog

import (
	"context"
	"errors"
	"slices"

	"broadsheet/internal/paper"
)

// Final puts the papers of a closed edition, all of which r has, into the order in
// which they were first published to followers. Whoever asks first fixes that order: it
// is the one by votes at that time. The edition's page goes on with the votes; what
// followers were given stays as it was. Any other list is left alone.
func (c *Catalog) Final(ctx context.Context, r *ListPage) error {
	if r.Ref.Kind != KindEdition || r.State != Closed || r.More != "" || len(r.Entries) == 0 {
		return nil
	}
	ids, err := c.db.Final(ctx, r.Ref.Period)
	if err != nil && !errors.Is(err, paper.ErrNotFound) {
		return err
	}
	place := places(ids)
	late := func(e Entry) bool { _, known := place[e.Paper.ID]; return !known }
	if slices.ContainsFunc(r.Entries, late) {
		if ids, err = c.db.Fix(ctx, r.Ref.Period, entryIDs(r.Entries)); err != nil {
			return err
		}
		place = places(ids)
	}
	slices.SortStableFunc(r.Entries, func(a, b Entry) int { return place[a.Paper.ID] - place[b.Paper.ID] })
	ranked(r.Entries)
	return nil
}

func places(ids []paper.ID) map[paper.ID]int {
	place := map[paper.ID]int{}
	for i, id := range ids {
		place[id] = i
	}
	return place
}

func entryIDs(entries []Entry) []paper.ID {
	ids := make([]paper.ID, len(entries))
	for i, e := range entries {
		ids[i] = e.Paper.ID
	}
	return ids
}

// ranked numbers entries in their order.
func ranked(entries []Entry) {
	for i := range entries {
		entries[i].Rank = i + 1
	}
}

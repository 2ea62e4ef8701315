package store_test

import (
	"errors"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/source/demo"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestDemoGoesWithoutATrace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		batch, err := demo.Observations()
		if err != nil {
			t.Fatal(err)
		}
		apply(t, db, batch...)
		kept := batch[3].Paper.ID
		apply(t, db, arxivRow(string(kept), "Told by arXiv", "2024-10-27"), hubItem("2605.00001", "2026-05-27", day1, 3))
		n, err := db.Forget(ctx, paper.SourceDemo)
		if err != nil || n != len(batch)-1 {
			t.Fatalf("removed %d, %v", n, err)
		}
		p := get(t, db, kept)
		if p.Title != "Told by arXiv" || p.Summary != "" || p.Demo || p.Comments != 0 {
			t.Errorf("kept %+v", p)
		}
		if _, err := db.Paper(ctx, batch[0].Paper.ID); !errors.Is(err, paper.ErrNotFound) {
			t.Errorf("still there: %v", err)
		}
		if e, err := db.Around(ctx, demo.Day.Period()); e.Papers != 0 || err != nil {
			t.Errorf("%d papers in its edition, %v", e.Papers, err)
		}
		if total, err := db.Papers(ctx); total != 2 || err != nil {
			t.Errorf("%d papers, %v", total, err)
		}
		removed := 0
		changes, err := db.Changes(ctx, 0, 1000)
		for _, c := range changes {
			removed += map[bool]int{true: 1}[c.Removed]
		}
		if removed != n || err != nil {
			t.Errorf("%d removals among the changes, %v", removed, err)
		}
		if e, err := db.Around(ctx, "2026-05-27"); e.Prev != "" || err != nil {
			t.Errorf("an edition is left: %s, %v", e.Prev, err)
		}
	})
}

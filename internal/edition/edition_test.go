package edition_test

import (
	"testing"
	"time"

	"broadsheet/internal/edition"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

var clock = paper.Clock{Location: time.UTC}

func TestUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, noon := t.Context(), time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)
		update := func(now time.Time, opened, closed int) {
			t.Helper()
			done, err := edition.Update(ctx, db, clock, now)
			if err != nil || len(done.Opened) != opened || len(done.Closed) != closed {
				t.Errorf("%v: %+v, %v; want %d opened, %d closed", now, done, err, opened, closed)
			}
		}
		update(noon, 3, 0)
		if _, err := db.Apply(ctx, []paper.Observation{{
			Source: paper.SourceHub, Fingerprint: 1, Paper: paper.Paper{ID: "2605.00001", Title: "T"},
			Submission: &paper.Submission{Day: "2026-05-27"},
		}}); err != nil {
			t.Fatal(err)
		}
		update(noon, 0, 0)
		next := edition.Next(clock, noon)
		if want := noon.Add(12 * time.Hour); !next.Equal(want) {
			t.Errorf("next %v, want %v", next, want)
		}
		imports, err := db.Acquire(ctx, edition.ImportLease+"a", "a", next, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		update(next, 1, 0) // an import is running
		if err := db.Release(ctx, imports); err != nil {
			t.Fatal(err)
		}
		update(next, 0, 1)
		update(next, 0, 0)
		if _, err := db.Acquire(ctx, edition.ImportLease+"a", "a", next, time.Minute); err != nil {
			t.Fatal(err)
		}
		update(next.AddDate(0, 1, 0), 3, 2) // that one was killed
	})
}

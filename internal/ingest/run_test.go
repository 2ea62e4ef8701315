package ingest_test

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"testing"
	"time"

	"broadsheet/internal/edition"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// A zoo is a source of numbered papers, three a batch, whose cursor is the number of the
// last one. It fails after some, once.
type zoo struct {
	papers, failAfter int
	asked             []string
	during            func()
}

var errZoo = errors.New("the zoo is closed")

func (z *zoo) Name() paper.Source { return "zoo" }

func (z *zoo) Observations(_ context.Context, cursor string) iter.Seq2[source.Batch, error] {
	z.asked = append(z.asked, cursor)
	return func(yield func(source.Batch, error) bool) {
		from, _ := strconv.Atoi(cursor)
		for from < z.papers {
			if z.failAfter > 0 && from >= z.failAfter {
				z.failAfter = 0
				yield(source.Batch{}, errZoo)
				return
			}
			var b source.Batch
			for range 3 {
				from++
				id := paper.ID("2605.0000" + strconv.Itoa(from))
				b.Observe(paper.Observation{Source: "zoo", Fingerprint: int64(from), Paper: paper.Paper{ID: id, Title: "Paper " + string(id)},
					Submission: &paper.Submission{Day: "2026-05-27"}, Signals: []paper.Signal{{Kind: paper.SignalVotes, Value: from}}})
			}
			b.Cursor = strconv.Itoa(from)
			if z.during != nil {
				z.during()
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// A source goes on where its last batch was taken in, and editions close when an import
// has ended well and not before.
func TestRunGoesOnFromTheCursor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
		o := ingest.Options{Now: func() time.Time { return now }}
		closed := func() bool {
			done, err := edition.Update(ctx, db, o.Clock, now)
			if err != nil {
				t.Fatal(err)
			}
			return len(done.Closed) > 0
		}
		z := &zoo{papers: 9, failAfter: 6}
		z.during = func() {
			if closed() {
				t.Error("an edition closed while an import was running")
			}
		}
		if sum, err := ingest.Run(ctx, db, z, o); !errors.Is(err, errZoo) || sum.Added != 6 {
			t.Errorf("%+v, %v", sum, err)
		}
		state, err := db.Source(ctx, "zoo")
		if err != nil || state.Cursor != "6" || !state.Read.Equal(now) {
			t.Errorf("%+v, %v", state, err)
		}
		sum, err := ingest.Run(ctx, db, z, o)
		if err != nil || sum.Added != 3 || sum.Records != 3 {
			t.Errorf("%+v, %v", sum, err)
		}
		if len(z.asked) != 2 || z.asked[0] != "" || z.asked[1] != "6" {
			t.Errorf("asked after %q", z.asked)
		}
		if closed() {
			t.Error("the import has left it to others to close its editions")
		}
		rows, err := db.Edition(ctx, "2026-05-27", nil, 1)
		if err != nil || rows[0].Paper.ID != "2605.00009" {
			t.Errorf("first %v, %v", rows, err)
		}
		if leases, err := db.Leases(ctx, edition.ImportLease, now); err != nil || leases != nil {
			t.Errorf("leases are left: %v, %v", leases, err)
		}
		if sum, err := ingest.Run(ctx, db, z, o); err != nil || sum.Records != 0 {
			t.Errorf("once more: %+v, %v", sum, err)
		}
	})
}

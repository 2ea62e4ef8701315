package catalog_test

import (
	"broadsheet/internal/papertest"

	"fmt"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/edition"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
	"broadsheet/internal/urls"
)

func TestEditionsAndClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		first, more, err := c.Editions(t.Context(), paper.KindDay, "", 3)
		if err != nil || len(first) != 3 || first[0].Period != "2026-05-29" || first[0].State != catalog.Open || more != "2026-05-26" {
			t.Fatalf("%+v, %q, %v", first, more, err)
		}
		rest, more, err := c.Editions(t.Context(), paper.KindDay, more, 3)
		if err != nil || len(rest) != 1 || rest[0].State != catalog.Closed || more != "" {
			t.Errorf("%+v, %q, %v", rest, more, err)
		}
		if _, _, err := c.Editions(t.Context(), paper.KindWeek, "2026-05-26", 3); err == nil {
			t.Error("a day is taken for a week's cursor")
		}
		clock, err := c.FeedClock(t.Context())
		if err != nil || clock.Today != "2026-05-29" || clock.Latest != "2026-05-29" || clock.Zone != "America/New_York" || !clock.NextOpens.After(noon) {
			t.Errorf("%+v, %v", clock, err)
		}
	})
}

// A closed edition keeps its order, and an edition that is open follows the votes.
func TestClosedEditionsKeepTheirOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		list := func(period paper.Period) []catalog.Entry {
			t.Helper()
			r, err := c.ListPage(t.Context(), urls.List{Kind: urls.KindEdition, Period: period}, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			return r.Entries
		}
		if _, err := edition.Update(t.Context(), db, papertest.Clock(), noon); err != nil {
			t.Fatal(err)
		}
		closed, running := ids(list("2026-05-27")), ids(list("2026-05-29"))
		for _, last := range []paper.ID{closed[len(closed)-1], running[len(running)-1]} {
			if _, err := db.Apply(t.Context(), []paper.Observation{{Source: paper.SourceHub, Paper: paper.Paper{ID: last},
				Signals: []paper.Signal{{Kind: paper.SignalVotes, At: noon, Value: 999}}}}); err != nil {
				t.Fatal(err)
			}
		}
		after := list("2026-05-27")
		if !slices.Equal(ids(after), closed) || after[0].Rank != 1 || after[4].Rank != 5 || after[4].Paper.Votes != 999 {
			t.Errorf("closed: %v, was %v", ids(after), closed)
		}
		if now := list("2026-05-29"); now[0].Paper.ID != running[len(running)-1] {
			t.Errorf("open: %v", ids(now))
		}
	})
}
func TestEmptyEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		for _, tt := range []struct {
			period, prev, next paper.Period
			state              catalog.State
		}{
			{"2026-05-28", "2026-05-27", "2026-05-29", catalog.Closed},
			{"2026-05-30", "2026-05-29", "", catalog.Upcoming},
			{"2026-W20", "", "2026-W22", catalog.Closed},
		} {
			e, err := c.EmptyEdition(t.Context(), tt.period)
			if err != nil || e.State != tt.state || e.Prev != tt.prev || e.Next != tt.next || e.Total != 0 || e.NextOpens.IsZero() {
				t.Errorf("%s: %+v, %v", tt.period, e, err)
			}
		}
	})
}

// Papers that come into a closed edition stand behind its order, and its pages reach them.
func TestPagesOfAClosedEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		if _, err := edition.Update(t.Context(), db, papertest.Clock(), noon); err != nil {
			t.Fatal(err)
		}
		order, err := c.Edition(t.Context(), "2026-05-26", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		want := ids(order.Entries)
		var late []paper.Observation
		for i := range 4 {
			id := paper.ID(fmt.Sprintf("2604.%05d", i+1))
			want = append(want, id)
			late = append(late, paper.Observation{
				Source: paper.SourceHub, At: noon, Fingerprint: int64(2000 + i), Paper: paper.Paper{ID: id, Title: "Late"},
				Submission: &paper.Submission{Day: "2026-05-26", At: noon.Add(time.Duration(i) * time.Minute)},
				Signals:    []paper.Signal{{Kind: paper.SignalVotes, At: noon, Value: 500 * i}},
			})
		}
		if _, err := db.Apply(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		var got []catalog.Entry
		for cursor := ""; ; {
			page, err := c.Edition(t.Context(), "2026-05-26", cursor, 2)
			if err != nil {
				t.Fatalf("after %q: %v", cursor, err)
			}
			got = append(got, page.Entries...)
			if cursor = page.More; cursor == "" {
				break
			}
		}
		if !slices.Equal(ids(got), want) || got[8].Rank != 9 {
			t.Errorf("%v, want %v", ids(got), want)
		}
	})
}

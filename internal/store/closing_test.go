package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

var utc = paper.Clock{Location: time.UTC}

func update(t *testing.T, db *store.DB, now time.Time, current ...paper.Period) store.Closing {
	t.Helper()
	done, err := db.UpdateEditions(t.Context(), utc, now, current, true)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func order(t *testing.T, db *store.DB, period paper.Period) []paper.ID {
	t.Helper()
	rows, err := db.Edition(t.Context(), period, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	return ids(rows)
}

func events(t *testing.T, db *store.DB, after int64, kinds ...paper.EventKind) []paper.Event {
	t.Helper()
	all, err := db.Events(t.Context(), after, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var found []paper.Event
	for _, e := range all {
		for _, k := range kinds {
			if e.Kind == k {
				found = append(found, e)
			}
		}
	}
	return found
}

func TestEditionsOpenAndClose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		morning := day1.Add(-4 * time.Hour)
		if done := update(t, db, morning, "2026-05-27"); !cmp.Equal(done.Opened, []paper.Period{"2026-05-27"}) || done.Closed != nil {
			t.Errorf("opening: %+v", done)
		}
		if latest, err := db.Editions(t.Context(), paper.KindDay, "", 10); err != nil || latest != nil {
			t.Errorf("an edition without papers is listed: %v, %v", latest, err)
		}
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 3), hubItem("2605.00002", "2026-05-27", day1, 9),
			hubItem("2605.00003", "2026-05-20", day1, 1))
		if done := update(t, db, day1, "2026-05-27"); !cmp.Equal(done.Closed, []paper.Period{"2026-05-20", "2026-W21"}) ||
			!cmp.Equal(done.Opened, []paper.Period{"2026-05", "2026-W22"}) {
			t.Errorf("while it is open: %+v", done)
		}
		apply(t, db, counted("2605.00001", day1.Add(time.Hour), 20))
		if got := order(t, db, "2026-05-27"); got[0] != "2605.00001" {
			t.Errorf("an open edition does not follow the votes: %v", got)
		}
		tomorrow := day1.Add(24 * time.Hour)
		if done := update(t, db, tomorrow); !cmp.Equal(done.Closed, []paper.Period{"2026-05-27"}) || done.Opened != nil {
			t.Errorf("closing: %+v", done)
		}
		if done := update(t, db, tomorrow); done.Closed != nil {
			t.Errorf("closed twice: %+v", done)
		}
		// From now on nothing moves but what is open: late papers come last, in any number.
		apply(t, db, counted("2605.00002", tomorrow, 500), hubItem("2605.00004", "2026-05-27", tomorrow, 900))
		apply(t, db, hubItem("2605.00005", "2026-05-27", tomorrow, 950), counted("2605.00005", tomorrow.Add(1), 2000))
		want := []paper.ID{"2605.00001", "2605.00002", "2605.00004", "2605.00005"}
		if d := cmp.Diff(want, order(t, db, "2026-05-27")); d != "" {
			t.Error(d)
		}
		if got := order(t, db, "2026-W22"); got[0] != "2605.00005" {
			t.Errorf("the week is open and does not follow the votes: %v", got)
		}
		closed := events(t, db, 0, paper.EventEditionClosed)
		if len(closed) != 3 || closed[2].Paper != "" {
			t.Fatalf("events %+v", closed)
		}
		var data paper.EditionEvent
		if err := json.Unmarshal(closed[2].Data, &data); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(paper.EditionEvent{Period: "2026-05-27", Papers: 2, Opens: utc.OpensAt("2026-05-27"), Closes: utc.ClosesAt("2026-05-27")}, data); d != "" {
			t.Error(d)
		}
	})
}

// A catalog for show does not fix the order of what is imported for the same days, and
// nor does a closing time at which nothing had come yet.
func TestOnlyEditionsWithPapersClose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		later := day1.AddDate(0, 2, 0)
		show := hubItem("2605.00009", "2026-05-27", day1, 1)
		show.Source = paper.SourceDemo
		update(t, db, day1, "2026-05-27", "2026-W22", "2026-05")
		if done := update(t, db, later); done.Closed != nil {
			t.Errorf("closed without papers: %+v", done)
		}
		apply(t, db, show)
		if done := update(t, db, later); done.Closed != nil {
			t.Errorf("closed with the demonstration catalog alone: %+v", done)
		}
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 3), hubItem("2605.00002", "2026-05-27", day1, 9))
		if done, err := db.UpdateEditions(t.Context(), utc, later, nil, false); err != nil || done.Closed != nil {
			t.Errorf("closed though that was not wanted: %+v, %v", done, err)
		}
		if done := update(t, db, later); len(done.Closed) != 3 {
			t.Errorf("%+v", done)
		}
		if d := cmp.Diff([]paper.ID{"2605.00002", "2605.00001", "2605.00009"}, order(t, db, "2026-05-27")); d != "" {
			t.Error(d)
		}
	})
}

package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// told is an event in one line.
func told(events []paper.Event) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%d %s %s %s %s", e.Seq, e.Kind, e.Paper, e.Actor, e.Data))
	}
	return lines
}

func TestEventsTellWhatChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		db.SetClock(func() time.Time { return day1 })
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 12), arxivRow("2605.00002", "Two", "2026-05-20"))
		apply(t, db, arxivRow("2605.00001", "By arXiv", "2026-05-20"), counted("2605.00001", day1.Add(1*time.Hour), 24))
		apply(t, db, counted("2605.00001", day1.Add(2*time.Hour), 120)) // passes 25, 50 and 100
		apply(t, db, counted("2605.00001", day1.Add(3*time.Hour), 90))
		apply(t, db, counted("2605.00001", day1.Add(4*time.Hour), 130)) // 100 was passed before
		again := hubItem("2605.00001", "2026-05-28", day1.Add(5*time.Hour), 131)
		again.Paper.Media, again.Paper.Summary = nil, "Another summary"
		apply(t, db, again)
		if _, err := db.Forget(ctx, paper.SourceHub); err != nil {
			t.Fatal(err)
		}
		all, err := db.Events(ctx, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`1 paper.created 2605.00001 hub `,
			`2 paper.created 2605.00002 arxiv `,
			`3 paper.changed 2605.00001 hub {"fields":["title","abstract","categories","published","versions","remarks","doi"]}`,
			`4 paper.milestone 2605.00001 hub {"signal":"votes","milestone":100,"value":120}`,
			`5 paper.changed 2605.00001 hub {"fields":["summary","media","editions"]}`,
			`6 paper.changed 2605.00001 hub {"fields":["authors","organization","summary","keywords","thumbnail","links"]}`,
		}
		if d := cmp.Diff(want, told(all)); d != "" {
			t.Error(d)
		}
		if !all[0].At.Equal(day1) {
			t.Errorf("dated %v", all[0].At)
		}
		if after, err := db.Events(ctx, 3, 1); err != nil || len(after) != 1 || after[0].Seq != 4 {
			t.Errorf("after 3: %v, %v", told(after), err)
		}
	})
}

func TestEventsAreKeptForTheirReaders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		db.SetClock(func() time.Time { return day1 })
		apply(t, db, many(5, "2026-05-27")...)
		db.SetClock(func() time.Time { return day1.AddDate(0, 0, 1) })
		apply(t, db, arxivRow("2605.00009", "Nine", "2026-05-20"))
		left := func() int {
			t.Helper()
			if err := db.Prune(ctx, day1.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			all, err := db.Events(ctx, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		if n, err := db.Cursor(ctx, "digest"); n != 0 || err != nil {
			t.Errorf("at %d before it began, %v", n, err)
		}
		for name, seq := range map[string]int64{"digest": 2, "hooks": 4} {
			if err := db.SetCursor(ctx, name, seq); err != nil {
				t.Fatal(err)
			}
		}
		if got := left(); got != 4 {
			t.Errorf("%d are left, want those behind the slowest cursor", got)
		}
		if err := db.SetCursor(ctx, "hooks", 5); err != nil {
			t.Fatal(err)
		}
		if err := db.SetCursor(ctx, "digest", 6); err != nil {
			t.Fatal(err)
		}
		if got := left(); got != 1 {
			t.Errorf("%d are left, want the newer one", got)
		}
	})
}

func TestVotesGivenHere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 7), hubItem("2605.00002", "2026-05-27", day1, 8))
		vote := func(account string, given, want bool) {
			t.Helper()
			if changed, err := db.Vote(ctx, "2605.00001", account, day1, given); err != nil || changed != want {
				t.Errorf("%s %v: %v, %v", account, given, changed, err)
			}
		}
		before := version(t, db)
		vote("ann", true, true)
		vote("ann", true, false)
		vote("bob", true, true)
		if p := get(t, db, "2605.00001"); p.Votes != 9 {
			t.Errorf("%d votes, want 7 of the hub and 2 given here", p.Votes)
		}
		if got := order(t, db, "2026-05-27"); got[0] != "2605.00001" || version(t, db) != before+2 {
			t.Errorf("order %v at version %d, was %d", got, version(t, db), before)
		}
		apply(t, db, counted("2605.00001", day1.Add(time.Hour), 17)) // the hub's newest replaces the hub's, and nothing else
		vote("bob", false, true)
		if p := get(t, db, "2605.00001"); p.Votes != 18 {
			t.Errorf("%d votes, want 17 of the hub and 1 given here", p.Votes)
		}
		zoo := counted("2605.00001", day1.Add(2*time.Hour), 400)
		zoo.Source = "zoo"
		apply(t, db, zoo)
		if p := get(t, db, "2605.00001"); p.Votes != 18 {
			t.Errorf("%d votes: another source's count was added or taken", p.Votes)
		}
		if history, err := db.Signals(ctx, "2605.00001", paper.SignalVotes); err != nil || len(history) != 2 {
			t.Errorf("history %v, %v", history, err)
		}
		if _, err := db.Vote(ctx, "2605.99999", "ann", day1, true); !errors.Is(err, paper.ErrNotFound) {
			t.Errorf("unknown paper: %v", err)
		}
		got := told(events(t, db, 0, paper.EventMilestone))
		if d := cmp.Diff([]string{`3 paper.milestone 2605.00001 hub {"signal":"votes","milestone":10,"value":19}`}, got); d != "" {
			t.Error(d)
		}
	})
}

// Writers of the change sequence wait for each other, so that who follows it never
// passes a number that becomes visible later.
func TestNumbersBecomeVisibleInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		const writers, each = 4, 12
		done := make(chan error, writers)
		for w := range writers {
			go func() {
				for i := range each {
					var batch []paper.Observation
					for k := range 40 {
						batch = append(batch, arxivRow(fmt.Sprintf("26%02d.%05d", w+1, i*40+k+1), "T", "2026-05-20"))
					}
					if _, err := db.Apply(ctx, batch); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		seen := map[paper.ID]bool{}
		cursor := int64(0)
		follow := func() int {
			changes, err := db.Changes(ctx, cursor, 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				seen[c.ID] = true
				cursor = c.Seq
			}
			return len(changes)
		}
		for running := writers; running > 0; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				running--
			default:
				follow()
			}
		}
		for follow() > 0 {
		}
		if len(seen) != writers*each*40 {
			t.Errorf("%d of %d papers were seen: a number became visible after a later one", len(seen), writers*each*40)
		}
	})
}

// Writers that speak of the same papers at once lose nothing of what the other has said.
func TestWritersWaitForEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const papers = 60
		sources := []paper.Source{paper.SourceHub, paper.SourceArXiv, "zoo", "park"}
		errs := make(chan error, len(sources))
		for i, source := range sources {
			go func() {
				for n := range papers { // one at a time, so that they meet often
					o := hubItem(fmt.Sprintf("2605.%05d", n+1), "2026-05-27", day1, i)
					o.Source, o.Submission = source, nil
					o.Paper.Links[0].URL += string(source)
					if _, err := db.Apply(context.Background(), []paper.Observation{o}); err != nil {
						errs <- err
						return
					}
				}
				errs <- nil
			}()
		}
		for range sources {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
		for n := range papers {
			if p := get(t, db, paper.ID(fmt.Sprintf("2605.%05d", n+1))); len(p.Links) != len(sources) {
				t.Errorf("%s has %d links, want one of each source", p.ID, len(p.Links))
			}
		}
		if n, err := db.Papers(t.Context()); n != papers || err != nil {
			t.Errorf("%d papers are counted, %v", n, err)
		}
	})
}

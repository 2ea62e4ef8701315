package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestPaperComesBackWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := hubItem("2605.00001", "2026-05-27", day1, 12)
		if out := apply(t, db, o); out != (store.Outcome{Added: 1}) {
			t.Errorf("outcome %+v", out)
		}
		want := o.Paper
		want.Votes, want.Comments = 12, 2
		if d := cmp.Diff(want, get(t, db, want.ID)); d != "" {
			t.Error(d)
		}
		subs, err := db.Submissions(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]paper.Submission{*o.Submission}, subs); d != "" {
			t.Error(d)
		}
		if _, err := db.Paper(t.Context(), "2605.99999"); !errors.Is(err, paper.ErrNotFound) {
			t.Errorf("unknown paper: %v", err)
		}
	})
}

func TestApplyingAgainChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		batch := append(many(20, "2026-05-27"), arxivRow("2605.00003", "By arXiv", "2026-05-20"))
		later := hubItem("2605.00004", "2026-05-28", day1.Add(24*time.Hour), 90)
		batch = append(batch, later)
		apply(t, db, batch...)
		before := version(t, db)
		if out := apply(t, db, batch...); out != (store.Outcome{Unchanged: len(batch)}) {
			t.Errorf("outcome %+v", out)
		}
		if after := version(t, db); after != before {
			t.Errorf("version %d, was %d", after, before)
		}
	})
}

func TestOneBatchOrMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		batch := []paper.Observation{
			arxivRow("2605.00001", "By arXiv", "2026-05-20"),
			hubItem("2605.00001", "2026-05-27", day1.Add(time.Hour), 9),
			hubItem("2605.00001", "2026-05-27", day1, 3), // seen earlier, read later
		}
		for _, o := range batch {
			apply(t, db, o)
		}
		single := get(t, db, "2605.00001")
		other := storetest.SQLite(t)
		slices.Reverse(batch)
		apply(t, other, batch...)
		if d := cmp.Diff(single, get(t, other, "2605.00001")); d != "" {
			t.Error(d)
		}
		if single.Title != "By arXiv" || single.Votes != 9 || single.Authors[0].Name != "Ada Lovelace" {
			t.Errorf("merged wrongly: %+v", single)
		}
	})
}

// What arXiv says later leaves alone what a hub has counted.
func TestArXivLeavesTheVotes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 12))
		apply(t, db, arxivRow("2605.00001", "By arXiv", "2026-05-20"))
		if p := get(t, db, "2605.00001"); p.Votes != 12 || p.Comments != 2 {
			t.Errorf("%d votes, %d comments", p.Votes, p.Comments)
		}
	})
}

func TestVotesOverTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		apply(t, db, many(3, "2026-05-27")...)
		later := day1.Add(48 * time.Hour)
		if out := apply(t, db, counted("2605.00001", later, 100), counted("2605.00077", later, 8)); out != (store.Outcome{Changed: 2, Waiting: 1}) {
			t.Fatalf("%+v", out)
		}
		rows, err := db.Edition(t.Context(), "2026-05-27", nil, 10)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(rows); got[0] != "2605.00001" {
			t.Errorf("order %v", got)
		}
		history, err := db.Signals(t.Context(), "2605.00001", paper.SignalVotes)
		if err != nil || len(history) != 2 || history[1].Value != 100 {
			t.Errorf("history %v, %v", history, err)
		}
		// The count that waited is there when its paper comes.
		apply(t, db, arxivRow("2605.00077", "Late", "2026-05-20"))
		if p := get(t, db, "2605.00077"); p.Votes != 8 {
			t.Errorf("votes %d", p.Votes)
		}
	})
}

func TestEditionPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		apply(t, db, many(25, "2026-05-27")...)
		for _, period := range []paper.Period{"2026-05-27", "2026-W22", "2026-05"} {
			whole, err := db.Edition(t.Context(), period, nil, 100)
			if err != nil || len(whole) != 25 {
				t.Fatalf("%s: %d papers, %v", period, len(whole), err)
			}
			var paged []store.Row
			for after := (*store.RankKey)(nil); ; {
				page, err := db.Edition(t.Context(), period, after, 4)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				paged = append(paged, page...)
				after = &page[len(page)-1].RankKey
			}
			if d := cmp.Diff(ids(whole), ids(paged)); d != "" {
				t.Errorf("%s: %s", period, d)
			}
			if !slices.IsSortedFunc(whole, func(a, b store.Row) int { return b.Paper.Votes - a.Paper.Votes }) {
				t.Errorf("%s: not by votes", period)
			}
			n, of, err := db.Rank(t.Context(), period, whole[6].Paper.ID)
			if err != nil || n != 7 || of != len(whole) {
				t.Errorf("%s: standing %d of %d, %v", period, n, of, err)
			}
		}
	})
}

func TestPaperOnTwoDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		apply(t, db, hubItem("2605.00001", "2026-05-28", day1.Add(24*time.Hour), 4), hubItem("2605.00001", "2026-05-27", day1, 3))
		for period, want := range map[paper.Period]int{"2026-05-27": 1, "2026-05-28": 1, "2026-W22": 1, "2026-05": 1} {
			if e, err := db.Around(t.Context(), period); err != nil || e.Papers != want {
				t.Errorf("%s has %d papers, %v", period, e.Papers, err)
			}
		}
		rows, err := db.Edition(t.Context(), "2026-05-28", nil, 5)
		if err != nil || rows[0].Submission.Day != "2026-05-27" {
			t.Errorf("first submission %+v, %v", rows[0].Submission, err)
		}
	})
}

func TestListsByPublication(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		apply(t, db,
			arxivRow("2605.00001", "Middle", "2026-05-10"),
			arxivRow("2605.00002", "Newest", "2026-05-20"),
			arxivRow("hep-th/9901001", "Oldest", "1999-01-04"),
		)
		month := arxivRow("2605.00003", "Some time in May", "2026-05-01")
		month.Paper.Published.Precision = paper.PrecisionMonth
		apply(t, db, month)
		want := []paper.ID{"2605.00002", "2605.00001", "2605.00003", "hep-th/9901001"}
		for name, list := range map[string]func(store.Keyset) ([]store.Row, error){
			"newest": func(m store.Keyset) ([]store.Row, error) { return db.Newest(t.Context(), m, 1) },
			"author": func(m store.Keyset) ([]store.Row, error) { return db.ByAuthor(t.Context(), "grace-hopper", m, 1) },
		} {
			var got []paper.ID
			for m := (store.Keyset{}); ; {
				rows, err := list(m)
				if err != nil {
					t.Fatal(err)
				}
				if len(rows) == 0 {
					break
				}
				got = append(got, rows[0].Paper.ID)
				m = store.KeysetOf(&rows[0].Paper)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	})
}

func TestAuthorsFollowThePaper(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := arxivRow("2605.00001", "First", "2026-05-10")
		apply(t, db, o)
		o.Paper.Authors = []paper.Author{{Name: "Alan Turing"}}
		o.Paper.Published.Time = o.Paper.Published.Time.AddDate(0, 0, 1)
		o.Fingerprint++
		apply(t, db, o)
		for slug, want := range map[string]int{"grace-hopper": 0, "alan-turing": 1} {
			if n, err := db.CountByAuthor(t.Context(), slug, 10); err != nil || n != want {
				t.Errorf("%s has %d papers, %v", slug, n, err)
			}
		}
	})
}

func TestChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		apply(t, db, arxivRow("2605.00001", "One", "2026-05-10"), arxivRow("2605.00002", "Two", "2026-05-11"))
		first, err := db.Changes(ctx, 0, 10)
		if err != nil || len(first) != 2 {
			t.Fatalf("%v, %v", first, err)
		}
		seq := first[1].Seq
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 1))
		next, err := db.Changes(ctx, seq, 10)
		if err != nil || len(next) != 1 || next[0].ID != "2605.00001" || next[0].Seq <= seq {
			t.Errorf("%v, %v", next, err)
		}
	})
}

func TestFailedBatchLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := db.Apply(ctx, many(5, "2026-05-27")); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if n, err := db.Papers(t.Context()); n != 0 || err != nil {
			t.Errorf("%d papers, %v", n, err)
		}
		apply(t, db, many(5, "2026-05-27")...)
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`insert into schema_version (version) values (9999)`); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), "sqlite:"+path); !errors.Is(err, store.ErrNewer) {
		t.Errorf("error %v", err)
	}
}

func TestTwoProgramsStartAtOnce(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") },
		"postgres": func(t *testing.T) string { return storetest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			u := url(t)
			errs := make(chan error, 4)
			for range cap(errs) {
				go func() {
					db, err := store.Open(context.Background(), u)
					if err == nil {
						err = db.Close()
					}
					errs <- err
				}()
			}
			for range cap(errs) {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
		})
	}
}

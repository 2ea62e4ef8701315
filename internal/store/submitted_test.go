package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestSubmitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		old := hubItem("2605.00001", "2026-05-27", day1, 3)
		young := hubItem("2605.00002", "2026-05-26", day1, 9)
		young.Paper.Published = paper.Date{Time: day1, Precision: paper.PrecisionTime}
		bobs := hubItem("2605.00003", "2026-05-27", day1, 5)
		bobs.Submission.By = &paper.Person{Name: "bob"}
		apply(t, db, old, young, bobs, arxivRow("2605.00009", "Never submitted", "2026-05-27"))

		check := func(what string, want ...paper.ID) func([]store.Row, error) {
			return func(rows []store.Row, err error) {
				t.Helper()
				if err != nil || !slices.Equal(ids(rows), want) {
					t.Errorf("%s: %v, %v; want %v", what, ids(rows), err, want)
				}
			}
		}
		ctx := t.Context()
		check("all", "2605.00002", "2605.00003", "2605.00001")(db.Submitted(ctx, "", 0, 10))
		check("a part", "2605.00003")(db.Submitted(ctx, "", 1, 1))
		check("behind the end")(db.Submitted(ctx, "", 100, 10))
		check("of one submitter", "2605.00003")(db.Submitted(ctx, "bob", 0, 10))
		check("of nobody")(db.Submitted(ctx, "eve", 0, 10))
		check("a day", "2605.00003", "2605.00001")(db.SubmittedIn(ctx, "2026-05-27", "", store.ByPublication, 0, 10))
		check("a week by votes", "2605.00002", "2605.00003", "2605.00001")(db.SubmittedIn(ctx, "2026-W22", "", store.ByVotes, 0, 10))
		check("a month of one submitter", "2605.00002", "2605.00001")(db.SubmittedIn(ctx, "2026-05", "ann", store.ByPublication, 0, 10))

		// An earlier edition comes to light: it says who was first.
		first := hubItem("2605.00003", "2026-05-20", day1.Add(time.Hour), 6)
		first.Submission.By = &paper.Person{Name: "cy"}
		apply(t, db, first)
		check("of who was second")(db.Submitted(ctx, "bob", 0, 10))
		check("of who was first", "2605.00003")(db.Submitted(ctx, "cy", 0, 10))
		rows, err := db.SubmittedIn(ctx, "2026-05-27", "bob", store.ByPublication, 0, 10)
		if err != nil || len(rows) != 1 || rows[0].Submission.Day != "2026-05-27" {
			t.Errorf("the second edition's own submission: %+v, %v", rows, err)
		}
		scored, err := db.CandidatesBy(ctx, "cy", 10)
		if err != nil || len(scored) != 1 || scored[0].Day != "2026-05-20" || scored[0].Votes != 6 {
			t.Errorf("%+v, %v", scored, err)
		}
	})
}

func TestListsOfEditionsAndPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		apply(t, db, hubItem("2605.00001", "2026-05-27", day1, 3), hubItem("2605.00002", "2026-05-20", day1, 9))
		editions, err := db.Editions(t.Context(), paper.KindDay, "", 10)
		if want := []store.PeriodCount{{Period: "2026-05-27", Papers: 1}, {Period: "2026-05-20", Papers: 1}}; err != nil || !slices.Equal(editions, want) {
			t.Errorf("%v, %v", editions, err)
		}
		if before, err := db.Editions(t.Context(), paper.KindWeek, "2026-W22", 10); err != nil || len(before) != 1 || before[0].Period != "2026-W21" {
			t.Errorf("%v, %v", before, err)
		}
		if all, err := db.Organizations(t.Context(), "", 10); err != nil || len(all) != 1 || all[0].FullName != "Acme Research" {
			t.Errorf("%v, %v", all, err)
		}
		authors, err := db.Authors(t.Context(), "ada-lovelace", 10)
		if want := []store.AuthorRow{{Slug: "paul-erdos", Name: "Paul Erdős"}}; err != nil || !slices.Equal(authors, want) {
			t.Errorf("%v, %v", authors, err)
		}
	})
}

// Several editions read together are what each of them is alone, though a paper stands in
// two of them.
func TestEditionsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for i := range 30 {
			apply(t, db, hubItem(fmt.Sprintf("2605.%05d", i+1), "2026-05-27", day1.Add(time.Duration(i)*time.Minute), i*7%11))
		}
		apply(t, db, hubItem("2605.00003", "2026-05-28", day1.Add(30*time.Hour), 2))
		periods := []paper.Period{"2026-05-28", "2026-05-27", "2026-W22", "1999-01-01", "2026-05"}
		got, err := db.EditionsOf(t.Context(), periods, 12)
		if err != nil || len(got["2026-05-27"]) != 12 || len(got["2026-05-28"]) != 1 || got["2026-05-28"][0].Paper.Thumbnail == "" {
			t.Fatalf("%d editions, %v", len(got), err)
		}
		for _, p := range periods {
			want, err := db.Edition(t.Context(), p, nil, 12)
			if d := cmp.Diff(want, got[p]); d != "" || err != nil {
				t.Errorf("%s: %s, %v", p, d, err)
			}
		}
		if none, err := db.EditionsOf(t.Context(), nil, 12); len(none) != 0 || err != nil {
			t.Errorf("of none: %v, %v", none, err)
		}
	})
}

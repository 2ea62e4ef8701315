package catalog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestDaily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		seen := map[paper.ID]bool{}
		last := ""
		for page := 0; ; page++ {
			entries, more, err := c.Daily(t.Context(), catalog.Daily{Page: page, Limit: 6})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				now := e.Paper.Published.String()
				if seen[e.Paper.ID] || last != "" && now > last {
					t.Errorf("page %d: %s of %s comes after %s, or again", page, e.Paper.ID, now, last)
				}
				seen[e.Paper.ID], last = true, now
			}
			if !more {
				break
			}
		}
		if len(seen) != 20 {
			t.Errorf("%d papers on all pages", len(seen))
		}
		byVotes, _, err := c.Daily(t.Context(), catalog.Daily{Period: "2026-05-27", Trending: true, Limit: 10})
		edition, _ := c.Edition(t.Context(), "2026-05-27", "", 10)
		if err != nil || !slices.Equal(ids(byVotes), ids(edition.Entries)) {
			t.Errorf("a day by votes is not its page: %v, %v", ids(byVotes), err)
		}
		trending, more, err := c.Daily(t.Context(), catalog.Daily{Trending: true, Page: 1, Limit: 8})
		if err != nil || !more || len(trending) != 8 || trending[0].Rank != 9 {
			t.Errorf("%v, %v, %v", ids(trending), more, err)
		}
		if none, more, err := c.Daily(t.Context(), catalog.Daily{Page: 100, Limit: 100}); err != nil || more || len(none) != 0 {
			t.Errorf("behind the end: %v, %v, %v", none, more, err)
		}
	})
}

// What is trending of one submitter is that submitter's papers and nobody else's, by the
// score that they have among all.
func TestTrendingBySubmitter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		var batch []paper.Observation
		for i, by := range []string{"ada", "grace", "ada", "ada", "grace"} {
			id := paper.ID(fmt.Sprintf("2604.%05d", i+1))
			at := paper.Day("2026-05-26").Time().Add(time.Duration(13+i) * time.Hour)
			batch = append(batch, paper.Observation{
				Source: paper.SourceHub, At: at, Fingerprint: int64(1000 + i),
				Paper:      paper.Paper{ID: id, Title: "Paper " + string(id), Published: id.Month()},
				Submission: &paper.Submission{Day: "2026-05-26", At: at, By: &paper.Person{Name: by}},
				Signals:    []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: 3 * i}},
			})
		}
		if _, err := db.Apply(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			submitter string
			page      int
			want      []paper.ID
			more      bool
		}{
			{"ada", 0, []paper.ID{"2604.00004", "2604.00003"}, true},
			{"ada", 1, []paper.ID{"2604.00001"}, false},
			{"grace", 0, []paper.ID{"2604.00005", "2604.00002"}, false},
			{"nobody", 0, nil, false},
		} {
			got, more, err := c.Daily(t.Context(), catalog.Daily{Submitter: tt.submitter, Trending: true, Page: tt.page, Limit: 2})
			if err != nil || more != tt.more || !slices.Equal(ids(got), tt.want) {
				t.Errorf("%s, page %d: %v, more %v, %v", tt.submitter, tt.page, ids(got), more, err)
				continue
			}
			for i, e := range got {
				d, err := c.Paper(t.Context(), e.Paper.ID)
				if err != nil || e.Rank != 2*tt.page+i+1 || e.Score != d.Score {
					t.Errorf("%s of %s: rank %d, score %v, not %v; %v", e.Paper.ID, tt.submitter, e.Rank, e.Score, d.Score, err)
				}
			}
		}
	})
}

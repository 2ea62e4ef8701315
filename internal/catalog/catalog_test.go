package catalog_test

import (
	"broadsheet/internal/papertest"

	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

var noon = time.Date(2026, 5, 29, 16, 0, 0, 0, time.UTC) // noon in New York

// open returns a catalog of four editions: 25, 26, 27 and 29 May 2026.
func open(t *testing.T, db *store.DB, now time.Time) *catalog.Catalog {
	t.Helper()
	var batch []paper.Observation
	for d, day := range []paper.Day{"2026-05-25", "2026-05-26", "2026-05-27", "2026-05-29"} {
		for i := range 5 {
			at := day.Time().Add(12 * time.Hour)
			id := paper.ID(fmt.Sprintf("2605.%05d", d*100+i+1))
			batch = append(batch, paper.Observation{
				Source: paper.SourceHub, At: at, Fingerprint: int64(d*100 + i + 1),
				Paper: paper.Paper{
					ID: id, Title: "Paper " + string(id), Abstract: "Something.",
					Authors:      []paper.Author{{Name: "Émilie du Châtelet"}},
					Organization: &paper.Organization{Name: "acme", FullName: "Acme"},
					Published:    paper.Date{Time: day.Add(-i).Time(), Precision: paper.PrecisionDay},
				},
				Submission: &paper.Submission{Day: day, At: at},
				Signals:    []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: (i * 7) % 5 * 10}},
			})
		}
	}
	if _, err := db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	return catalog.New(db, papertest.Clock(), func() time.Time { return now })
}

func ids(entries []catalog.Entry) []paper.ID {
	var all []paper.ID
	for _, e := range entries {
		all = append(all, e.Paper.ID)
	}
	return all
}

func TestEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		e, err := c.Edition(t.Context(), "2026-05-27", "", 50)
		if err != nil {
			t.Fatal(err)
		}
		if e.Prev != "2026-05-26" || e.Next != "2026-05-29" || e.State != catalog.Closed || e.Total != 5 || e.More != "" {
			t.Errorf("%+v", e)
		}
		if e.Entries[0].Paper.Votes != 40 || e.Entries[0].Rank != 1 || e.Entries[4].Rank != 5 {
			t.Errorf("order %v", ids(e.Entries))
		}
		if latest, err := c.Latest(t.Context()); latest != "2026-05-29" || err != nil {
			t.Errorf("latest %s, %v", latest, err)
		}
		if near, err := c.Nearest(t.Context(), "2026-05-28"); near != "2026-05-27" || err != nil {
			t.Errorf("nearest %s, %v", near, err)
		}
		if near, err := c.Nearest(t.Context(), "2026-05-01"); near != "2026-05-25" || err != nil {
			t.Errorf("nearest %s, %v", near, err)
		}
		if _, err := c.Edition(t.Context(), "2026-05-28", "", 50); !errors.Is(err, paper.ErrNotFound) {
			t.Errorf("a day without papers: %v", err)
		}
	})
}

func TestEditionState(t *testing.T) {
	opens := papertest.Clock().OpensAt("2026-05-29")
	for _, c := range []struct {
		now  time.Time
		want catalog.State
		next paper.Day
	}{
		{opens.Add(-time.Second), catalog.Upcoming, "2026-05-29"},
		{opens, catalog.Open, "2026-05-30"},
		{opens.Add(24*time.Hour - time.Second), catalog.Open, "2026-05-30"},
		{opens.Add(24 * time.Hour), catalog.Closed, "2026-05-31"},
	} {
		e, err := open(t, storetest.SQLite(t), c.now).Edition(t.Context(), "2026-05-29", "", 50)
		if err != nil {
			t.Fatal(err)
		}
		if e.State != c.want || !e.NextOpens.Equal(papertest.Clock().OpensAt(c.next)) {
			t.Errorf("at %s: %s, next %s", c.now, e.State, e.NextOpens)
		}
	}
}

// Every list, read page by page, is the list.
func TestPaging(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c, ctx := open(t, db, noon), t.Context()
		for name, list := range map[string]func(cursor string, limit int) ([]catalog.Entry, string, error){
			"week": func(cursor string, limit int) ([]catalog.Entry, string, error) {
				e, err := c.Edition(ctx, "2026-W22", cursor, limit)
				if err != nil {
					return nil, "", err
				}
				return e.Entries, e.More, nil
			},
			"new": func(cursor string, limit int) ([]catalog.Entry, string, error) {
				return listed(c.New(ctx, cursor, limit))
			},
			"trending": func(cursor string, limit int) ([]catalog.Entry, string, error) {
				return listed(c.Trending(ctx, rank.Default, cursor, limit))
			},
			"author": func(cursor string, limit int) ([]catalog.Entry, string, error) {
				return profiled(c.Author(ctx, "emilie-du-chatelet", cursor, limit))
			},
			"organization": func(cursor string, limit int) ([]catalog.Entry, string, error) {
				return profiled(c.Organization(ctx, "acme", cursor, limit))
			},
		} {
			whole, more, err := list("", 100)
			if err != nil || more != "" || len(whole) != 20 {
				t.Fatalf("%s: %d papers, more %q, %v", name, len(whole), more, err)
			}
			var paged []catalog.Entry
			for cursor := ""; ; {
				page, more, err := list(cursor, 3)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				paged = append(paged, page...)
				if cursor = more; cursor == "" {
					break
				}
			}
			if d := cmp.Diff(whole, paged); d != "" {
				t.Errorf("%s: %s", name, d)
			}
			var invalid *paper.InvalidError
			for _, cursor := range []string{"x", "1~2", "~~~", "9~9~9~../etc", "-1", "1~-5~2~2605.00001"} {
				if _, _, err := list(cursor, 3); !errors.As(err, &invalid) {
					t.Errorf("%s: cursor %q: %v", name, cursor, err)
				}
			}
		}
	})
}

func listed(l *catalog.List, err error) ([]catalog.Entry, string, error) {
	if err != nil {
		return nil, "", err
	}
	return l.Entries, l.More, nil
}

func profiled(p *catalog.Profile, err error) ([]catalog.Entry, string, error) {
	if err != nil {
		return nil, "", err
	}
	return p.Entries, p.More, nil
}

func TestTrending(t *testing.T) {
	c := open(t, storetest.SQLite(t), noon)
	l, err := c.Trending(t.Context(), rank.Default, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(l.Entries, func(a, b catalog.Entry) int {
		switch {
		case a.Score.Total > b.Score.Total:
			return -1
		case a.Score.Total < b.Score.Total:
			return 1
		}
		return 0
	}) {
		t.Error("not by score")
	}
	detail, err := c.Paper(t.Context(), l.Entries[3].Paper.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(l.Entries[3].Score, detail.Score); d != "" {
		t.Error(d)
	}
	votesOnly, err := c.Trending(t.Context(), rank.Weights{Vote: 1, HalfDay: 1e9}, "", 1)
	if err != nil || votesOnly.Entries[0].Paper.Votes != 40 {
		t.Errorf("%+v, %v", votesOnly, err)
	}
}

func TestPaper(t *testing.T) {
	c := open(t, storetest.SQLite(t), noon)
	e, err := c.Edition(t.Context(), "2026-05-27", "", 50)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Paper(t.Context(), e.Entries[2].Paper.ID)
	if err != nil || s.Rank != 3 || s.Of != 5 || len(s.Submissions) != 1 || len(s.Votes) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestArchiveAndStats(t *testing.T) {
	db := storetest.SQLite(t)
	empty := catalog.New(db, papertest.Clock(), func() time.Time { return noon })
	if cal, err := empty.Archive(t.Context(), 0); err != nil || len(cal.Days) != 0 || cal.Year != 2026 {
		t.Errorf("empty: %+v, %v", cal, err)
	}
	c := open(t, db, noon)
	cal, err := c.Archive(t.Context(), 0)
	want := &catalog.Calendar{Year: 2026, Years: []int{2026}, Days: []catalog.DayCount{
		{"2026-05-25", 5}, {"2026-05-26", 5}, {"2026-05-27", 5}, {"2026-05-29", 5},
	}}
	if d := cmp.Diff(want, cal); d != "" || err != nil {
		t.Error(d, err)
	}
	stats, err := c.Stats(t.Context())
	if err != nil || stats.Papers != 20 || stats.Editions != 4 || stats.Demo {
		t.Errorf("%+v, %v", stats, err)
	}
	months, err := c.SitemapMonths(t.Context())
	if err != nil || len(months) != 1 || months[0].Period != "2026-05" {
		t.Errorf("%v, %v", months, err)
	}
	if ids, err := c.Sitemap(t.Context(), "2026-05"); err != nil || len(ids) != 20 {
		t.Errorf("%d papers in the sitemap, %v", len(ids), err)
	}
}

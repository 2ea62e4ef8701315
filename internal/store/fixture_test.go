package store_test

import (
	"fmt"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

var day1 = time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)

// hubItem is what a hub says of a paper at a time.
func hubItem(id string, day paper.Day, at time.Time, votes int) paper.Observation {
	return paper.Observation{
		Source: paper.SourceHub,
		At:     at,
		Paper: paper.Paper{
			ID:           paper.ID(id),
			Title:        "Title of " + id,
			Abstract:     "What paper " + id + " is about.",
			Authors:      []paper.Author{{Name: "Ada Lovelace", Key: "a1"}, {Name: "Paul Erdős"}},
			Published:    paper.Date{Time: day.Add(-1).Time(), Precision: paper.PrecisionDay},
			Organization: &paper.Organization{Name: "acme", FullName: "Acme Research"},
			Summary:      "In short: " + id,
			Keywords:     []string{"things"},
			Links:        []paper.Link{{Kind: paper.LinkCode, URL: "https://github.com/acme/" + id, Grade: paper.GradeReader}},
			Media:        []string{"https://example.org/a.png", "https://example.org/b.mp4"},
			Thumbnail:    "https://example.org/t.png",
		},
		Submission:  &paper.Submission{Day: day, At: at, By: &paper.Person{Name: "ann", FullName: "Ann"}},
		Signals:     []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: votes}, {Kind: paper.SignalComments, At: at, Value: 2}},
		Fingerprint: at.UnixMicro()*1000 + int64(votes) + int64(len(id)) + 7,
	}
}

// arxivRow is what arXiv says of a paper.
func arxivRow(id, title, published string) paper.Observation {
	t, _ := time.Parse(time.DateOnly, published)
	return paper.Observation{
		Source: paper.SourceArXiv,
		Paper: paper.Paper{
			ID: paper.ID(id), Title: title, Abstract: "Abstract of " + title + ".",
			Authors:    []paper.Author{{Name: "Grace Hopper"}},
			Categories: []string{"cs.CL", "cs.AI"},
			Published:  paper.Date{Time: t, Precision: paper.PrecisionDay},
			Remarks:    "12 pages",
			DOI:        "10.1000/xyz",
			Versions:   []paper.Version{{Number: 1, Created: t}, {Number: 2, Created: t.AddDate(0, 1, 0)}},
		},
		Fingerprint: int64(len(id)*1000+len(title)) + 1,
	}
}

// counted is what a hub counts of a paper at a time.
func counted(id paper.ID, at time.Time, votes int) paper.Observation {
	return paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: id},
		Signals: []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: votes}}}
}

func apply(t *testing.T, db *store.DB, batch ...paper.Observation) store.Outcome {
	t.Helper()
	out, err := db.Apply(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func get(t *testing.T, db *store.DB, id paper.ID) paper.Paper {
	t.Helper()
	p, err := db.Paper(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func version(t *testing.T, db *store.DB) int64 {
	t.Helper()
	v, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// many returns n papers of one day, all with the same votes but one.
func many(n int, day paper.Day) []paper.Observation {
	var all []paper.Observation
	for i := range n {
		all = append(all, hubItem(fmt.Sprintf("2605.%05d", i+1), day, day1, 5+i%3))
	}
	return all
}

func ids(rows []store.Row) []paper.ID {
	var all []paper.ID
	for _, r := range rows {
		all = append(all, r.Paper.ID)
	}
	return all
}

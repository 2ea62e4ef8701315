package hub

import (
	"io"
	"os"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/source/record"
)

// each reads a file of real data to its end, and skips where it is not at hand.
func each(t *testing.T, name string, use func(data []byte) error) int {
	t.Helper()
	if testing.Short() {
		t.Skip("reads all of the real data")
	}
	path := "../../../../shared/data/" + name
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data: %v", err)
	}
	r, err := record.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for n := 0; ; n++ {
		rec, err := r.Next()
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := use(rec.Data); err != nil {
			t.Error(rec.Bad(r.Name(), err))
		}
	}
}

// TestWholeFile reads two years of real items, in all the shapes they had. The
// counts were taken from the file by other means.
func TestWholeFile(t *testing.T) {
	ids := map[paper.ID]bool{}
	count := map[string]int{}
	rows := each(t, "hf_daily_raw.jsonl.zst", func(data []byte) error {
		o, err := DecodeItem(data)
		if err == nil {
			ids[o.Paper.ID] = true
			tally(count, o)
		}
		return err
	})
	count["rows"], count["papers"] = rows, len(ids)
	for what, want := range map[string]int{
		"rows": 15_055, "papers": 11_112, "submissions": 15_055, "by": 14_681, "organizations": 3178,
		"day only": 1044, "authors": 152_097, "persons": 20_460, "summaries": 9011,
		"signals": 15_055*2 + 3870, "thumbnails": 15_055,
		"project links": 4087, // of 4,088; one holds two addresses with a brace between them
	} {
		if count[what] != want {
			t.Errorf("%s: %d, want %d", what, count[what], want)
		}
	}
	t.Log(count)
}

func tally(count map[string]int, o paper.Observation) {
	p := o.Paper
	count["authors"] += len(p.Authors)
	count["signals"] += len(o.Signals)
	for _, a := range p.Authors {
		count["persons"] += one(a.Person != nil)
	}
	for _, l := range p.Links {
		count[string(l.Kind)+" links"]++
		count["by "+string(l.Grade)]++
	}
	count["submissions"] += one(o.Submission != nil)
	count["by"] += one(o.Submission != nil && o.Submission.By != nil)
	count["organizations"] += one(p.Organization != nil)
	count["day only"] += one(p.Published.Precision == paper.PrecisionDay)
	count["summaries"] += one(p.Summary != "")
	count["thumbnails"] += one(p.Thumbnail != "")
	count["media"] += len(p.Media)
	count["keywords"] += len(p.Keywords)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func TestWholeTables(t *testing.T) {
	t.Run("votes", func(t *testing.T) {
		rows := each(t, "hf_upvotes.jsonl.zst", func(data []byte) error { _, err := DecodeCounts(data); return err })
		if rows != 16_861 {
			t.Errorf("%d rows, want 16,861", rows)
		}
	})
	t.Run("organizations", func(t *testing.T) {
		rows := each(t, "hf_organizations.jsonl", func(data []byte) error { _, err := DecodeOrganization(data); return err })
		if rows != 932 {
			t.Errorf("%d rows, want 932", rows)
		}
	})
}

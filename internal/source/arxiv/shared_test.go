package arxiv

import (
	"errors"
	"io"
	"os"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/source/record"
)

// TestWholeFile reads the file that the numbers in its description are about: every
// twentieth row, or all of them, with their numbers, when BROADSHEET_WHOLE_CORPUS
// is 1.
func TestWholeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 860 MB")
	}
	step := 20
	if os.Getenv("BROADSHEET_WHOLE_CORPUS") == "1" {
		step = 1
	}
	r := openData(t, "arxiv.jsonl.zst")
	seen := make(map[paper.ID]struct{}, 700_000)
	rows, repaired, monthOnly := 0, 0, 0
	for n := 0; ; n++ {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n%step != 0 {
			continue
		}
		o, err := DecodeSnapshot(rec.Data)
		if err != nil {
			t.Fatal(rec.Bad(r.Name(), err))
		}
		rows++
		seen[o.Paper.ID] = struct{}{}
		if o.Repaired {
			repaired++
		}
		if o.Paper.Published.Precision == paper.PrecisionMonth {
			monthOnly++
		}
	}
	if step > 1 {
		if want := (677_454 + step - 1) / step; rows != want {
			t.Errorf("%d rows, want %d", rows, want)
		}
		return
	}
	for _, tt := range []struct {
		what      string
		got, want int
	}{
		{"rows", rows, 677_454},
		{"repaired identifiers", repaired, 97_808},
		{"papers", len(seen), 629_088},
		{"dates known to the month", monthOnly, 119_837},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %d, want %d", tt.what, tt.got, tt.want)
		}
	}
}

// TestKaggleSample reads real rows of the shape that arXiv puts on Kaggle.
func TestKaggleSample(t *testing.T) {
	r := openData(t, "protocol/kaggle/arxiv-metadata-oai-snapshot.sample.jsonl")
	rows := 0
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows++
		checkKaggleRow(t, r, rec)
	}
	if rows != 200 {
		t.Errorf("%d rows, want 200", rows)
	}
}

func checkKaggleRow(t *testing.T, r *record.Reader, rec record.Record) {
	t.Helper()
	o, err := DecodeSnapshot(rec.Data)
	if err != nil {
		t.Error(rec.Bad(r.Name(), err))
		return
	}
	p := o.Paper
	if o.At.IsZero() || p.Published.Precision != paper.PrecisionTime || len(p.Versions) == 0 ||
		len(p.Authors) == 0 || len(p.Categories) == 0 || p.Abstract == "" || o.Repaired {
		t.Errorf("%s:%d: something is missing: %+v", r.Name(), rec.Line, o)
	}
}

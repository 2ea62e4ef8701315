package paper

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func said(s Source, hour int, mended bool, print int64, p Paper) Observation {
	o := Observation{Source: s, Paper: p, Mended: mended, Fingerprint: print}
	if hour > 0 {
		o.At = time.Date(2026, 5, 27, hour, 0, 0, 0, time.UTC)
	}
	return o
}

func date(day int, precision Precision) Date {
	return Date{time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC), precision}
}

// observations say different things of one paper; none of them is a tie between
// undated rows, where the order of reading decides by design.
func observations() []Observation {
	code := []Link{{Kind: LinkCode, URL: "https://github.com/a/b", Grade: GradeReader}}
	text := []Link{{Kind: LinkCode, URL: "https://github.com/a/b", Grade: GradeAuthors}}
	return []Observation{
		said(SourceHub, 5, false, 1, Paper{Title: "early", Abstract: "a", Authors: []Author{{Name: "A"}}, Published: date(20, PrecisionDay), Summary: "s1"}),
		said(SourceHub, 9, false, 2, Paper{Title: "late", Abstract: "b", Authors: []Author{{Name: "B"}}, Published: date(20, PrecisionTime), Summary: "s2", Links: code}),
		said(SourceHub, 9, false, 3, Paper{Title: "late too", Abstract: "c", Authors: []Author{{Name: "C"}}, Published: date(21, PrecisionTime), Links: code}),
		said(SourceArXiv, 0, true, 4, Paper{Title: "mended", Abstract: "d", Authors: []Author{{Name: "D"}}, Published: date(1, PrecisionMonth)}),
		said(SourceArXiv, 0, false, 5, Paper{Title: "whole", Abstract: "e", Authors: []Author{{Name: "E"}}, Published: date(19, PrecisionDay), Links: text, DOI: "10.1/x"}),
	}
}

func TestRecordDoesNotDependOnOrder(t *testing.T) {
	var want Record
	all := observations()
	for _, o := range all {
		want.Add(o)
	}
	if p := want.Paper; p.Title != "whole" || p.Authors[0].Name != "C" || p.Summary != "" || p.Published != date(21, PrecisionTime) || p.Demo {
		t.Fatalf("merged wrongly: %+v", p)
	}
	if l := want.Paper.Links; len(l) != 1 || l[0].Grade != GradeAuthors {
		t.Fatalf("links %+v", l)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var got Record
		for _, i := range rng.Perm(len(all)) {
			got.Add(all[i])
		}
		for _, o := range all { // once more changes nothing
			if got.Add(o) {
				t.Fatalf("%q said again changes %+v", o.Paper.Title, got.Paper)
			}
		}
		got.DateRank, want.DateRank = 0, 0
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	}
}

func TestBeats(t *testing.T) {
	now := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name      string
		s, old    Stamp
		want      bool
		otherWise bool
	}{
		{"first", Stamp{Fingerprint: 1}, Stamp{}, true, false},
		{"the very same", Stamp{now, false, 1}, Stamp{now, false, 1}, false, false},
		{"later", Stamp{now.Add(1), false, 1}, Stamp{now, false, 2}, true, false},
		{"whole against mended", Stamp{Fingerprint: 1}, Stamp{Mended: true, Fingerprint: 2}, true, false},
		{"two mended", Stamp{Mended: true, Fingerprint: 2}, Stamp{Mended: true, Fingerprint: 1}, true, false},
		{"undated, read later", Stamp{Fingerprint: 1}, Stamp{Fingerprint: 2}, true, true},
		{"one time, two records", Stamp{now, false, 1}, Stamp{now, false, 2}, false, true},
		{"says nothing", Stamp{At: now}, Stamp{}, false, false},
	} {
		if got := c.s.Beats(c.old); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := c.old.Beats(c.s); got != c.otherWise {
			t.Errorf("%s, the other way: %v", c.name, got)
		}
	}
}

func TestDemoGivesWay(t *testing.T) {
	var r Record
	r.Add(said(SourceDemo, 1, false, 1, Paper{Title: "demo", Summary: "ours", Organization: &Organization{Name: "o"}}))
	if !r.Paper.Demo {
		t.Error("not marked as demonstration")
	}
	r.Add(said(SourceArXiv, 0, false, 2, Paper{Title: "real", Abstract: "a"}))
	if r.Add(said(SourceDemo, 2, false, 9, Paper{Title: "demo again"})) || r.Paper.Title != "real" || r.Paper.Demo {
		t.Errorf("demo did not give way: %+v", r.Paper)
	}
	r.Forget(SourceDemo)
	if r.Paper.Summary != "" || r.Paper.Organization != nil || r.Has(SourceDemo) {
		t.Errorf("demo left a trace: %+v", r.Paper)
	}
}

package paper

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func said(s Source, hour int, repaired bool, print int64, p Paper) Observation {
	o := Observation{Source: s, Paper: p, Repaired: repaired, Fingerprint: print}
	if hour > 0 {
		o.At = time.Date(2026, 5, 27, hour, 0, 0, 0, time.UTC)
	}
	return o
}

func date(day int, precision Precision) Date {
	return Date{time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC), precision}
}

// sourceZoo is a source that no table knows.
const sourceZoo Source = "zoo"

// observations say different things of one paper; none of them is a tie between
// undated rows, where the order of reading decides by design.
func observations() []Observation {
	code := []Link{{Kind: LinkCode, URL: "https://github.com/a/b", Grade: GradeReader}}
	text := []Link{{Kind: LinkCode, URL: "https://github.com/a/b", Grade: GradeAuthors}}
	zoo := []Link{{Kind: LinkProject, URL: "https://example.org/zoo", Grade: GradeListed}}
	return []Observation{
		said(SourceHub, 5, false, 1, Paper{Title: "early", Abstract: "a", Authors: []Author{{Name: "A"}}, Published: date(20, PrecisionDay), Summary: "s1"}),
		said(SourceHub, 9, false, 2, Paper{Title: "late", Abstract: "b", Authors: []Author{{Name: "B"}}, Published: date(20, PrecisionTime), Summary: "s2", Links: code}),
		said(SourceHub, 9, false, 3, Paper{Title: "late too", Abstract: "c", Authors: []Author{{Name: "C"}}, Published: date(21, PrecisionTime), Links: code}),
		said(SourceArXiv, 0, true, 4, Paper{Title: "repaired", Abstract: "d", Authors: []Author{{Name: "D"}}, Published: date(1, PrecisionMonth)}),
		said(SourceArXiv, 0, false, 5, Paper{Title: "whole", Abstract: "e", Authors: []Author{{Name: "E"}}, Published: date(19, PrecisionDay), Links: text, DOI: "10.1/x"}),
		said(sourceZoo, 2, false, 6, Paper{Title: "zoo", Summary: "old", SummaryModel: "m", License: "https://example.org/l"}),
		said(sourceZoo, 3, false, 7, Paper{Title: "zoo", Organization: &Organization{Name: "z"}, ReportNo: "Z-1", Links: zoo, Media: []string{"https://example.org/m"}}),
		said(SourceDemo, 0, false, 8, Paper{Title: "demo", Summary: "shown", Keywords: []string{"k"}}),
	}
}

func TestRecordDoesNotDependOnOrder(t *testing.T) {
	var want Record
	all := observations()
	for _, o := range all {
		want.Add(o)
	}
	if p := want.Paper; p.Title != "whole" || p.Authors[0].Name != "C" || p.Summary != "shown" || p.Published != date(21, PrecisionTime) ||
		p.Demo || p.ReportNo != "Z-1" || p.License != "" || p.Organization.Name != "z" {
		t.Fatalf("merged wrongly: %+v", p)
	}
	if l := want.Paper.Links; len(l) != 2 || l[0].Grade != GradeAuthors {
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
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	}
}

// Whoever is taken out, it is as if they had never spoken; and what is written of a
// record is enough for that.
func TestSourcesAreTakenOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	all := observations()
	sources := []Source{SourceHub, SourceArXiv, sourceZoo, SourceDemo}
	for range 300 {
		out := sources[rng.IntN(len(sources))]
		var whole, want Record
		for _, i := range rng.Perm(len(all)) {
			whole.Add(all[i])
			if all[i].Source != out {
				want.Add(all[i])
			}
		}
		got := stored(t, whole)
		got.Remove(out)
		if d := cmp.Diff(want.Paper, got.Paper); d != "" {
			t.Fatalf("without %s: %s", out, d)
		}
	}
}

// stored is the record as it comes back from a database.
func stored(t *testing.T, r Record) Record {
	t.Helper()
	back := Record{Paper: r.Paper}
	for _, o := range r.Observations {
		differences, err := r.Differences(&o)
		if err != nil {
			t.Fatal(err)
		}
		links := o.Paper.Links
		o.Paper = Paper{}
		if err := o.Restore(r.Paper, differences, links); err != nil {
			t.Fatal(err)
		}
		back.Observations = append(back.Observations, o)
	}
	return back
}

func TestWhatOneSourceSaysTakesNoRoom(t *testing.T) {
	var r Record
	r.Add(observations()[4])
	if text, err := r.Differences(&r.Observations[0]); text != "" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	r.Add(observations()[2])
	text, err := r.Differences(&r.Observations[0])
	if want := `{"authors":[{"name":"E"}],"published":{"time":"2026-05-19T00:00:00Z","precision":2}}`; text != want || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

func TestChanged(t *testing.T) {
	p, q := observations()[1].Paper, observations()[1].Paper
	q.Links, q.Summary, q.Votes = nil, "", 7
	changed, err := Changed(&p, &q)
	if d := cmp.Diff([]Field{FieldSummary, FieldLinks}, changed); d != "" || err != nil {
		t.Error(d, err)
	}
	if !Searched(changed) || Searched([]Field{FieldLinks, FieldEditions}) {
		t.Error("a summary is searched for, links and editions are not")
	}
}

func TestSupersedes(t *testing.T) {
	now := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
	of := func(at time.Time, repaired bool, print int64) Observation {
		return Observation{At: at, Repaired: repaired, Fingerprint: print}
	}
	for _, c := range []struct {
		name      string
		o, old    Observation
		want      bool
		otherWise bool
	}{
		{"first", of(now, false, 1), Observation{}, true, false},
		{"later", of(now.Add(1), false, 1), of(now, false, 2), true, false},
		{"undated against dated", of(time.Time{}, false, 1), of(now, false, 2), false, true},
		{"the same again", of(now, false, 1), of(now, false, 1), false, false},
		{"the same record, read later", of(now.Add(time.Hour), false, 1), of(now, false, 1), false, false},
		{"undamaged against repaired", of(time.Time{}, false, 1), of(time.Time{}, true, 2), true, false},
		{"repaired twice", of(time.Time{}, true, 1), of(time.Time{}, true, 2), false, true},
		{"undated, read later", of(time.Time{}, false, 1), of(time.Time{}, false, 2), true, true},
		{"one time, two records", of(now, false, 1), of(now, false, 2), false, true},
		{"says nothing", of(now, false, 0), Observation{}, false, false},
	} {
		if got := c.o.Supersedes(c.old); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := c.old.Supersedes(c.o); got != c.otherWise {
			t.Errorf("%s, the other way: %v", c.name, got)
		}
	}
}

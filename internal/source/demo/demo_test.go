package demo

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

func observations(t *testing.T) []paper.Observation {
	t.Helper()
	list, err := Observations()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEdition(t *testing.T) {
	list := observations(t)
	if len(list) != 65 {
		t.Errorf("%d papers, want 65", len(list))
	}
	midnight := time.Date(2025, 10, 14, 0, 0, 0, 0, time.UTC)
	for i, o := range list {
		if o.Source != paper.SourceDemo || !o.At.Equal(midnight) {
			t.Errorf("%s: source %q at %v, want %q at %v", o.Paper.ID, o.Source, o.At, paper.SourceDemo, midnight)
		}
		if want := (paper.Submission{Day: Day, Position: i}); o.Submission == nil || *o.Submission != want {
			t.Errorf("%s: submission %+v, want %+v", o.Paper.ID, o.Submission, want)
		}
	}
}

func TestDayIsFirstWeekdayAfterNewestPaper(t *testing.T) {
	var newest time.Time
	for _, o := range observations(t) {
		if o.Paper.Published.Time.After(newest) {
			newest = o.Paper.Published.Time
		}
	}
	want := newest.AddDate(0, 0, 1)
	for want.Weekday() == time.Saturday || want.Weekday() == time.Sunday {
		want = want.AddDate(0, 0, 1)
	}
	if got := string(Day); got != want.Format(time.DateOnly) {
		t.Errorf("Day = %s, want %s", got, want.Format(time.DateOnly))
	}
}

func TestIDs(t *testing.T) {
	seen := make(map[paper.ID]bool)
	for _, o := range observations(t) {
		id, err := paper.ParseID(string(o.Paper.ID))
		if err != nil || id != o.Paper.ID {
			t.Errorf("ParseID(%q) = %q, %v", o.Paper.ID, id, err)
		}
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
	}
}

func TestPapers(t *testing.T) {
	undated := 0
	for _, o := range observations(t) {
		p := o.Paper
		if p.Title == "" || p.Abstract != "" || !p.Demo || p.Votes != 0 || p.SummaryModel != "" {
			t.Errorf("%s: title %q, abstract %q, demo %t, votes %d, summary model %q",
				p.ID, p.Title, p.Abstract, p.Demo, p.Votes, p.SummaryModel)
		}
		if slices.ContainsFunc(p.Authors, func(a paper.Author) bool { return strings.TrimSpace(a.Name) == "" }) {
			t.Errorf("%s: an author without a name", p.ID)
		}
		switch p.Published.Precision {
		case paper.PrecisionMonth: // known from the identifier only
			undated++
		case paper.PrecisionDay:
		default:
			t.Errorf("%s: published %v", p.ID, p.Published)
		}
	}
	if undated != 2 {
		t.Errorf("%d papers with a date that is known to the month, want 2", undated)
	}
}

func TestSummaries(t *testing.T) {
	for _, o := range observations(t) {
		s := o.Paper.Summary
		if n := len(strings.Fields(s)); n < 15 || n > 80 {
			t.Errorf("%s: summary of %d words, want 15 to 80", o.Paper.ID, n)
		}
		if n := sentences(s); n < 1 || n > 3 {
			t.Errorf("%s: summary of %d sentences, want 1 to 3", o.Paper.ID, n)
		}
		if !strings.HasSuffix(s, ".") || s != strings.Join(strings.Fields(s), " ") {
			t.Errorf("%s: summary %q is not whole sentences on one line", o.Paper.ID, s)
		}
	}
}

// sentences counts the words that end in a full stop.
func sentences(s string) int {
	n := 0
	for _, word := range strings.Fields(s) {
		if strings.HasSuffix(word, ".") {
			n++
		}
	}
	return n
}

func TestLinks(t *testing.T) {
	for _, o := range observations(t) {
		for _, l := range o.Paper.Links {
			u, err := url.Parse(l.URL)
			if err != nil || u.Host == "" || l.Grade != paper.GradeAuthors {
				t.Errorf("%s: link %+v: %v", o.Paper.ID, l, err)
			}
		}
	}
}

func TestLinkKind(t *testing.T) {
	tests := []struct {
		host string
		want paper.LinkKind
	}{
		{"github.com", paper.LinkCode},
		{"gitee.com", paper.LinkCode},
		{"example.github.io", paper.LinkProject},
		{"people.example.edu", paper.LinkProject},
	}
	for _, tt := range tests {
		if got := linkKind(tt.host); got != tt.want {
			t.Errorf("linkKind(%q) = %q, want %q", tt.host, got, tt.want)
		}
	}
}

func TestObservationsAreFresh(t *testing.T) {
	first := observations(t)
	first[0].Paper.Authors[0].Name = "changed"
	first[0].Submission.Position = 99
	again := observations(t)
	if again[0].Paper.Authors[0].Name == "changed" || again[0].Submission.Position != 0 {
		t.Error("two calls share memory")
	}
}

func TestDamagedCatalog(t *testing.T) {
	for _, data := range []string{``, `{}`, `[{"titel": "x"}]`, `[{"comments": "x"}]`} {
		if _, err := decode([]byte(data)); err == nil {
			t.Errorf("decode(%q) gave no error", data)
		}
	}
	for _, r := range []record{{Published: "2025-13-01"}, {Published: "2025-10"}, {Links: []string{"http://a b/"}}} {
		if _, err := r.paper(); err == nil {
			t.Errorf("paper of %+v gave no error", r)
		}
	}
}

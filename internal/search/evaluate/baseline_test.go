package evaluate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"broadsheet/internal/paper"
)

func newBaseline(t *testing.T, papers ...paper.Paper) *Baseline {
	t.Helper()
	b, err := NewBaseline(papers, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBM25(t *testing.T) {
	b := newBaseline(t,
		paper.Paper{ID: "long", Title: "Bees", Abstract: "rivers and rivers with mud, sand, stones, reeds, fish"},
		paper.Paper{ID: "short", Title: "Counted bees", Authors: []paper.Author{{Name: "Ada Rivers"}, {Name: "Zoe Mud", Hidden: true}}},
		paper.Paper{ID: "other", Title: "Maps", Abstract: "old ones", Organization: &paper.Organization{Name: "bees", FullName: "Sand"}},
	)
	for _, tt := range []struct {
		query string
		names bool
		want  []paper.ID
	}{
		{"counting bee", false, []paper.ID{"short", "long"}},
		{"the rivers", false, []paper.ID{"long"}},
		{"Rívers", true, []paper.ID{"long", "short"}},
		{"mud", true, []paper.ID{"long"}},
		{"sand", true, []paper.ID{"other", "long"}},
		{"unheard", true, nil},
		{"bees", false, []paper.ID{"short", "long"}},
	} {
		if got := b.BM25(tt.query, tt.names, 10); !slices.Equal(got, tt.want) {
			t.Errorf("%q, names %v: %v, want %v", tt.query, tt.names, got, tt.want)
		}
	}
	if got := b.BM25("bees", false, 1); !slices.Equal(got, []paper.ID{"short"}) {
		t.Errorf("the best of two is %v", got)
	}
}

// The idf and the saturation are those of the formula: one rare word weighs more than a
// frequent one that occurs often.
func TestBM25Weighs(t *testing.T) {
	papers := []paper.Paper{
		{ID: "frequent", Title: "bee bee bee bee"}, {ID: "rare", Title: "hive nest comb wax"},
	}
	for _, id := range []paper.ID{"1", "2", "3", "4", "5", "6"} {
		papers = append(papers, paper.Paper{ID: id, Title: "bee on this and that"})
	}
	if got := newBaseline(t, papers...).BM25("bee hive", false, 1); got[0] != "rare" {
		t.Errorf("the best is %v", got)
	}
}

func TestTFIDF(t *testing.T) {
	var papers []paper.Paper
	for i, title := range []string{"world models", "models world", "world of sand", "sand models"} {
		for _, rest := range []string{"one", "two"} {
			papers = append(papers, paper.Paper{ID: paper.ID(title + " " + rest), Title: fmt.Sprintf("%s %s%d", title, rest, i)})
		}
	}
	b := newBaseline(t, papers...)
	got := b.TFIDF("world models", 4)
	if slices.Sort(got[:2]); !slices.Equal(got[:2], []paper.ID{"world models one", "world models two"}) {
		t.Errorf("the best are %v: those with the pair come first", got)
	}
	if got := b.Similar(0, 3); slices.Contains(got, papers[0].ID) || got[0] != "world models two" {
		t.Errorf("similar to the first are %v", got)
	}
	norm := 0.0
	for _, weight := range b.pairs.vector(b.texts[0]) {
		norm += weight * weight
	}
	if math.Abs(norm-1) > 1e-9 {
		t.Errorf("a vector has length %v", norm)
	}
}

func TestNewBaselineEndsWithItsProgress(t *testing.T) {
	stop := errors.New("stop")
	if _, err := NewBaseline(made(3), func() error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

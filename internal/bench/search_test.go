package bench

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

func TestTimings(t *testing.T) {
	var took []time.Duration
	for i := range 200 {
		took = append(took, time.Duration(200-i)*time.Millisecond)
	}
	got := timings(took, SearchRow{Mode: "words"})
	want := SearchRow{Mode: "words", Mean: 100.5, P50: 101, P95: 191, P99: 199}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := timings(nil, SearchRow{Mode: "none"}); got != (SearchRow{Mode: "none"}) {
		t.Errorf("without times: got %+v", got)
	}
}

func TestQueryOf(t *testing.T) {
	const title = "On k-means, and: what (else) it is"
	words := strings.Fields("On k-means and what else it is")
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		if got := queryOf(title, 0, r); got != title {
			t.Fatalf("got %q, want the title", got)
		}
		if got := queryOf(title, 1, r); !strings.Contains(strings.Join(words, " "), got) || len(strings.Fields(got)) != 3 {
			t.Fatalf("got %q, want three words in a row", got)
		}
		if got := strings.Fields(queryOf(title, 2, r)); len(got) != 2 {
			t.Fatalf("got %q, want two words", got)
		}
	}
	for _, kind := range []int{0, 1, 2} {
		if got := queryOf("??", kind, r); got != "??" {
			t.Errorf("a title without words: got %q", got)
		}
	}
}

func TestRecall(t *testing.T) {
	q := nearQuery{vector: []float32{1, 0, 0, 0, 0}, found: map[paper.ID]float32{"a": 0, "d": 0, "c": 0}}
	for _, p := range []struct {
		id     paper.ID
		cosine float32
	}{{"a", .9}, {"b", .8}, {"c", -.5}, {"d", .7}} {
		q.offer(p.id, []float32{p.cosine, 1, 1, 1, 1})
	}
	if got := q.recall(); got != 2.0/3 { // of a, b and d
		t.Errorf("got %v, want 2/3", got)
	}
	for i := range 20 {
		q.offer("more", []float32{1 + float32(i), 0, 0, 0, 0})
	}
	if len(q.exact) != recallDepth || q.exact[0] != 20 || q.exact[9] != 11 {
		t.Errorf("the nearest are %v", q.exact)
	}
	if got := q.recall(); got != 0 {
		t.Errorf("got %v, want 0", got)
	}
}

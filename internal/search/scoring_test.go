package search

import (
	"fmt"
	"slices"
	"testing"
)

func TestImpact(t *testing.T) {
	if Impact(0, 0, 10, 100) != 0 {
		t.Error("a term that does not occur has an impact")
	}
	if Impact(0, 1, 1000000, 1000000) != 1 {
		t.Error("the least impact is not 1")
	}
	more := []uint8{Impact(0, 1, 9, 200), Impact(0, 1, 9, 100), Impact(0, 2, 9, 100), Impact(1, 0, 9, 100), Impact(1, 2, 9, 100), Impact(50, 500, 9, 10)}
	if !slices.IsSorted(more) || more[0] == more[len(more)-1] {
		t.Errorf("impacts do not grow: %v", more)
	}
}

func TestTermWeight(t *testing.T) {
	const papers = 3_000_000
	falling := []uint32{TermWeight(papers, 1, 4), TermWeight(papers, 100, 4), TermWeight(papers, papers/2, 4), TermWeight(papers, papers, 4)}
	if !slices.IsSortedFunc(falling, func(a, b uint32) int { return int(b) - int(a) }) {
		t.Errorf("weights do not fall: %v", falling)
	}
	if TermWeight(papers, 0, 4) != 0 || TermWeight(papers, 5, 8) != 2*TermWeight(papers, 5, 4) {
		t.Error("a weight is wrong")
	}
	if most := uint64(TermWeight(papers, 1, maxBoost)) * 255 * maxTerms; most >= 3*TitleBonus {
		t.Errorf("a score of %d overflows", most)
	}
	if most := uint64(TermWeight(papers, 1, mainBoost)) * 255 * maxTerms; most >= TitleBonus {
		t.Errorf("a score of %d is more than the bonus of a title", most)
	}
}

func TestTitleKey(t *testing.T) {
	for _, same := range [][2]string{
		{"Attention Is All You Need", "attention is all you need."},
		{"Fine-tuning a transformer", "Fine tuning a trans-\nformer"},
		{"Efﬁcient “graphs”", "efficient 'graphs'"},
		{"On the α-determinant", "On the alpha determinant"},
		{"Colour and behaviour", "Color and Behavior"},
		{"To be or not to be", "to be, or not to be?"},
		{"学习的模型", "学习的模型"},
	} {
		if a, b := TitleKey(same[0]), TitleKey(same[1]); a != b || a == 0 {
			t.Errorf("%q has the keys %d and %d", same, a, b)
		}
	}
	for _, two := range [][2]string{
		{"graphs of trees", "trees of graphs"}, {"graphs of trees", "graph of trees"}, {"a tree of graphs", "the tree of graphs"},
		{"学习的模型", "模型的学习"},
	} {
		if TitleKey(two[0]) == TitleKey(two[1]) {
			t.Errorf("%q have one key", two)
		}
	}
	for _, short := range []string{"", "the", "Graphs"} {
		if TitleKey(short) != 0 {
			t.Errorf("%q has a key", short)
		}
	}
}

func TestFuse(t *testing.T) {
	words := []Scored{{1, 200}, {2, 100}, {3, TitleBonus + 50}}
	meaning := []Scored{{2, 0.9}, {4, 0.8}, {1, -0.5}}
	got := Fuse(words, meaning, FusionWeights{Meaning: 1})
	want := []Scored{{1, 1}, {2, 1.4}, {3, titleFused + 0.25}, {4, 0.8}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Fuse(nil, nil, DefaultFusion); len(got) != 0 {
		t.Errorf("nothing and nothing is %v", got)
	}
}

func TestFusionWeights(t *testing.T) {
	w := FusionWeights{Meaning: 0.4, Known: 0.1}
	short, long := Compile(Words("one two three")), Compile(Words("one two three four"))
	for _, c := range []struct {
		plan    *Plan
		papers  int
		relaxed bool
		want    float64
	}{
		{&short, FeedbackDepth, false, 0.1},
		{&short, FeedbackDepth - 1, false, 0.4},
		{&short, FeedbackDepth, true, 0.4},
		{&long, FeedbackDepth, false, 0.4},
	} {
		if got := w.For(c.plan, c.papers, c.relaxed).Meaning; got != c.want {
			t.Errorf("%d words, %d papers, relaxed %t: %v", len(c.plan.Telling), c.papers, c.relaxed, got)
		}
	}
}

func TestCompile(t *testing.T) {
	p := Compile(Words("what does the k-means model model"))
	want := []Term{{Text: "k", Boost: 4}, {Text: "mean", Boost: 4}, {Text: "kmean", Boost: 1}, {Text: "model", Boost: 8}}
	if !slices.Equal(p.Words[:4], want) || p.Title == 0 {
		t.Errorf("compiled to %+v", p)
	}
	if p := Compile(Words("what could")); len(p.Words) == 0 {
		t.Error("of a question of common words alone nothing is left")
	}
	long := ""
	for range 400 {
		long += "word"[:1+len(long)%4] + string(rune('a'+len(long)%26)) + " "
	}
	if p := Compile(Words(long)); len(p.Words) > maxTerms {
		t.Errorf("%d terms", len(p.Words))
	}
}

func TestFeedback(t *testing.T) {
	q := []float32{1, 0}
	if got := Feedback(q, nil); !slices.Equal(got, q) {
		t.Errorf("without papers: %v", got)
	}
	if got := Feedback(q, []FeedbackPaper{{Vector: nil, Score: 5}, {Vector: []float32{1}, Score: 5}}); !slices.Equal(got, q) {
		t.Errorf("with papers without a vector: %v", got)
	}
	got := Feedback(q, []FeedbackPaper{{Vector: []float32{0, 1}, Score: TitleBonus + 10}})
	if got[1] < 0.94 || got[1] > 0.95 || got[0] < 0.31 || got[0] > 0.32 { // (1, 3) of unit length
		t.Errorf("with one paper: %v", got)
	}
	if !slices.Equal(q, []float32{1, 0}) {
		t.Error("the question's vector was changed")
	}
}

func TestPairs(t *testing.T) {
	for text, want := range map[string]string{
		"world models":             "[{world model 1}]",
		"state of the art":         "[{state art 3}]",
		"the k-means of k-means":   "[{k mean 1} {mean k 2}]",
		"model models":             "[]",
		"what does attention need": "[{attent need 1}]",
		"what world could":         "[]",
		"one":                      "[]",
	} {
		if got := fmt.Sprint(Compile(Words(text)).Pairs); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := PairWeight(100, 300, 2); got != 375 {
		t.Errorf("weight %d", got)
	}
	if got := PairWeight(100, 300, 24); got != 90 {
		t.Errorf("weight of one of many %d", got)
	}
	impact := Impact(1, 3, 8, 100)
	if got := PairImpact(1, 3, 1, 3, impact); got != impact {
		t.Errorf("a pair as frequent as its first word: %d, want %d", got, impact)
	}
	once := PairImpact(0, 1, 1, 3, impact)
	if diff := int(once) - int(Impact(0, 1, 8, 100)); diff < -2 || diff > 2 {
		t.Errorf("once: %d, want %d", once, Impact(0, 1, 8, 100))
	}
	if PairImpact(0, 0, 1, 3, impact) != 0 || PairImpact(1, 0, 1, 0, 255) != 255 {
		t.Error("the ends of the scale")
	}
}

func TestExpand(t *testing.T) {
	got := Expand([]RatedPaper{
		{Score: 300 | TitleBonus, Terms: []Rated{{"a", 2550}, {"b", 255}}},
		{Score: 100, Terms: []Rated{{"b", 2550}, {"c", 25500}}},
	})
	want := []Rated{{"c", 18}, {"a", 5}, {"b", 2}} // 0.7 of 25, 7.5 and 0.75 + 2.5
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var many []Rated
	for i := range 100 {
		many = append(many, Rated{fmt.Sprintf("w%02d", i), uint32(2550 * i)})
	}
	if got := Expand([]RatedPaper{{Score: 1, Terms: many}}); len(got) != MostRated || got[0] != (Rated{"w99", 693}) {
		t.Errorf("of many terms: %v", got)
	}
	if got := Expand(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	short, long := Compile(Words("one two three")), Compile(Words("one two three four"))
	if short.Expands() || !long.Expands() {
		t.Error("which questions are expanded")
	}
}

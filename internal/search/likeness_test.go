package search

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// sequence is a text without analysis, "|" standing between title and abstract.
func sequence(text string) (s Sequence) {
	for _, w := range strings.Fields(text) {
		if w == "|" {
			s = append(s, 0)
			continue
		}
		s = append(s, TermCode(w))
	}
	return s
}

// likenessTo is that to a paper of ten, one of which has each word, but five have "model".
func likenessTo(p LikePaper) *Likeness {
	l := &Likeness{}
	l.To(p, 10, func(code uint16) int {
		if code == TermCode("model") {
			return 5
		}
		return 1
	})
	return l
}

func TestLikeness(t *testing.T) {
	const day = 24 * 60 * 60 * 1_000_000
	self := LikePaper{Sequence: sequence("video model | a b c d"), Published: 1000 * day, Authors: []string{"Ada", "Bo", "Cy", "Di"}, Organization: "acme"}
	l := likenessTo(self)
	score := func(p LikePaper) float64 { s, _ := l.Score(p); return s }
	if got := score(LikePaper{Sequence: self.Sequence}); math.Abs(got-1) > 1e-12 {
		t.Errorf("the paper itself has %v by its text", got)
	}
	for name, tt := range map[string]struct {
		other LikePaper
		want  float64
	}{
		"nothing":            {LikePaper{Sequence: sequence("x | y")}, 0},
		"cosine":             {LikePaper{Cosine: 0.5}, 0.5 * likeMeaning},
		"cosine below 0":     {LikePaper{Cosine: -0.5}, 0},
		"the same day":       {LikePaper{Published: 1000 * day}, likeTime},
		"a year before":      {LikePaper{Published: (1000 - likeDays) * day}, likeTime / math.E},
		"a year after":       {LikePaper{Published: (1000 + likeDays) * day}, likeTime / math.E},
		"no date":            {LikePaper{}, 0},
		"an author":          {LikePaper{Authors: []string{"X", "Bo"}}, likeAuthor},
		"four authors":       {LikePaper{Authors: self.Authors}, 3 * likeAuthor},
		"the organization":   {LikePaper{Organization: "acme"}, likeOrganization},
		"other organization": {LikePaper{Organization: "other"}, 0},
	} {
		if got := score(tt.other); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	// Of the formula: one word of ten papers' one, in a paper of two words.
	idf, norm := math.Log(1+9.5/1.5), 0.0
	rare, often := idf, math.Ln2 // ln(1 + 5.5/5.5), of a word of five papers
	tf := func(n, words float64) float64 { return n / (n + likeSlope*words) }
	for _, weight := range []float64{rare, often, rare, rare, rare, rare, // words
		min(rare, rare+often), rare, rare, rare, // pairs, whose idf is at most that of one paper's word
		rare, rare} { // runs of three
		norm += weight * tf(1, 6) * tf(1, 6)
	}
	if got, want := score(LikePaper{Sequence: sequence("video z")}), rare*tf(1, 6)*tf(1, 2)/norm; math.Abs(got-want) > 1e-12 {
		t.Errorf("one shared word: %v, want %v", got, want)
	}
}

func TestLikenessOrders(t *testing.T) {
	self := LikePaper{Sequence: sequence("world model of video | we train one model for video and show that it knows physics")}
	for _, tt := range []struct{ name, better, worse string }{
		{"a run above its words apart", "world model x y z", "model x world y z"},
		{"three in a row above two and one", "x world model of", "x world model x of"},
		{"rare words above frequent ones", "physics x x x", "model x x x"},
		{"a short paper above a long one", "physics x x", "physics x x x x x x x"},
		{"more of a word above less", "physics physics x x", "physics x x x"},
		{"no run from title to abstract", "x world model", "x world | model"},
	} {
		l := likenessTo(self)
		better, _ := l.Score(LikePaper{Sequence: sequence(tt.better)})
		worse, _ := l.Score(LikePaper{Sequence: sequence(tt.worse)})
		if better <= worse {
			t.Errorf("%s: %v and %v", tt.name, better, worse)
		}
	}
}

func TestVersionsOfAPaper(t *testing.T) {
	const rest = " in a maze of two arms whose walls are painted white while a lamp above it is moved each day so that nothing else tells them where the sugar is"
	const text = "counting bees | we teach honey bees to tell three dots from four dots and show how" + rest
	for _, tt := range []struct {
		name, other string
		key         uint64
		same        bool
	}{
		{"the same title", "x | y", 7, true},
		{"another title", "x | y", 8, false},
		{"the same text under another title", "bees that count | we teach honey bees to tell three dots from four dots and show how" + rest, 0, true},
		{"a third of the text", "counting bees | we teach honey bees to tell three dots from four dots and show how they swim in cold water and fly over wide rivers at night with eyes closed and ears open to all that sings far off under trees of the old south", 0, false},
		{"a text that goes on", text + " " + strings.Repeat("much more of it follows in many words ", 12), 0, false},
		{"the same words in another order", "bees counting | how show and dots four from dots three tell to bees honey teach we", 0, false},
	} {
		l := likenessTo(LikePaper{Sequence: sequence(text), TitleKey: 7})
		if _, same := l.Score(LikePaper{Sequence: sequence(tt.other), TitleKey: tt.key}); same != tt.same {
			t.Errorf("%s: %v, want %v", tt.name, same, tt.same)
		}
	}
	const part = "kites over water part %d | we fly kites over water and tell what the wind does to them there"
	one, two := sequence(fmt.Sprintf(part, 1)), sequence(fmt.Sprintf(part, 2))
	if _, same := likenessTo(LikePaper{Sequence: one}).Score(LikePaper{Sequence: two}); same {
		t.Error("two parts of a series with short texts are one")
	}
	if _, same := likenessTo(LikePaper{}).Score(LikePaper{}); same {
		t.Error("two papers of which nothing is known are one")
	}
}

// A Likeness is used for one paper after another, and nothing of the one before is left.
func TestLikenessAgain(t *testing.T) {
	a, b := LikePaper{Sequence: sequence("a b c | d e"), Authors: []string{"Ada"}}, LikePaper{Sequence: sequence("d f | b a"), Authors: []string{"Bo"}}
	l := likenessTo(a)
	l.Score(b)
	l.To(b, 10, func(uint16) int { return 1 })
	fresh := &Likeness{}
	fresh.To(b, 10, func(uint16) int { return 1 })
	for _, other := range []LikePaper{a, b} {
		got, _ := l.Score(other)
		if want, _ := fresh.Score(other); got != want {
			t.Errorf("%v, and %v of a fresh one", got, want)
		}
	}
	l.Forget()
	for code, word := range l.index {
		if word != 0 {
			t.Fatalf("code %d is still word %d", code, word)
		}
	}
}

func TestLikenessOfALongText(t *testing.T) {
	var long Sequence
	for i := range 20_000 {
		long = append(long, uint16(1+i%65_000))
	}
	l := likenessTo(LikePaper{Sequence: long})
	if score, _ := l.Score(LikePaper{Sequence: long}); score < 0.9 || math.IsNaN(score) {
		t.Errorf("a long text and itself: %v", score)
	}
}

func TestTermCode(t *testing.T) {
	seen := map[uint16]bool{}
	for _, term := range strings.Fields("a b c model models video world 2.5 漢字 x1 x2 x3") {
		code := TermCode(term)
		if code == 0 || seen[code] {
			t.Errorf("%s has the code %d", term, code)
		}
		seen[code] = true
	}
}

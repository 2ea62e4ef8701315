package search

import (
	"fmt"
	"slices"
	"testing"
)

func TestCompletes(t *testing.T) {
	for _, tt := range []struct {
		typed, key string
		want       bool
	}{
		{"atten", "attention is all you need", true},
		{"NEE", "attention is all you need", true},
		{"ttention", "attention is all you need", false},
		{"need atten", "attention is all you need", true},
		{"h kaiming", "kaiming he", true},
		{"he h", "kaiming he", false}, // one word is no two
		{"he kaiming", "he kaiming", true},
		{"Erdő", "paul erdos", true},
		{"diffusion mod", "modern diffusion", true},
		{"diffusion mod", "diffusion transformers", false},
	} {
		if got := NewCompleter(tt.typed).Completes(tt.key); got != tt.want {
			t.Errorf("%q completes to %q: %v", tt.typed, tt.key, got)
		}
	}
}

func TestCompletedTerms(t *testing.T) {
	const key = "latent diffusion models and diffusion modeling of the diffusion models"
	for typed, want := range map[string][]string{
		"diffusion mod": {"diffusion models", "diffusion modeling"},
		"mod":           {"models", "modeling"},
		"lat":           {"latent"},
		"th":            nil, // no query finds "the"
		"models diff":   nil,
	} {
		if got := NewCompleter(typed).Terms(key); !slices.Equal(got, want) {
			t.Errorf("%q goes on as %q, want %q", typed, got, want)
		}
	}
}

func TestBestSuggestions(t *testing.T) {
	c := NewCompleter("co")
	for i := range 9 {
		c.Add(Suggestion{Kind: "term", Text: fmt.Sprint("co", string(rune('a'+i)))}, 1000)
	}
	c.Add(Suggestion{Kind: "author", Text: "José Costa", ID: "jose-costa"}, 2)
	c.Add(Suggestion{Kind: "author", Text: "Jose Costa", ID: "jose-costa"}, 1)
	c.Add(Suggestion{Kind: "author", Text: "Ann Cole", ID: "ann-cole"}, 4)
	c.Add(Suggestion{Kind: "organization", Text: "Cobalt", ID: "cobalt"}, 0)
	c.AddTitle("2401.00001", "Compilers", 0, 5)
	c.AddTitle("2401.00002", "Cones", 40, 1)
	c.AddTitle("2401.00003", "Compilers.", 3, 1)
	got := map[string][]string{}
	best := c.Best(8)
	for _, s := range best {
		got[s.Kind] = append(got[s.Kind], s.Text)
	}
	if len(best) != 8 || len(got["term"]) != 4 || !slices.Equal(got["author"], []string{"Ann Cole", "José Costa"}) ||
		!slices.Equal(got["title"], []string{"Cones", "Compilers."}) || got["organization"] != nil {
		t.Errorf("%q", got)
	}
	if few := c.Best(2); len(few) != 2 || few[0].Kind != "term" || few[1].Kind != "title" {
		t.Errorf("of two, none has half: %v", few)
	}
}

// What has the last word as it was typed, or begins with all of it, weighs more.
func TestWeightOfSuggestions(t *testing.T) {
	c := NewCompleter("he")
	for text, papers := range map[string]int{"Kaiming He": 10, "He Li": 6, "Bo Heide": 30, "Hedda Ek": 16} {
		c.Add(Suggestion{Kind: "author", Text: text, ID: text}, papers)
	}
	var got []string
	for _, s := range c.Best(10) {
		got = append(got, s.Text)
	}
	if want := []string{"He Li", "Kaiming He", "Hedda Ek", "Bo Heide"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Words that follow one another weigh more than words apart.
func TestWeightOfNeighbors(t *testing.T) {
	c := NewCompleter("gauge th")
	c.AddTitle("1", "Theories without a gauge", 7, 0)
	c.AddTitle("2", "The lattice gauge theory", 3, 0)
	if got := c.Best(1); len(got) != 1 || got[0].ID != "2" {
		t.Errorf("%v", got)
	}
}

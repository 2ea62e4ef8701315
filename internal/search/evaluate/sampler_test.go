package evaluate

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// made makes papers on two topics, by a few authors, of one organization.
func made(n int) []paper.Paper {
	var out []paper.Paper
	for i := range n {
		p := paper.Paper{
			ID: paper.ID(fmt.Sprintf("2401.%05d", i+1)), Title: fmt.Sprintf("Counting honeybees number%d carefully", i),
			Abstract:  fmt.Sprintf("We count the bees of garden%d with much patience and care. Then we count them again.", i),
			Authors:   []paper.Author{{Name: fmt.Sprintf("Ada%c Müller", 'a'+i%20)}, {Name: "Hidden Person", Hidden: true}},
			Keywords:  []string{"Bees", "bees ", fmt.Sprintf("only %d", i)},
			Published: paper.Date{Time: time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), Precision: paper.PrecisionDay},
		}
		if i%2 == 1 {
			p.Title, p.Abstract = fmt.Sprintf("Slow rivers number%d", i), fmt.Sprintf("Mud settles in river%d where it runs slowly enough. It is brown.", i)
			p.Keywords = []string{"rivers"}
			p.Organization = &paper.Organization{Name: "waters", FullName: "Institute of Waters"}
		}
		out = append(out, p)
	}
	return out
}

func newSampler(t *testing.T, papers []paper.Paper, seed uint64) *Sampler {
	t.Helper()
	b, err := NewBaseline(papers, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return NewSampler(b, seed)
}

func TestTopics(t *testing.T) {
	s := newSampler(t, made(20), 1)
	c := s.Topics(10)
	var texts []string
	for _, q := range c.Queries {
		texts = append(texts, q.Text)
		if n := len(c.Grades[q.ID]); n != 10 {
			t.Errorf("%q has %d relevant papers, want 10", q.Text, n)
		}
	}
	slices.Sort(texts)
	if want := []string{"Bees", "rivers"}; !slices.Equal(texts, want) {
		t.Errorf("topics %q, want %q: spellings are one topic, and what one paper has is none", texts, want)
	}
	if c := newSampler(t, made(14), 1).Topics(10); len(c.Queries) > 0 {
		t.Errorf("keywords of seven papers are the topics %v", c.Queries)
	}
	if c := newSampler(t, made(162), 1).Topics(10); len(c.Queries) > 0 {
		t.Errorf("keywords of 81 papers are the topics %v", c.Queries)
	}
}

func TestSamplesHangOnTheSeedAlone(t *testing.T) {
	papers := made(200)
	all := func(seed uint64) [][]Query {
		s := newSampler(t, papers, seed)
		var out [][]Query
		for _, c := range append(s.Names(5), s.Known(5)...) {
			texts := map[string]bool{}
			for _, q := range c.Queries {
				texts[q.Text] = true
			}
			if len(texts) > 1 { // there is a choice
				out = append(out, c.Queries)
			}
		}
		return out
	}
	if !reflect.DeepEqual(all(1), all(1)) {
		t.Error("one seed made two samples")
	}
	one, two := all(1), all(2)
	for i := range one {
		if reflect.DeepEqual(one[i], two[i]) {
			t.Errorf("two seeds made the same queries %q", one[i])
		}
	}
}

func TestOverlap(t *testing.T) {
	s := newSampler(t, made(20), 1)
	bees, only := math.Log(20./10), math.Log(20./1)
	for _, tt := range []struct {
		id, other paper.ID
		want      float64
	}{
		{"2401.00001", "2401.00003", bees / (bees + only)},
		{"2401.00002", "2401.00004", 1},
		{"2401.00001", "2401.00002", 0},
		{"2401.00001", "unknown", 0},
	} {
		if got := s.Overlap(tt.id, tt.other); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s and %s overlap by %v, want %v", tt.id, tt.other, got, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	s := newSampler(t, made(40), 1)
	forms := map[string]*regexp.Regexp{
		"author":                 regexp.MustCompile(`^Ada[a-t] Müller$`),
		"author, reversed":       regexp.MustCompile(`^Müller, Ada[a-t]$`),
		"author, initial":        regexp.MustCompile(`^A\. Müller$`),
		"author, no accents":     regexp.MustCompile(`^Ada[a-t] Mue?ller$`),
		"author and word":        regexp.MustCompile(`^Ada[a-t] Müller number\d+$`),
		"organization":           regexp.MustCompile(`^Institute of Waters$`),
		"organization and topic": regexp.MustCompile(`^Institute of Waters rivers$`),
	}
	spelled := map[string]bool{}
	for _, c := range s.Names(10) {
		if len(c.Queries) == 0 || forms[c.Name] == nil {
			t.Errorf("%s: %d queries", c.Name, len(c.Queries))
		}
		for _, q := range c.Queries {
			if !forms[c.Name].MatchString(q.Text) {
				t.Errorf("%s: %q", c.Name, q.Text)
			}
			spelled[strings.Fields(q.Text)[len(strings.Fields(q.Text))-1]] = true
			want := map[string]int{"author, initial": 40, "author and word": 1, "organization": 20, "organization and topic": 20}[c.Name]
			if want == 0 {
				want = 2
			}
			if got := len(c.Grades[q.ID]); got != want {
				t.Errorf("%s: %q has %d right papers, want %d", c.Name, q.Text, got, want)
			}
		}
	}
	if !spelled["Mueller"] || !spelled["Muller"] {
		t.Error("Müller is not written both without marks and transliterated")
	}
}

func TestKnown(t *testing.T) {
	papers := made(100)
	papers[99].Title, papers[99].Abstract = papers[97].Title, papers[97].Abstract
	s := newSampler(t, papers, 1)
	for _, c := range s.Known(80) {
		if len(c.Queries) != 80 {
			t.Errorf("%s: %d queries", c.Name, len(c.Queries))
		}
		for _, q := range c.Queries {
			found := 0
			for i := range papers {
				p := &papers[i]
				grade := c.Grades[q.ID][string(p.ID)]
				found += grade
				if grade > 0 && !asksFor(c.Name, q.Text, p) {
					t.Errorf("%s: %q is right for %s, %s", c.Name, q.Text, p.ID, p.Title)
				}
			}
			twins := found == 2 && c.Grades[q.ID]["2401.00098"]+c.Grades[q.ID]["2401.00100"] == 2 && c.Name != kindID
			if found != 1 && !twins {
				t.Errorf("%s: %q has %d right papers", c.Name, q.Text, found)
			}
		}
	}
}

// asksFor reports whether a query of a kind names a paper.
func asksFor(kind, text string, p *paper.Paper) bool {
	has := func(s string) bool { return strings.Contains(text, s) }
	switch kind {
	case "title":
		return text == p.Title
	case "title with a slip":
		return text != p.Title && len(text) <= len(p.Title) && len(text) >= len(p.Title)-1
	case "first sentence":
		return strings.HasPrefix(p.Abstract, text) && strings.HasSuffix(text, ".") && text != p.Abstract
	case "author and two words":
		words := strings.Fields(text)
		return len(words) == 3 && words[0] == "Müller" && strings.Contains(strings.ToLower(p.Title), words[2])
	case kindID:
		number := string(p.ID)
		return has(number) || has(strings.ReplaceAll(number, ".", "-")) || has("2024arXiv"+strings.ReplaceAll(number, ".", "")+"M")
	}
	plain := strings.NewReplacer("{", "", "}", "").Replace(text)
	return strings.Contains(plain, p.Title) && has("Müller") && has("2024") && !has("Hidden")
}

func TestEveryFormOfAnIdentifierIsAsked(t *testing.T) {
	p := &made(1)[0]
	old := made(1)[0]
	old.ID = "hep-th/9901001"
	seen := map[string]bool{}
	for i := range identifierForms {
		text := identifier(p, i)
		if seen[text] || regexp.MustCompile(`ID|DASHED|BIBCODE|CLASS|DAY`).MatchString(text) {
			t.Errorf("form %d is %q", i, text)
		}
		seen[text] = true
		if text := identifier(&old, i); !strings.Contains(text, "hep-th/9901001") {
			t.Errorf("form %d of an old identifier is %q", i, text)
		}
	}
	if !seen["arXiv:2401.00001v3 [cs.CL] 2 Jan 2024"] {
		t.Errorf("the stamp of arXiv is missing: %v", seen)
	}
}

func TestHasAny(t *testing.T) {
	s := newSampler(t, made(2), 1)
	for text, want := range map[string]bool{"bee": true, "rivers": false, "the rivers of bees": true, "the": true} {
		if got := s.HasAny("2401.00001", text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

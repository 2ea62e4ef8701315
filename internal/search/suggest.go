package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"

	"broadsheet/internal/search/analysis"
)

// maxTyped is how many words of what was typed are completed.
const maxTyped = 16

// A Completer completes what somebody is typing: an engine adds what it has, and Best
// takes the best of it. Texts are compared by their keys: their folded words with one
// blank between them.
//
// The last word typed may be the beginning of a word; so may the others, so that
// initials will do. They may come in any order and stand anywhere in a text.
type Completer struct {
	words  []string // as typed
	long   []string // the longest first
	typed  string   // the key
	uses   map[Suggestion]int
	titles map[Suggestion]titleUse
}

type titleUse struct {
	votes     int
	published int64
}

// NewCompleter completes a text.
func NewCompleter(typed string) *Completer {
	words := analysis.Words(analysis.Plain(typed))
	words = words[:min(len(words), maxTyped)]
	c := &Completer{words: words, long: slices.Clone(words), typed: strings.Join(words, " "),
		uses: map[Suggestion]int{}, titles: map[Suggestion]titleUse{}}
	slices.SortStableFunc(c.long, func(a, b string) int { return len(b) - len(a) })
	return c
}

// Key is the key of what was typed, "" where it has no word.
func (c *Completer) Key() string { return c.typed }

// Given are the words before the last one, Last is that.
func (c *Completer) Given() []string { return c.words[:max(len(c.words)-1, 0)] }

// Last is the word that is being typed.
func (c *Completer) Last() string { return c.words[len(c.words)-1] }

// Longest are the words typed, the longest first.
func (c *Completer) Longest() []string { return c.long }

// Completes reports whether each word typed begins another word of a key.
func (c *Completer) Completes(key string) bool {
	if len(c.words) == 1 {
		return strings.HasPrefix(key, c.typed) || strings.Contains(key, " "+c.typed)
	}
	var used uint64
	for _, typed := range c.long {
		i, found := 0, false
		for word := range strings.SplitSeq(key, " ") {
			if used>>i&1 == 0 && strings.HasPrefix(word, typed) {
				used |= 1 << i
				found = true
				break
			}
			if i++; i == bits.UintSize {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// Terms are what was typed as the title with a key goes on, up to the end of a word:
// "diffusion mod" may be "diffusion models". It gives nothing that no query finds.
func (c *Completer) Terms(key string) (out []string) {
	text := " " + key
	for at := 0; ; {
		i := strings.Index(text[at:], " "+c.typed)
		if i < 0 {
			return out
		}
		from := at + i + 1
		to := from + len(c.typed)
		if n := strings.IndexByte(text[to:], ' '); n >= 0 {
			to += n
		} else {
			to = len(text)
		}
		last := text[from:to]
		last = last[strings.LastIndexByte(last, ' ')+1:]
		if term := text[from:to]; len(analysis.Terms(last)) > 0 && !slices.Contains(out, term) {
			out = append(out, term)
		}
		at = to
	}
}

// Add adds a suggestion that so many papers use; equal ones are added up.
func (c *Completer) Add(s Suggestion, papers int) {
	if papers > 0 && s.Text != "" {
		c.uses[s] += papers
	}
}

// AddTitle adds the title of a paper.
func (c *Completer) AddTitle(id, title string, votes int, published int64) {
	c.titles[Suggestion{Kind: "title", Text: title, ID: id}] = titleUse{votes, published}
}

// kinds are the kinds of suggestions in the order of their usefulness among equals.
var kinds = []string{"title", "author", "organization", "category", "term"}

// A completion is a suggestion that stands for all of the same identity.
type completion struct {
	Suggestion
	key       string
	papers    int // that have it
	most      int // that have it in this very form
	votes     int
	published int64
	weight    float64
}

// Best takes the best suggestions. Each kind has a share of them, and none has more than
// half unless the others have too few; beyond that those of the greatest weight are taken.
// The weight is the logarithm of how many papers have something, or of a paper's votes.
// What has the words typed one after another, at its beginning or the last one as a whole
// weighs more.
func (c *Completer) Best(limit int) []Suggestion {
	all := c.merged()
	limit = min(max(limit, 0), len(all))
	present := map[string]int{}
	for _, one := range all {
		present[one.Kind] = 0
	}
	taken := make([]bool, len(all))
	n := 0
	take := func(most int) {
		for i, one := range all {
			if n < limit && !taken[i] && present[one.Kind] < most {
				taken[i] = true
				present[one.Kind]++
				n++
			}
		}
	}
	take(limit / max(len(present), 1))
	take((limit + 1) / 2)
	take(limit)
	var out []Suggestion
	for i, one := range all {
		if taken[i] {
			out = append(out, one.Suggestion)
		}
	}
	return out
}

// merged are the different suggestions, the best first.
func (c *Completer) merged() []completion {
	type identity struct{ kind, of string }
	same := map[identity]*completion{}
	for s, n := range c.uses {
		is := identity{s.Kind, s.ID}
		if s.Kind == "term" {
			is.of = strings.Join(analysis.Terms(s.Text), " ")
		}
		known := same[is]
		if known == nil {
			known = &completion{}
			same[is] = known
		}
		known.papers += n
		if n > known.most || n == known.most && s.Text < known.Text {
			known.Suggestion, known.most = s, n
		}
	}
	for s, use := range c.titles {
		key := foldKey(s.Text)
		known := same[identity{s.Kind, key}]
		if known == nil || cmp.Or(cmp.Compare(use.votes, known.votes), cmp.Compare(use.published, known.published), cmp.Compare(s.ID, known.ID)) > 0 {
			same[identity{s.Kind, key}] = &completion{Suggestion: s, key: key, votes: use.votes, published: use.published}
		}
	}
	all := make([]completion, 0, len(same))
	for _, one := range same {
		one.weight = c.weight(one)
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b completion) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind),
			cmp.Compare(b.published, a.published), cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func foldKey(text string) string { return strings.Join(analysis.Words(text), " ") }

func (c *Completer) weight(one *completion) float64 {
	const begins, together, whole = 1, 2, 2 // as much as twice and four times as many papers
	weight := math.Log2(float64(1 + one.papers + one.votes))
	key := one.key
	if key == "" {
		key = foldKey(one.Text)
	}
	if strings.HasPrefix(key, c.typed) {
		weight += begins
	}
	if strings.Contains(" "+key, " "+c.typed) {
		weight += together
	}
	if strings.Contains(" "+key+" ", " "+c.Last()+" ") {
		weight += whole
	}
	return weight
}

package evaluate

import (
	"cmp"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/cite"
	"broadsheet/internal/paper"
)

// A Sampler makes judged queries out of the papers of a catalog: what a paper says of
// itself (keywords, authors, organization, title) judges what is found. The keywords are
// the public site's, and no text that is searched or embedded has them, so they can judge
// topics and similar papers.
//
// Each kind of queries is a random sample of its own, the same for the same papers and
// seed. A Sampler is for one goroutine.
type Sampler struct {
	b    *Baseline
	seed uint64

	at        map[paper.ID]int
	keywords  [][]string          // of each paper, folded, each once, sorted
	byKeyword map[string][]int    // papers
	spellings map[string]string   // the most frequent spelling of a keyword
	idf       map[string]float64  // of a keyword among the papers that have any
	byAuthor  map[string][]int    // by paper.Slug
	byInitial map[string][]int    // by initialKey
	authors   map[string]string   // a spelling of each author who has a given and a family name
	byOrg     map[string][]int    // by unique name
	byTitle   map[string][]string // identifiers of the papers that have the same words in their titles
}

// NewSampler makes a Sampler of the papers that b has read.
func NewSampler(b *Baseline, seed uint64) *Sampler {
	s := &Sampler{
		b: b, seed: seed, at: map[paper.ID]int{}, keywords: make([][]string, len(b.papers)),
		byKeyword: map[string][]int{}, spellings: map[string]string{}, idf: map[string]float64{},
		byAuthor: map[string][]int{}, byInitial: map[string][]int{}, authors: map[string]string{},
		byOrg: map[string][]int{}, byTitle: map[string][]string{},
	}
	spellings := map[string]map[string]int{}
	for i := range b.papers {
		s.add(i, spellings)
	}
	for folded, all := range spellings {
		s.spellings[folded] = slices.MaxFunc(slices.Sorted(maps.Keys(all)), func(x, y string) int { return all[x] - all[y] })
	}
	with := 0.0
	for _, k := range s.keywords {
		if len(k) > 0 {
			with++
		}
	}
	for k, papers := range s.byKeyword {
		s.idf[k] = math.Log(with / float64(len(papers)))
	}
	return s
}

// add takes note of paper i, and of how its keywords are spelled.
func (s *Sampler) add(i int, spellings map[string]map[string]int) {
	p := &s.b.papers[i]
	s.at[p.ID] = i
	for _, k := range p.Keywords {
		spelled := paper.CleanLine(k)
		folded := strings.Join(strings.Fields(fold(spelled)), " ")
		if folded == "" || slices.Contains(s.keywords[i], folded) {
			continue
		}
		s.keywords[i] = append(s.keywords[i], folded)
		s.byKeyword[folded] = append(s.byKeyword[folded], i)
		if spellings[folded] == nil {
			spellings[folded] = map[string]int{}
		}
		spellings[folded][spelled]++
	}
	slices.Sort(s.keywords[i])
	for _, a := range p.Authors {
		s.addAuthor(i, a)
	}
	if o := p.Organization; o != nil {
		s.byOrg[o.Name] = append(s.byOrg[o.Name], i)
	}
	key := titleKey(p.Title)
	s.byTitle[key] = append(s.byTitle[key], string(p.ID))
}

func titleKey(title string) string { return strings.Join(words(title), " ") }

func (s *Sampler) addAuthor(i int, a paper.Author) {
	slug := paper.Slug(a.Name)
	if a.Hidden || slug == "" {
		return
	}
	s.byAuthor[slug] = append(s.byAuthor[slug], i)
	family, given, ok := nameParts(a.Name)
	if !ok {
		return
	}
	if _, known := s.authors[slug]; !known {
		s.authors[slug] = paper.CleanLine(a.Name)
	}
	key := initialKey(family, given)
	s.byInitial[key] = append(s.byInitial[key], i)
}

// nameParts gives family and given name of a person; false where a name has not both, or
// only initials.
func nameParts(name string) (family, given string, ok bool) {
	family, given, ok = strings.Cut(cite.Inverted(name), ", ")
	given, _, _ = strings.Cut(given, ", ") // Jr.
	return family, given, ok && len([]rune(paper.Slug(strings.Fields(given + " .")[0]))) > 1 && paper.Slug(family) != ""
}

// initialKey is a family name with the initial of a given name.
func initialKey(family, given string) string {
	return paper.Slug(family) + " " + string([]rune(paper.Slug(given))[:1])
}

// random is the source of random numbers of one kind of queries.
func (s *Sampler) random(kind string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(kind))
	return rand.New(rand.NewPCG(s.seed, h.Sum64()))
}

// sample gives n of the values, or all of them, in random order.
func sample[T any](values []T, n int, r *rand.Rand) []T {
	values = slices.Clone(values)
	r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	return values[:min(n, len(values))]
}

// papersOf are the papers with such numbers, as grades.
func (s *Sampler) papersOf(numbers []int) map[string]int {
	grades := map[string]int{}
	for _, i := range numbers {
		grades[string(s.b.papers[i].ID)] = 1
	}
	return grades
}

// ask adds a query that has an answer.
func (c *Collection) ask(text string, grades map[string]int) {
	if strings.TrimSpace(text) == "" || len(grades) == 0 {
		return
	}
	id := strconv.Itoa(len(c.Queries) + 1)
	c.Queries = append(c.Queries, Query{id, text})
	c.Grades[id] = grades
}

func newKind(name string) *Collection {
	return &Collection{Name: name, Grades: map[string]map[string]int{}}
}

// A keyword that is a topic is of so many papers.
const (
	leastOnTopic = 8
	mostOnTopic  = 80
)

// Topics asks for n keywords that 8 to 80 papers have; those papers are relevant.
func (s *Sampler) Topics(n int) *Collection {
	c := newKind("topic")
	var topics []string
	for _, k := range slices.Sorted(maps.Keys(s.byKeyword)) {
		if papers := len(s.byKeyword[k]); papers >= leastOnTopic && papers <= mostOnTopic {
			topics = append(topics, k)
		}
	}
	for _, k := range sample(topics, n, s.random(c.Name)) {
		c.ask(s.spellings[k], s.papersOf(s.byKeyword[k]))
	}
	return c
}

// Similar gives n papers that have keywords, to ask for what is similar to them.
func (s *Sampler) Similar(n int) []paper.ID {
	var all []paper.ID
	for i, keywords := range s.keywords {
		if len(keywords) > 0 {
			all = append(all, s.b.papers[i].ID)
		}
	}
	slices.Sort(all)
	return sample(all, n, s.random("similar"))
}

// Overlap says how much of what a paper is about another shares: the sum of the idf of
// the keywords that both have, over that of all keywords of the first. The idf is
// ln(papers with keywords / papers with this one). It is 0 where one has no keywords.
func (s *Sampler) Overlap(id, other paper.ID) float64 {
	i, ok := s.at[id]
	j, known := s.at[other]
	if !ok || !known {
		return 0
	}
	shared, all := 0.0, 0.0
	for _, k := range s.keywords[i] {
		all += s.idf[k]
		if _, both := slices.BinarySearch(s.keywords[j], k); both {
			shared += s.idf[k]
		}
	}
	return shared / max(all, 1e-9)
}

// PlainSimilar gives the k papers nearest to one by TF-IDF.
func (s *Sampler) PlainSimilar(id paper.ID, k int) []paper.ID {
	i, ok := s.at[id]
	if !ok {
		return nil
	}
	return s.b.Similar(i, k)
}

// AtRandom gives k papers for one, to say what any list would have.
func (s *Sampler) AtRandom(id paper.ID, k int) []paper.ID {
	r := s.random("random " + string(id))
	var out []paper.ID
	for range k {
		out = append(out, s.b.papers[r.IntN(len(s.b.papers))].ID)
	}
	return out
}

// HasAny reports whether title or abstract of a paper have any word of a text; true for a
// paper that is not known and a text without words.
func (s *Sampler) HasAny(id paper.ID, text string) bool {
	i, ok := s.at[id]
	terms := s.b.tokens.termsOf(text)
	return !ok || len(terms) == 0 || slices.ContainsFunc(terms, func(t uint32) bool { return s.has(i, t) })
}

func (s *Sampler) has(i int, term uint32) bool { return slices.Contains(s.b.texts[i], term) }

// rarest gives the k words of a title that the fewest papers have, in the title's order;
// other than those of a name.
func (s *Sampler) rarest(title, name string, k int) []string {
	type rare struct {
		at, papers int
		word       string
	}
	var all []rare
	not := words(name)
	for at, w := range words(title) {
		term := s.b.tokens.term(w)
		if term == 0 || len(w) < 4 || slices.Contains(not, w) || slices.ContainsFunc(all, func(r rare) bool { return r.word == w }) {
			continue
		}
		all = append(all, rare{at, len(s.b.words.list(term)), w})
	}
	slices.SortFunc(all, func(x, y rare) int { return cmp.Or(x.papers-y.papers, x.at-y.at) })
	all = all[:min(k, len(all))]
	slices.SortFunc(all, func(x, y rare) int { return x.at - y.at })
	var out []string
	for _, r := range all {
		out = append(out, r.word)
	}
	return out
}

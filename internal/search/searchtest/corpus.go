package searchtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// The random corpus: words with very different frequencies, as in real text, and
// some that the analyzer does something with.
var (
	vocabulary = strings.Fields(`model learning graph network k-means GPT-4o AutoCoder Qwen2.5-VL diffusion
		transformer attention Erdős spectral bound theorem proof galaxy neutrino lattice quantum field gauge
		boson retrieval ranking posting query index pruning sparse dense pre-training pretraining tuning
		alignment DPO reward policy agent tool planning robot vision image video speech audio text language
		translation summary dialogue question answering reasoning math code program synthesis verification
		logic type compiler memory cache disk cluster stream privacy security attack defense adversarial
		robust fair causal inference bayesian variational sampling markov chain monte carlo optimal control
		convex gradient descent momentum curvature manifold topology homology category sheaf scheme motive`)
	fillers       = strings.Fields("the of a is in for with and we our what can")
	firstNames    = strings.Fields("Yann Ada Paul Emmy Kurt Grace Alan Élise Søren Wei")
	lastNames     = strings.Fields("LeCun Lovelace Erdős Noether Gödel Hopper Turing Müller Ångström Zhang Will")
	categories    = strings.Fields("cs.CL cs.LG cs.CV math.CO math.AG hep-ph hep-th stat.ML quant-ph")
	organizations = [][2]string{{"", ""}, {"acme", "Acme Graph Labs"}, {"northern", "Northern University"}, {"quiet", "Quiet Transformer Institute"}}
)

// Corpus makes n papers from a seed, the same ones every time. Their words follow
// Zipf's law; a few share a title; all but some have a vector of 16 dimensions.
func Corpus(seed uint64, n int) []search.Change {
	rng := rand.New(rand.NewPCG(seed, 1))
	zipf := rand.NewZipf(rng, 1.3, 4, uint64(len(vocabulary)-1))
	out := make([]search.Change, n)
	for i := range out {
		d := randomDocument(rng, zipf)
		if i > 10 && rng.IntN(20) == 0 {
			d.Title = out[rng.IntN(i)].Document.Title
		}
		out[i] = search.Change{ID: paper.ID(fmt.Sprintf("%02d%02d.%05d", 15+i%10, 1+i%12, i+1)), Document: &d}
	}
	return out
}

func randomDocument(rng *rand.Rand, zipf *rand.Zipf) search.Document {
	org := organizations[rng.IntN(len(organizations))]
	d := search.Document{
		Title:        text(rng, zipf, 2+rng.IntN(8)),
		Abstract:     text(rng, zipf, rng.IntN(60)),
		Organization: org[0], OrgName: org[1],
		Published: time.Date(2014+rng.IntN(11), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC).UnixMicro(),
		Votes:     max(0, rng.IntN(40)-20),
		Comments:  rng.IntN(3),
		Daily:     rng.IntN(3) == 0,
		Has:       search.Has(rng.IntN(16)),
		Trending:  float64(rng.IntN(10)),
	}
	for range rng.IntN(4) {
		d.Authors = append(d.Authors, pick(rng, firstNames)+" "+pick(rng, lastNames))
	}
	for range 1 + rng.IntN(2) {
		d.Categories = append(d.Categories, pick(rng, categories))
	}
	if rng.IntN(10) > 0 {
		d.Vector = Vector(rng)
	}
	return d
}

// Vector makes a random vector of unit length with 16 dimensions.
func Vector(rng *rand.Rand) []float32 {
	v, sum := make([]float32, 16), 0.0
	for i := range v {
		x := rng.NormFloat64()
		v[i], sum = float32(x), sum+x*x
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func text(rng *rand.Rand, zipf *rand.Zipf, words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = vocabulary[zipf.Uint64()]
		if rng.IntN(4) == 0 {
			out[i] = pick(rng, fillers)
		}
	}
	return strings.Join(out, " ")
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// Queries makes n questions that ask a corpus of Corpus for words, phrases, fields
// and filters in all combinations.
func Queries(seed uint64, n int) []search.Query {
	rng := rand.New(rand.NewPCG(seed, 2))
	out := make([]search.Query, n)
	for i := range out {
		out[i] = randomQuery(rng)
	}
	return out
}

func randomQuery(rng *rand.Rand) search.Query {
	var q search.Query
	most := 5
	if rng.IntN(16) == 0 { // of a long text the rarest words count
		most = 60
	}
	for range rng.IntN(most) {
		word := pick(rng, vocabulary)
		q.Should = append(q.Should, search.Clause{Text: word})
		q.Text = strings.TrimSpace(q.Text + " " + word)
	}
	if rng.IntN(5) == 0 {
		for word := range strings.FieldsSeq(randomName(rng)) {
			q.Should = append(q.Should, search.Clause{Text: word})
			q.Text = strings.TrimSpace(q.Text + " " + word)
		}
	}
	for range max(0, rng.IntN(4)-2) {
		q.Must = append(q.Must, randomClause(rng))
	}
	if rng.IntN(4) == 0 {
		both := search.Clause{AllOf: []search.Clause{randomClause(rng), randomClause(rng)}}
		q.Must = append(q.Must, search.Clause{AnyOf: []search.Clause{randomClause(rng), randomClause(rng), both}})
	}
	for range max(0, rng.IntN(4)-2) {
		q.Not = append(q.Not, randomClause(rng))
	}
	if rng.IntN(2) == 0 {
		q.Filters = randomFilters(rng)
	}
	if rng.IntN(3) == 0 {
		q.Sort = search.Sort(rng.IntN(4))
	}
	return q
}

// randomName is an author's name, or what an organization is called.
func randomName(rng *rand.Rand) string {
	first, last := pick(rng, firstNames), pick(rng, lastNames)
	switch rng.IntN(5) {
	case 0:
		return last + " " + first
	case 1:
		return first[:1] + " " + last
	case 2:
		return pick(rng, organizations)[rng.IntN(2)]
	}
	return first + " " + last
}

func randomClause(rng *rand.Rand) search.Clause {
	switch rng.IntN(7) {
	case 5:
		return search.Clause{Field: search.FieldAuthor, Text: randomName(rng), Phrase: true}
	case 6:
		return search.Clause{Field: search.FieldOrganization, Text: pick(rng, organizations)[0]}
	case 0:
		return search.Clause{Field: search.FieldAuthor, Text: pick(rng, lastNames)}
	case 1:
		return search.Clause{Field: search.FieldAuthor, Text: pick(rng, lastNames) + " " + pick(rng, firstNames)[:1], Phrase: true}
	case 2:
		return search.Clause{Field: search.FieldOrganization, Text: pick(rng, organizations)[1]}
	case 3:
		return search.Clause{Field: search.Field(rng.IntN(3)), Text: vocabulary[rng.IntN(4)] + " " + vocabulary[rng.IntN(4)], Phrase: true}
	}
	if word := pick(rng, vocabulary); rng.IntN(4) == 0 && len(word) > 2 {
		return search.Clause{Field: search.Field(rng.IntN(5)), Text: word[:2], Prefix: true}
	}
	return search.Clause{Field: search.Field(rng.IntN(3)), Text: pick(rng, vocabulary)}
}

func randomFilters(rng *rand.Rand) search.Filters {
	var f search.Filters
	if rng.IntN(3) == 0 {
		f.Categories = [][]string{{pick(rng, categories), "cs"}}
	}
	if rng.IntN(4) == 0 {
		f.NotCategories = []string{pick(rng, categories)}
	}
	if rng.IntN(4) == 0 {
		f.Organizations = []string{"acme", "quiet"}
	}
	if rng.IntN(3) == 0 {
		f.From = time.Date(2015+rng.IntN(5), 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	}
	if rng.IntN(3) == 0 {
		f.Before = time.Date(2020+rng.IntN(5), 6, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	}
	if rng.IntN(4) == 0 {
		f.MinVotes = rng.IntN(8)
	}
	if rng.IntN(5) == 0 {
		f.MaxVotes = rng.IntN(12) - 1
	}
	if rng.IntN(5) == 0 {
		f.Has, f.HasNot = search.HasCode, search.HasSummary
	}
	if rng.IntN(5) == 0 {
		daily := rng.IntN(2) == 0
		f.Daily = &daily
	}
	return f
}

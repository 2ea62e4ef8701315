package evaluate

import (
	"math"
	"slices"

	"broadsheet/internal/paper"
)

// A Baseline ranks papers by the two methods that anybody could write in an afternoon, to
// hold the search that is measured against: BM25 and TF-IDF. Neither is tuned.
//
// BM25 (Robertson and Zaragoza, 2009) has k1 1.2 and b 0.75; title and abstract are one
// field, with the names of authors and organization in it for queries that may be about
// them. TF-IDF is the cosine of vectors of words and of pairs of neighboring words with
// weights (1 + ln tf) * idf, the way of arxiv-sanity.
//
// Make one with [NewBaseline]. It is for one goroutine.
type Baseline struct {
	tokens *tokenizer
	papers []paper.Paper
	texts  [][]uint32 // the terms of title and abstract
	words  bm25
	pairs  tfidf
	scores []float64 // by paper; all 0 between two rankings
}

// A bm25 is an inverted index with two fields: text, and text with names.
type bm25 struct {
	postings [][]posting // by term
	lengths  [2][]float64
	averages [2]float64
}

type posting struct {
	doc uint32
	tf  [2]uint16
}

// The fields of a bm25.
const (
	inText  = 0
	inNames = 1
)

// A tfidf has the vectors of papers, by feature.
type tfidf struct {
	features map[uint64]uint32
	idf      []float64
	inverted [][]weighted
}

// A weighted is what a feature weighs in a paper.
type weighted struct {
	doc    uint32
	weight float32
}

// The vocabulary of a tfidf: the features that most papers have.
const (
	maxFeatures  = 20_000
	leastPapers  = 5
	featureModel = 50_000 // papers that the vocabulary is made of at most
)

// NewBaseline reads papers. It calls progress after each, and ends with its error.
func NewBaseline(papers []paper.Paper, progress func() error) (*Baseline, error) {
	b := &Baseline{tokens: newTokenizer(), papers: papers, scores: make([]float64, len(papers))}
	for i := range papers {
		p := &papers[i]
		text := b.tokens.termsOf(p.Title + "\n" + p.Abstract)
		b.texts = append(b.texts, text)
		b.words.add(uint32(i), text, b.tokens.termsOf(namesOf(p)))
		if err := progress(); err != nil {
			return nil, err
		}
	}
	b.words.average()
	b.pairs.build(b.texts)
	return b, nil
}

// namesOf gives the names of authors and organization, one a line.
func namesOf(p *paper.Paper) string {
	out := ""
	for _, a := range p.Authors {
		if !a.Hidden {
			out += a.Name + "\n"
		}
	}
	if o := p.Organization; o != nil {
		out += o.Name + "\n" + o.FullName
	}
	return out
}

func (w *bm25) add(doc uint32, text, names []uint32) {
	counts := map[uint32][2]uint16{}
	for i, terms := range [][]uint32{text, names} {
		for _, t := range terms {
			n := counts[t]
			n[inNames]++
			if i == 0 {
				n[inText]++
			}
			counts[t] = n
		}
	}
	for t, n := range counts {
		for int(t) >= len(w.postings) {
			w.postings = append(w.postings, nil)
		}
		w.postings[t] = append(w.postings[t], posting{doc, n})
	}
	w.lengths[inText] = append(w.lengths[inText], float64(len(text)))
	w.lengths[inNames] = append(w.lengths[inNames], float64(len(text)+len(names)))
}

func (w *bm25) average() {
	for field, lengths := range w.lengths {
		sum := 0.0
		for _, n := range lengths {
			sum += n
		}
		w.averages[field] = max(1, sum/float64(max(1, len(lengths))))
	}
}

// BM25 gives the best k papers for a text, over title and abstract or, with names, over
// the names of authors and organization, too.
func (b *Baseline) BM25(text string, names bool, k int) []paper.ID {
	const k1, slope = 1.2, 0.75
	field := inText
	if names {
		field = inNames
	}
	terms := b.tokens.termsOf(text)
	slices.Sort(terms)
	var found []uint32
	for _, t := range slices.Compact(terms) {
		list := b.words.list(t)
		idf := b.words.idf(list, field, len(b.papers))
		for _, p := range list {
			tf := float64(p.tf[field])
			if tf == 0 {
				continue
			}
			if b.scores[p.doc] == 0 {
				found = append(found, p.doc)
			}
			norm := k1 * (1 - slope + slope*b.words.lengths[field][p.doc]/b.words.averages[field])
			b.scores[p.doc] += idf * tf * (k1 + 1) / (tf + norm)
		}
	}
	return b.best(found, k)
}

// list gives the papers that have a term; none for one of a query alone.
func (w *bm25) list(term uint32) []posting {
	if int(term) >= len(w.postings) {
		return nil
	}
	return w.postings[term]
}

func (w *bm25) idf(list []posting, field, papers int) float64 {
	with := 0.0
	for _, p := range list {
		if p.tf[field] > 0 {
			with++
		}
	}
	return math.Log(1 + (float64(papers)-with+0.5)/(with+0.5))
}

// best gives the k best of the papers found, of equals the first, and forgets all scores.
func (b *Baseline) best(found []uint32, k int) []paper.ID {
	better := func(x, y uint32) bool {
		return b.scores[x] > b.scores[y] || b.scores[x] == b.scores[y] && x < y
	}
	var top []uint32
	for _, doc := range found {
		if len(top) == k && !better(doc, top[k-1]) {
			continue
		}
		top = append(top[:min(len(top), k-1)], doc)
		for i := len(top) - 1; i > 0 && better(top[i], top[i-1]); i-- {
			top[i], top[i-1] = top[i-1], top[i]
		}
	}
	out := make([]paper.ID, len(top))
	for i, doc := range top {
		out[i] = b.papers[doc].ID
	}
	for _, doc := range found {
		b.scores[doc] = 0
	}
	return out
}

// build makes the vocabulary, and the vectors of texts.
func (v *tfidf) build(texts [][]uint32) {
	counts := map[uint64]int{}
	read := 0
	for i := 0; i < len(texts); i += max(1, len(texts)/featureModel) {
		read++
		for f := range features(texts[i]) {
			counts[f]++
		}
	}
	v.choose(counts, read)
	v.inverted = make([][]weighted, len(v.idf))
	for doc, terms := range texts {
		for f, weight := range v.vector(terms) {
			v.inverted[f] = append(v.inverted[f], weighted{uint32(doc), float32(weight)})
		}
	}
}

// choose picks the vocabulary, where counts says how many of the papers have a feature.
func (v *tfidf) choose(counts map[uint64]int, papers int) {
	least := min(leastPapers, max(2, papers/100))
	var chosen []uint64
	for f, n := range counts {
		if n >= least {
			chosen = append(chosen, f)
		}
	}
	slices.SortFunc(chosen, func(x, y uint64) int {
		if counts[x] != counts[y] {
			return counts[y] - counts[x]
		}
		return int(int64(x) - int64(y))
	})
	v.features = map[uint64]uint32{}
	for i, f := range chosen[:min(maxFeatures, len(chosen))] {
		v.features[f] = uint32(i)
		v.idf = append(v.idf, 1+math.Log(float64(1+papers)/float64(1+counts[f])))
	}
}

// features counts the terms and the pairs of neighboring terms of a text.
func features(terms []uint32) map[uint64]int {
	out := make(map[uint64]int, 2*len(terms))
	before := uint32(0)
	for _, t := range terms {
		out[uint64(t)]++
		if before != 0 {
			out[uint64(before)<<32|uint64(t)]++
		}
		before = t
	}
	return out
}

// vector is the vector of a text, of unit length.
func (v *tfidf) vector(terms []uint32) map[uint32]float64 {
	out := map[uint32]float64{}
	sum := 0.0
	for f, n := range features(terms) {
		if id, ok := v.features[f]; ok {
			weight := (1 + math.Log(float64(n))) * v.idf[id]
			sum += weight * weight
			out[id] = weight
		}
	}
	for id := range out {
		out[id] /= math.Sqrt(sum)
	}
	return out
}

// TFIDF gives the best k papers for a text.
func (b *Baseline) TFIDF(text string, k int) []paper.ID {
	return b.nearest(b.tokens.termsOf(text), -1, k)
}

// Similar gives the k papers nearest to the one with number i by TF-IDF, without itself.
func (b *Baseline) Similar(i, k int) []paper.ID { return b.nearest(b.texts[i], i, k) }

// nearest gives the k papers, all but one, with the highest cosines to a text.
func (b *Baseline) nearest(terms []uint32, but, k int) []paper.ID {
	var found []uint32
	vector := b.pairs.vector(terms)
	for f := range uint32(len(b.pairs.idf)) { // in order, so that sums are the same each time
		weight := vector[f]
		if weight == 0 {
			continue
		}
		for _, w := range b.pairs.inverted[f] {
			if int(w.doc) == but {
				continue
			}
			if b.scores[w.doc] == 0 {
				found = append(found, w.doc)
			}
			b.scores[w.doc] += weight * float64(w.weight)
		}
	}
	return b.best(found, k)
}

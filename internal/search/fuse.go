package search

import "math"

// A Scored is a paper, by the number that an engine has for it, and a score.
type Scored struct {
	Doc   uint32
	Score float64
}

// How many candidates by words and by meaning are fused; an engine computes both
// scores of each of them. What matches by words beyond them follows after them, in
// the order by words.
const (
	WordsDepth   = 100
	MeaningDepth = 50
)

// NearEnough is the cosine, to what Feedback gives, from which on a paper matches by
// meaning. Of all papers that have all of Must and none of Not, the MeaningDepth nearest
// with at least that cosine match, whatever the filters: so a filter takes papers away
// and brings none.
const NearEnough = 0.5

// FusionWeights says how much meaning counts against words.
type FusionWeights struct {
	Meaning float64 // of a cosine of 1, where the best paper by words has 1
	Known   float64 // instead of Meaning, of a short question whose words papers have
}

// For is what counts for a question of which so many papers match by words, whatever the
// filters: Known where FeedbackDepth papers have all of its up to allOf telling words,
// which then say what is meant.
func (w FusionWeights) For(p *Plan, papers int, relaxed bool) FusionWeights {
	if len(p.Telling) <= allOf && !relaxed && papers >= FeedbackDepth {
		w.Meaning = min(w.Meaning, w.Known)
	}
	return w
}

// DefaultFusion is for the built-in model, with Feedback. It was chosen on five judged
// collections (nDCG@10; searchtest.Sweep measures them again) and on topics, see scoring.go:
//
//	                      topics (3 samples)  cranfield cacm  cisi  med   npl   mean
//	words                 .257  .255  .235    .471      .493  .418  .707  .433  .504
//	and meaning           .256  .251  .233    .482      .513  .435  .717  .441  .518
//
// With questions expanded by 40 terms, which large segments do not keep, Feedback of 2 papers
// in place of 10 and Known as Meaning had .521 in place of .522, and topics .251 and .248.
var DefaultFusion = FusionWeights{Meaning: 0.40, Known: 0.02}

// FeedbackDepth is how many of the best papers by words tell what a question means;
// feedbackWeight is what they count against the question's own vector.
const (
	FeedbackDepth  = 10
	feedbackWeight = 3
)

// A FeedbackPaper is the vector of a paper that was found by words, and its score by words.
type FeedbackPaper struct {
	Vector []float32
	Score  float64 // a sum as in scoring.go
}

// Feedback gives the vector to look for when a question has one and papers were
// found by words: the best of them, FeedbackDepth or as many as there are, say more
// about what is meant than a few words do. With q the question's vector and d those
// of the papers, all of unit length, it is
//
//	unit(q + feedbackWeight * unit(Σ score/best * d))
//
// after Rocchio (1971). Papers without a vector are left out. The result is fresh.
func Feedback(question []float32, papers []FeedbackPaper) []float32 {
	out := append([]float32(nil), question...)
	sum := make([]float32, len(question))
	best := 1.0
	for _, p := range papers {
		best = max(best, withoutBonus(p.Score))
	}
	for _, p := range papers {
		if len(p.Vector) != len(sum) {
			continue
		}
		weight := float32(withoutBonus(p.Score) / best)
		for i, x := range p.Vector {
			sum[i] += weight * x
		}
	}
	if !normalize(sum) {
		return out
	}
	for i, x := range sum {
		out[i] += feedbackWeight * x
	}
	normalize(out)
	return out
}

// normalize brings a vector to unit length; false where it has none.
func normalize(v []float32) bool {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum < 1e-12 {
		return false
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return true
}

// Fuse joins scores by words (sums as in scoring.go, with TitleBonus) and by meaning
// (cosines) of the candidates of one question:
//
//	words/best + Meaning * max(0, cosine)
//
// where best is the highest score by words, without the bonus. It needs no statistics
// over all papers. A paper whose title is the question stays before all others. A
// candidate that is missing in one list has 0 there. The result has each candidate
// once, those by words first, and is not sorted.
func Fuse(words, meaning []Scored, w FusionWeights) []Scored {
	out := make([]Scored, 0, len(words)+len(meaning))
	at := make(map[uint32]int, len(words)+len(meaning))
	best := FusedUnit(words)
	for _, s := range words {
		score := withoutBonus(s.Score) / best
		if s.Score >= TitleBonus {
			score += titleFused
		}
		at[s.Doc] = len(out)
		out = append(out, Scored{s.Doc, score})
	}
	for _, s := range meaning {
		part := w.Meaning * max(0, s.Score)
		if i, ok := at[s.Doc]; ok {
			out[i].Score += part
			continue
		}
		at[s.Doc] = len(out)
		out = append(out, Scored{s.Doc, part})
	}
	return out
}

// FusedUnit is the best score by words, without the bonus, at least 1: what makes a fused
// score of 1.
func FusedUnit(words []Scored) float64 {
	best := 1.0
	for _, s := range words {
		best = max(best, withoutBonus(s.Score))
	}
	return best
}

// titleFused is more than words and meaning can bring together.
const titleFused = 1000

func withoutBonus(score float64) float64 {
	if score >= TitleBonus {
		return score - TitleBonus
	}
	return score
}

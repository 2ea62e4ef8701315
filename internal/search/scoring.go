package search

import (
	"hash/fnv"
	"math"

	"broadsheet/internal/search/analysis"
)

// The ranking by words, in whole numbers, so that every engine gives the same score
// whatever the order it adds in:
//
//	score(paper) = Σ over the plan's terms: weight(term) * impact(term, paper)
//	weight       = TermWeight(papers, papers that have the term, boost)
//	impact       = Impact(...) from 1 to 255 for words of title and abstract,
//	               a fixed one for names
//
// It is BM25F (Robertson, Zaragoza and Taylor, 2004) without the average length of
// all documents: with f = titleWeight*title + abstract, for how often the term occurs
// and for how many words there are, the impact of a term is
//
//	f / (f + normBase + normSlope*words)
//
// of 255. So a paper's impacts depend on that paper alone and never go out of date.
// The constants were chosen on five judged collections (nDCG@10). The first line is a
// plain BM25 with another stop list; the second differs from the last in the formula:
//
//	                                    cranfield cacm  cisi  med   npl   mean
//	BM25 k1 1.2 b 0.75, one field       .439      .485  .380  .699  .434  .487
//	with averages, title 2.5, b 0.6     .447      .525  .403  .687  .452  .503
//	this one                            .450      .521  .395  .706  .441  .503
const (
	titleWeight = 2.5
	normBase    = 0.6
	normSlope   = 0.018

	// AuthorImpact and OrganizationImpact are the impacts of a plain word that is an
	// author's name, and of words that are an organization's, see Plan.Settle. A whole
	// name of an author has that of its NameMatch.
	AuthorImpact       = 160
	OrganizationImpact = 160

	// TitleBonus is added to the score of a paper whose title is the whole
	// question. It is more than all terms can bring.
	TitleBonus = 1 << 30

	// weightOne is the weight 1 of the formula for idf.
	weightOne = 256
)

// Impact is what one term brings to the score of a paper: title and abstract say how
// often it occurs there, titleWords and abstractWords how many positions with a term
// they have. It is 0 for a term that does not occur, else 1 to 255.
func Impact(title, abstract, titleWords, abstractWords int) uint8 {
	f := titleWeight*float64(title) + float64(abstract)
	if f == 0 {
		return 0
	}
	words := titleWeight*float64(titleWords) + float64(abstractWords)
	impact := f / (f + normBase + normSlope*words)
	return uint8(max(1, math.Round(255*impact)))
}

// TermWeight is the weight of a term that some of all papers have, as boost quarters:
// the idf ln(1 + (papers-with+0.5)/(with+0.5)) of BM25, in fixed point. Both numbers
// count the papers that can be found now. It is 0 where no paper has the term.
func TermWeight(papers, with int, boost uint32) uint32 {
	if with <= 0 {
		return 0
	}
	rest := float64(max(0, papers-with)) + 0.5
	idf := math.Log(1 + rest/(float64(with)+0.5))
	return uint32(math.Round(weightOne*idf)) * boost / 4
}

// Score gives a sum of weights times impacts as people see it: in units of idf, and
// 1000 more with the TitleBonus.
func Score(sum uint32) float64 {
	score := float64(sum&(TitleBonus-1)) / (255 * weightOne)
	if sum >= TitleBonus {
		score += 1000
	}
	return score
}

// TitleKey tells titles apart as the analyzer sees them: equal for two texts with
// the same terms in the same order, 0 for a text with fewer than two words.
func TitleKey(title string) uint64 {
	terms := analysis.Phrase(analysis.Plain(title))
	if len(terms) < 2 {
		return 0
	}
	h := fnv.New64a()
	for _, t := range terms {
		_, _ = h.Write([]byte(t.Term))
		_, _ = h.Write([]byte{0})
	}
	return max(1, h.Sum64())
}

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
// The best of these papers are then looked at more closely. Of a query's words that stand
// side by side, a paper in which they do so too has, for each pair,
//
//	PairWeight(...) * PairImpact(...)
//
// more: the weight is pairWeight times that of the rarer word, divided by the number of
// pairs, since words of a short query are mostly one name of a thing and those of a long
// question are not, but at least leastPairWeight times, since what is copied from a
// paper has its words in the paper's order. The impact is that of the formula above for a pair in place of a term.
// Questions of four words or more are expanded by what the best papers are about, see Expand.
//
// The constants of the formula were chosen on five judged collections (nDCG@10). The first line is a
// plain BM25 with another stop list; the second differs from the last in the formula:
//
//	                                    cranfield cacm  cisi  med   npl   mean
//	BM25 k1 1.2 b 0.75, one field       .439      .485  .380  .699  .434  .487
//	with averages, title 2.5, b 0.6     .447      .525  .403  .687  .452  .503
//	this one                            .450      .521  .395  .706  .441  .503
//
// The rest was chosen on these and on topics: keywords of 8 to 80 of 11,112 papers, which
// say what is relevant, 3 samples of 250 (`broadsheet eval --catalog`). Any word is enough
// in the lines above, all of up to three are needed from here on, see setEnough:
//
//	                                    topics    cranfield cacm  cisi  med   npl   mean
//	BM25 k1 1.2 b 0.75, one field       .180
//	without pairs, not expanded         .174      .452      .502  .391  .699  .434  .496
//	pairs                               .242      .454      .511  .383  .693  .429  .494
//	expanded by 20 terms, weight 1/2    .241      .471      .514  .391  .718  .434  .506
//	with normSlope .006                 .244      .471      .507  .381  .706  .430  .499
//	pairs by their own idf, weight 1,   .243      .440      .480  .345  .670  .397  .466
//	  undivided, not expanded
//	a factor for the words that are     .232      .451      .509  .393  .701  .434  .498
//	  there, not expanded
//
// With today's analysis, and words as they are written:
//
//	expanded by 20 terms, weight 1/2,   .249      .469      .487  .410  .707  .436  .502
//	  words as written in all questions
//	  in short ones only                          .467      .498  .411  .699  .429  .501
//	expanded by 40 terms, weight .7     .249      .474      .500  .435  .715  .437  .512
//	this one, by 20, weight .7          .249      .471      .493  .418  .707  .433  .504
//
// Large segments keep no more than MostRated terms of a paper for that, and a few.
//
// Votes and age are no part of the score: a prior by the logarithm of votes made topics
// worse at every weight.
const (
	titleWeight = 2.5
	normBase    = 0.6
	normSlope   = 0.018
	pairWeight  = 2.5

	leastPairWeight = 0.3

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

// PairWeight is the weight of one of some pairs of words, from those of its words with
// mainBoost.
func PairWeight(first, second uint32, pairs int) uint32 {
	return uint32(math.Round(max(pairWeight/float64(pairs), leastPairWeight) * float64(max(first, second))))
}

// PairImpact is Impact for a pair of words: pairTitle and pairAbstract say how often it
// stands in title and abstract, title and abstract how often its first word does, and
// impact is what that one has.
func PairImpact(pairTitle, pairAbstract, title, abstract int, impact uint8) uint8 {
	f := titleWeight*float64(pairTitle) + float64(pairAbstract)
	if f == 0 || impact == 0 {
		return 0
	}
	norm := (titleWeight*float64(title) + float64(abstract)) * (255/float64(impact) - 1)
	return uint8(max(1, math.Round(255*f/(f+norm))))
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

// ScoreUnit is the sum of weights times impacts that makes a score of 1: of impact 255
// for the idf 1.
const ScoreUnit = 255 * weightOne

// Score gives a sum of weights times impacts as people see it: in units of idf, and
// 1000 more with the TitleBonus.
func Score(sum uint32) float64 {
	score := float64(sum&(TitleBonus-1)) / ScoreUnit
	if sum >= TitleBonus {
		score += titleFused
	}
	return score
}

// TitleKey tells titles apart by their letters and digits as they are written: equal for
// two texts that differ in nothing but case, accents, blanks, hyphens and the like, so
// that a title from a PDF is still the title. It is 0 for a text with fewer than two words.
func TitleKey(title string) uint64 { return TitleKeyOf(analysis.Plain(title)) }

// TitleKeyOf is TitleKey of a plain text.
func TitleKeyOf(plain string) uint64 {
	words := analysis.Spelled(plain)
	if len(words) < 2 {
		return 0
	}
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w))
	}
	return max(1, h.Sum64())
}

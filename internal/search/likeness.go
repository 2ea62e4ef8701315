package search

import (
	"hash/fnv"
	"math"
	"slices"
)

// A Sequence is a paper's text as similar papers are compared by: a code for the main term
// of each place of the title and then of the abstract, with a 0 between the two. Stop words
// have no place in it, so that words parted by them are neighbors.
type Sequence []uint16

// TermCode is the code of a term: 16 bits of its hash, never 0. Two terms that share one
// count as the same word; that happens to one word in eight hundred, and seldom to two
// neighbors.
func TermCode(term string) uint16 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(term))
	sum := h.Sum32()
	return uint16(max(1, (sum^sum>>16)&0xffff))
}

// A Likeness says how similar papers are to one. It is
//
//	Σ idf(f) * tf(f, paper) * tf(f, other) / Σ idf(f) * tf(f, paper)²
//	+ likeMeaning * max(0, cosine of the vectors)
//	+ likeTime * exp(-days between the publications / likeDays)
//	+ likeAuthor for each author of both, three at most
//	+ likeOrganization if one organization stands behind both
//
// over the words of the paper, and the runs of two and three of them, with
//
//	tf(f, p) = n / (n + likeSlope * words of p)
//
// for n, how often the feature occurs. The idf of a run is the sum of those of its words,
// and at most that of a word of one paper: better than its true idf, and nothing has to
// be counted for it. The two sides of the product have the square root of the idf each: what
// a paper is about are words of middling frequency, and a rare one is often a name. Titles
// count no more than abstracts.
//
// The constants were chosen by broadsheet eval --catalog --similar 4000 on 11,112 papers
// (overlap@5, of two samples). Beside TF-IDF over words and pairs of words, .0210 .0219:
//
//	twenty telling words and vectors, fused as a search is  .0153 .0175
//	this one, with runs of words                            .0249 .0258
//	without time                                            .0218 (of 2,400 papers)
//	without runs, or without runs of three                  .0208 .0240 (of 2,400)
//
// The other parts decide where there are few words, and change nothing measured.
type Likeness struct {
	index  [1 << 16]uint16 // of a word, by code; 0: the paper has it not
	counts []uint16        // of features, all 0 between two comparisons
	seen   []uint16        // features with a count

	features []likeFeature // from 1: words, and then runs
	edges    []likeEdge    // from 1
	words    int           // of the paper, and so places of pairs and one more
	norm     float64
	self     LikePaper
	named    map[string]bool // the paper's authors
}

// A likeFeature is a word of the paper, or a run of words.
type likeFeature struct {
	n      uint16  // how often the paper has it
	length uint8   // in words
	edge   uint16  // the first to a longer run; 0: none
	weight float64 // idf * tf
	idf    float64
}

// A likeEdge leads from a run to one that has one word more.
type likeEdge struct{ word, to, next uint16 }

// A LikePaper is what of a paper makes it similar to another.
type LikePaper struct {
	Sequence     Sequence
	Cosine       float64 // of the vectors; of the paper itself it does not matter
	Published    int64   // microseconds UTC; 0: not known
	TitleKey     uint64  // see TitleKey
	Authors      []string
	Organization string
}

const (
	likeSlope        = 0.01
	likeMeaning      = 0.05
	likeTime         = 0.06
	likeDays         = 365
	likeAuthor       = 0.003
	likeOrganization = 0.003

	mostLikeAuthors  = 3
	mostLikeFeatures = 4096 // a text of so many words and runs of words is compared by its beginning

	// sameText is the share of their pairs of words that two papers have in common from
	// which on they are versions of one, if they have at least sameWords words: parts of a
	// series may have most of a short text in common.
	sameText  = 0.6
	sameWords = 40
)

// To makes l the likeness to a paper: papers is how many there are, and with how many of
// them have a word, by its code.
func (l *Likeness) To(paper LikePaper, papers int, with func(code uint16) int) {
	l.Forget()
	l.features, l.edges = append(l.features[:0], likeFeature{}), append(l.edges[:0], likeEdge{})
	l.self, l.words, l.norm = paper, 0, 0
	most := likeIDF(papers, 1)
	var run [3]uint16 // the features that end at the word before, by length
	for _, c := range paper.Sequence {
		if c != 0 {
			l.words++
		}
		if c == 0 || len(l.features) > mostLikeFeatures {
			run = [3]uint16{}
			continue
		}
		word := l.index[c]
		if word == 0 {
			word = l.add(likeFeature{length: 1, idf: likeIDF(papers, with(c))})
			l.index[c] = word
		}
		l.features[word].n++
		next := [3]uint16{word}
		for i, from := range run[:2] {
			if from == 0 {
				break
			}
			next[i+1] = l.longer(from, word)
			if next[i+1] == 0 {
				idf := min(most, l.features[from].idf+l.features[word].idf)
				next[i+1] = l.add(likeFeature{length: uint8(i + 2), idf: idf})
				l.edges = append(l.edges, likeEdge{word, next[i+1], l.features[from].edge})
				l.features[from].edge = uint16(len(l.edges) - 1)
			}
			l.features[next[i+1]].n++
		}
		run = next
	}
	for i := range l.features {
		f := &l.features[i]
		tf := likeTF(int(f.n), l.words)
		f.weight = f.idf * tf
		l.norm += f.weight * tf
	}
	l.counts = slices.Grow(l.counts[:0], len(l.features))[:len(l.features)]
	clear(l.counts)
	if l.named == nil {
		l.named = map[string]bool{}
	}
	for _, name := range paper.Authors {
		l.named[name] = true
	}
}

// Forget lets go of the paper, whose memory may then go.
func (l *Likeness) Forget() {
	for _, c := range l.self.Sequence {
		l.index[c] = 0
	}
	clear(l.named)
	l.self = LikePaper{}
}

func (l *Likeness) add(f likeFeature) uint16 {
	l.features = append(l.features, f)
	return uint16(len(l.features) - 1)
}

// longer is the run that a word makes of a shorter one; 0: the paper has it not.
func (l *Likeness) longer(from, word uint16) uint16 {
	for e := l.features[from].edge; e != 0; e = l.edges[e].next {
		if l.edges[e].word == word {
			return l.edges[e].to
		}
	}
	return 0
}

func likeIDF(papers, with int) float64 {
	return math.Log(1 + (float64(max(0, papers-with))+0.5)/(float64(with)+0.5))
}

func likeTF(n, words int) float64 {
	return float64(n) / (float64(n) + likeSlope*float64(words))
}

// Score says how similar another paper is, and whether it is another version of the same:
// by its title, or since most of the text is the same.
func (l *Likeness) Score(other LikePaper) (score float64, same bool) {
	words := l.count(other.Sequence)
	sum, shared := 0.0, 0
	for _, f := range l.seen {
		n := l.counts[f]
		sum += l.features[f].weight * likeTF(int(n), words)
		if l.features[f].length == 2 {
			shared += int(min(n, l.features[f].n))
		}
		l.counts[f] = 0
	}
	if l.norm > 0 {
		score = sum / l.norm
	}
	score += likeMeaning * max(0, other.Cosine)
	if l.self.Published != 0 && other.Published != 0 {
		const day = 24 * 60 * 60 * 1e6
		score += likeTime * math.Exp(-math.Abs(float64(l.self.Published)-float64(other.Published))/(day*likeDays))
	}
	both := 0
	for _, name := range other.Authors {
		if l.named[name] {
			both++
		}
	}
	score += likeAuthor * float64(min(both, mostLikeAuthors))
	if other.Organization != "" && other.Organization == l.self.Organization {
		score += likeOrganization
	}
	most := max(l.words, words)
	return score, other.TitleKey != 0 && other.TitleKey == l.self.TitleKey || most >= sameWords && float64(shared) >= sameText*float64(most-1)
}

// count counts the features of another paper that the paper has, and its words.
func (l *Likeness) count(s Sequence) (words int) {
	l.seen = l.seen[:0]
	var run [3]uint16
	for _, c := range s {
		if c == 0 {
			run = [3]uint16{}
			continue
		}
		words++
		next := [3]uint16{l.index[c]}
		if next[0] != 0 {
			l.note(next[0])
			if run[0] != 0 {
				if next[1] = l.longer(run[0], next[0]); next[1] != 0 {
					l.note(next[1])
					if run[1] != 0 {
						if next[2] = l.longer(run[1], next[0]); next[2] != 0 {
							l.note(next[2])
						}
					}
				}
			}
		}
		run = next
	}
	return words
}

func (l *Likeness) note(f uint16) {
	if l.counts[f] == 0 {
		l.seen = append(l.seen, f)
	}
	l.counts[f]++
}

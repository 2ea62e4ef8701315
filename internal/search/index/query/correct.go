package query

import (
	"broadsheet/internal/search/index/segment"
	"context"
	"math/bits"
	"strings"
	"unicode"

	"broadsheet/internal/search/analysis"
)

const (
	maxCorrected = 4   // words of a query that are corrected
	maxWordLen   = 32  // longer words are left alone
	rareUse      = 3   // a word that is used less often may be a mistake
	better       = 10  // and is one if another is used so many times as often
	farBetter    = 300 // one that is used more often is so, too, if another is used so many times as often
)

// correct gives a likelier spelling of a query by the words of titles, "" when there
// is none: "difusion modls" becomes "diffusion models". Distances are those of optimal
// string alignment: insertions, deletions, replacements and swaps of neighbors.
func (s *Snapshot) correct(ctx context.Context, q string) string {
	var b strings.Builder
	left := maxCorrected
	for rest := q; rest != ""; {
		word, gap := cutWord(rest)
		rest = rest[len(word)+len(gap):]
		if left > 0 && !strings.HasPrefix(gap, ":") && ctx.Err() == nil {
			if w, ok := s.likelier(word); ok {
				word = w
				left--
			}
		}
		b.WriteString(word)
		b.WriteString(gap)
	}
	if left == maxCorrected {
		return ""
	}
	return b.String()
}

// cutWord cuts a leading run of letters, and what is no letter after it.
func cutWord(s string) (word, gap string) {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		return s, ""
	}
	next := strings.IndexFunc(s[end:], unicode.IsLetter)
	if next < 0 {
		return s[:end], s[end:]
	}
	return s[:end], s[end : end+next]
}

// likelier gives the word that was probably meant.
func (s *Snapshot) likelier(word string) (string, bool) {
	key := segment.FoldKey(word)
	if len(key) < 4 || len(key) > maxWordLen || strings.ContainsRune(key, ' ') || len(analysis.Terms(word)) == 0 {
		return "", false
	}
	uses := s.usesOf(key)
	times := better
	if uses >= rareUse {
		times = farBetter
	}
	m := corrector{word: key, mask: lettersOf(key), most: 2}
	if len(key) < 6 {
		m.most = 1
	}
	for i := range s.Segments {
		m.scan(s.Segments[i].Words())
	}
	if m.best == "" || m.uses < uint64(times*max(uses, 1)) {
		return "", false
	}
	return strings.Clone(m.best), true
}

// usesOf is how often a word is used in titles, or how many papers have its term.
func (s *Snapshot) usesOf(key string) int {
	n, papers := 0, 0
	terms := analysis.Terms(key)
	for i := range s.Segments {
		seg := &s.Segments[i]
		words := seg.Words()
		if at := span(words.Len(), key, words.At); at[0] < at[1] && words.At(at[0]) == key {
			n += int(words.Uses(at[0]))
		}
		if len(terms) > 0 {
			papers += seg.LiveDF(seg.Term(segment.ClassText, terms[0]))
		}
	}
	return max(n, papers)
}

// A corrector looks for the word nearest to one that is unknown.
type corrector struct {
	word string
	mask uint32
	most int // distance
	best string
	rank uint64
	uses uint64
	rows [3][maxWordLen + 3]int
}

// lettersOf is the set of a word's letters.
func lettersOf(w string) (mask uint32) {
	for i := range len(w) {
		mask |= 1 << (w[i] & 31)
	}
	return mask
}

func (m *corrector) scan(words segment.Table) {
	for k := range words.Len() {
		uses := uint64(words.Uses(k))
		size := words.Size(k)
		if uses < better || size > len(m.word)+m.most || size < len(m.word)-m.most || uses*1000 <= m.rank {
			continue
		}
		w := words.At(k)
		// Each edit changes at most two letters of the set.
		if n := bits.OnesCount32(lettersOf(w) ^ m.mask); n > 2*m.most {
			continue
		}
		d := m.distance(w)
		if d == 0 || d > m.most {
			continue
		}
		rank := uses * 1000 // a nearer word beats one that is used thirty times as often
		if d == 2 {
			rank /= 30
		}
		if w[0] != m.word[0] {
			rank /= 10
		}
		if rank > m.rank {
			m.best, m.rank, m.uses = w, rank, uses
		}
	}
}

// distance is how many edits lead from the word to w, or more than most.
func (m *corrector) distance(w string) int {
	if len(w) > maxWordLen {
		return m.most + 1
	}
	before, last, row := &m.rows[0], &m.rows[1], &m.rows[2]
	for j := range len(w) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(m.word); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(w); j++ {
			cost := 1
			if m.word[i-1] == w[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && m.word[i-1] == w[j-2] && m.word[i-2] == w[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > m.most {
			return least
		}
		before, last, row = last, row, before
	}
	return last[len(w)]
}

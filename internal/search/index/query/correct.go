package query

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/search/index/segment"
)

// Spelling is a noisy channel (Kernighan, Church and Gale, 1990): of the words of titles that
// a few edits lead to, the likeliest is the one that is used often, that few edits lead
// to, and that stands in papers together with the other words of the query. What is typed is
// mended only where it is clearly less likely than that.

const (
	maxTyped   = 40  // words; what is longer is a text that was pasted, whose rare words are right
	maxScanned = 6   // words of a query whose near ones are looked for
	maxWordLen = 32  // longer words are left alone
	maxNear    = 8   // near words that are compared by what they stand with
	maxCompany = 3   // other words that tell which one is meant
	rareUse    = 3   // a word that is used less often may be a mistake
	better     = 10  // and is one if another is used so many times as often
	farBetter  = 300 // one that is used more often is so, too, if it stands alone and another is used so many times as often
	shortWord  = 4   // letters of a word that has too many near ones to be mended by its letters alone
	moreOften  = 30  // or if another stands in so many times as many papers with the other words
	leastPart  = 3   // letters of a word that is mended, and of each half of one that lacks its blank
)

// correct gives a likelier spelling of a query, "" when there is none: "difusion modls"
// becomes "diffusion models". Distances are those of optimal string alignment: insertions,
// deletions, replacements and swaps of neighbors.
func (s *Snapshot) correct(ctx context.Context, typed string) string {
	if len(strings.Fields(typed)) > maxTyped {
		return ""
	}
	c := corrector{snap: s, words: s.queryWords(typed)}
	changed := c.join()
	for i := range c.words {
		if ctx.Err() != nil || c.scans == maxScanned {
			break
		}
		changed = c.mend(i) || changed
	}
	if !changed {
		return ""
	}
	var b strings.Builder
	for _, w := range c.words {
		b.WriteString(w.text)
		b.WriteString(w.gap)
	}
	return b.String()
}

// A queryWord is a run of letters that was typed, and what is no letter after it.
type queryWord struct {
	text, gap string
	key       string // folded; "" for what is not to be mended
	uses      int
	telling   bool // it has a term that says something
}

func (s *Snapshot) queryWords(typed string) (out []queryWord) {
	fixed, before := false, ""
	for rest := typed; rest != ""; {
		w := queryWord{}
		w.text, w.gap = cutWord(rest)
		rest = rest[len(w.text)+len(w.gap):]
		key := segment.FoldKey(w.text)
		terms := analysis.Terms(w.text)
		w.telling = len(terms) > 0 && !analysis.Common(terms[0])
		field := strings.HasPrefix(w.gap, ":")
		coined := isCoined(w.text) || digitLast(before) || digitFirst(w.gap)
		before = w.gap
		if !fixed && !field && !coined && len(terms) > 0 && len(key) <= maxWordLen && !strings.ContainsRune(key, ' ') {
			w.key, w.uses = key, s.usesOf(key)
		}
		// The values of other fields are names.
		fixed = field && !slices.Contains([]string{"title", "ti", "abs", "abstract"}, key)
		out = append(out, w)
	}
	return out
}

// isCoined reports whether a word has capitals behind its first letter, as abbreviations and
// the names of models and methods have: they are often new, and near other words.
func isCoined(word string) bool {
	_, size := utf8.DecodeRuneInString(word)
	return strings.ContainsFunc(word[size:], unicode.IsUpper)
}

func digitFirst(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsDigit(r)
}

func digitLast(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsDigit(r)
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

// usesOf is how often a word is used in titles, or how many papers have its term or an
// author of that name.
func (s *Snapshot) usesOf(key string) int {
	n, papers, authors := 0, 0, 0
	terms, names := analysis.Terms(key), search.AuthorTerms(key)
	for i := range s.Segments {
		seg := &s.Segments[i]
		words := seg.Words()
		if at := span(words.Len(), key, words.At); at[0] < at[1] && words.At(at[0]) == key {
			n += int(words.Uses(at[0]))
		}
		if len(terms) > 0 {
			papers += seg.LiveDF(seg.Term(segment.ClassText, terms[0]))
		}
		if len(names) > 0 {
			authors += seg.LiveDF(seg.Term(segment.ClassAuthor, names[0]))
		}
	}
	return max(n, papers, authors)
}

// A corrector mends the words of a query.
type corrector struct {
	snap  *Snapshot
	words []queryWord
	scans int
	top   uint64 // uses of the word that is used the most; 0: not known yet
}

// mend puts a likelier word, or two, in the place of one, and reports whether it did.
func (c *corrector) mend(i int) bool {
	w := &c.words[i]
	if len(w.key) < leastPart || uint64(better*max(1, w.uses)) > c.mostUsed() {
		return false
	}
	others, with := c.company(i), 0
	if w.uses >= rareUse {
		// A word that is known is taken for a mistake only where it tells nothing together with the others.
		if with = others.count(w.key); with >= rareUse {
			return false
		}
	}
	c.scans++
	near, found := c.likeliest(w.key, others)
	if found && w.clearly(near, others, with) {
		w.text, w.key, w.uses = near.word, near.word, int(near.uses)
		return true
	}
	return w.uses < rareUse && c.split(w)
}

// clearly reports whether a near word is clearly likelier than the one that was typed,
// which stands in with papers with the others.
func (w *queryWord) clearly(near nearWord, others *company, with int) bool {
	often := near.uses >= uint64(better*max(w.uses, 1))
	if len(w.key) <= shortWord && near.together < rareUse { // it may be an abbreviation that is new here
		return false
	}
	if w.uses < rareUse {
		return near.together > 0 && (often || w.uses == 0) || often && (others.empty() || near.distance == 1)
	}
	if !often || near.distance > 1 {
		return false
	}
	if others.empty() {
		return near.uses >= uint64(farBetter*w.uses)
	}
	return near.together >= moreOften*(with+1)
}

// mostUsed is how often the word is used that titles use the most.
func (c *corrector) mostUsed() uint64 {
	if c.top == 0 {
		c.top = 1
		for i := range c.snap.Segments {
			words := c.snap.Segments[i].Words()
			for k := range words.Len() {
				c.top = max(c.top, uint64(words.Uses(k)))
			}
		}
	}
	return c.top
}

// A company is the papers that hold other words of a query, by segment.
type company struct {
	snap *Snapshot
	sets []segment.Bitset // nil: there are no other words
}

func (o *company) empty() bool { return o.sets == nil }

// company is the papers with the words nearest to the i-th, as many of them as some
// papers have together.
func (c *corrector) company(i int) *company {
	o := &company{snap: c.snap}
	words := 0
	for _, k := range nearestFirst(i, len(c.words)) {
		w := &c.words[k]
		if !w.telling || w.key == "" || w.uses < rareUse {
			continue
		}
		if o.add(w.key) {
			words++
		}
		if words == maxCompany {
			break
		}
	}
	return o
}

// nearestFirst are the numbers from 0 to n-1 without i, the nearest to i first.
func nearestFirst(i, n int) (out []int) {
	for d := 1; d < n; d++ {
		for _, k := range []int{i - d, i + d} {
			if k >= 0 && k < n {
				out = append(out, k)
			}
		}
	}
	return out
}

// add narrows the papers down to those that hold a word, unless none does.
func (o *company) add(key string) bool {
	sets, left := make([]segment.Bitset, len(o.snap.Segments)), 0
	for i := range o.snap.Segments {
		seg := &o.snap.Segments[i]
		sets[i] = seg.NewSet()
		seg.AddTo(sets[i], seg.Term(segment.ClassText, mainTerm(key)))
		if o.sets != nil {
			sets[i].And(o.sets[i])
		}
		left += sets[i].Count()
	}
	if left == 0 {
		return false
	}
	o.sets = sets
	return true
}

// count is how many of the papers hold a word.
func (o *company) count(key string) (n int) {
	if o.sets == nil {
		return 0
	}
	for i := range o.snap.Segments {
		seg := &o.snap.Segments[i]
		set := seg.NewSet()
		seg.AddTo(set, seg.Term(segment.ClassText, mainTerm(key)))
		set.And(o.sets[i])
		n += set.Count()
	}
	return n
}

// mainTerm is a word's term; "" for a stop word.
func mainTerm(key string) string {
	if terms := analysis.Terms(key); len(terms) > 0 {
		return terms[0]
	}
	return ""
}

// split parts a word that nobody uses in two that stand together: "languagemodel".
func (c *corrector) split(w *queryWord) bool {
	best, found := "", 0
	for i := leastPart; i <= len(w.key)-leastPart; i++ {
		first, second := w.key[:i], w.key[i:]
		if !utf8.RuneStart(w.key[i]) || c.snap.usesOf(first) < better || c.snap.usesOf(second) < better {
			continue
		}
		if n := c.snap.sideBySide(first, second); n >= rareUse && n > found {
			best, found = first+" "+second, n
		}
	}
	if found == 0 {
		return false
	}
	w.text, w.key = best, ""
	return true
}

// sideBySide is how many papers have one word right before another.
func (s *Snapshot) sideBySide(first, second string) (n int) {
	a, b := mainTerm(first), mainTerm(second)
	if a == "" || b == "" {
		return 0
	}
	for i := range s.Segments {
		n += havingPhrase(s.Segments[i].Segment, search.FieldAny, []search.Place{{Term: a}, {Term: b, Offset: 1}}).Count()
	}
	return n
}

// join puts words together that were parted within one that is used, where one of the
// parts is no word, and reports whether it did: "trans formers".
func (c *corrector) join() (changed bool) {
	for i := 0; i+1 < len(c.words); i++ {
		a, b := &c.words[i], &c.words[i+1]
		if a.key == "" || b.key == "" || a.gap != " " || min(a.uses, b.uses) >= rareUse {
			continue
		}
		whole := a.key + b.key
		if uses := c.snap.usesOf(whole); len(whole) <= maxWordLen && uses >= better {
			*a = queryWord{text: whole, gap: b.gap, key: whole, uses: uses, telling: true}
			c.words = slices.Delete(c.words, i+1, i+2)
			changed = true
		}
	}
	return changed
}

// A nearWord is a word of titles that a few edits lead to.
type nearWord struct {
	word     string
	uses     uint64
	distance int
	together int     // papers that have it and the other words
	weight   float64 // logarithm of how likely it is, to the base of 2
}

// likeliest is the word that was probably meant by a key; false where there is none.
func (c *corrector) likeliest(key string, others *company) (best nearWord, found bool) {
	m := matcher{word: key, mask: lettersOf(key), most: 2}
	if len(key) < 6 {
		m.most = 1
	}
	for i := range c.snap.Segments {
		m.scan(c.snap.Segments[i].Words())
	}
	for _, near := range m.near {
		near.uses, near.together = uint64(c.snap.usesOf(near.word)), others.count(near.word)
		near.weight = near.rank(key) + 2*math.Log2(1+float64(near.together))
		if !found || near.weight > best.weight {
			best, found = near, true
		}
	}
	best.word = strings.Clone(best.word)
	return best, found
}

// A matcher looks for the words nearest to one.
type matcher struct {
	word string
	mask uint32
	most int // distance
	near []nearWord
	rows [3][maxWordLen + 3]int
}

// lettersOf is the set of a word's letters.
func lettersOf(w string) (mask uint32) {
	for i := range len(w) {
		mask |= 1 << (w[i] & 31)
	}
	return mask
}

// scan adds the near words of a table; of one that several tables have, the uses are
// added up.
func (m *matcher) scan(words segment.Table) {
	for k := range words.Len() {
		size := words.Size(k)
		if size > len(m.word)+m.most || size < len(m.word)-m.most {
			continue
		}
		w := words.At(k)
		// Each edit changes at most two letters of the set.
		if n := bits.OnesCount32(lettersOf(w) ^ m.mask); n > 2*m.most {
			continue
		}
		if d := m.distance(w); d > 0 && d <= m.most && !analysis.Common(mainTerm(w)) {
			m.add(nearWord{word: w, uses: uint64(words.Uses(k)), distance: d})
		}
	}
}

// What an edit takes from the logarithm of a word's likelihood: a nearer word beats one
// that is used a hundred times as often.
const (
	secondEdit  = 7
	firstLetter = 3.3
)

// rank is the logarithm of how likely a word was meant by another, as far as its uses and
// the edits tell.
func (w *nearWord) rank(typed string) float64 {
	rank := math.Log2(float64(max(w.uses, 1))) - secondEdit*float64(w.distance-1)
	if w.word[0] != typed[0] {
		rank -= firstLetter
	}
	return rank
}

func (m *matcher) add(near nearWord) {
	if i := slices.IndexFunc(m.near, func(other nearWord) bool { return other.word == near.word }); i >= 0 {
		near.uses += m.near[i].uses
		m.near = slices.Delete(m.near, i, i+1)
	}
	near.weight = near.rank(m.word)
	at, _ := slices.BinarySearchFunc(m.near, near, func(a, b nearWord) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.word, b.word))
	})
	m.near = slices.Insert(m.near, at, near)
	m.near = m.near[:min(len(m.near), maxNear)]
}

// distance is how many edits lead from the word to w, or more than most.
func (m *matcher) distance(w string) int {
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

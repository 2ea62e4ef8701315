package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/tex"
)

// A Pasted is a text that was copied from where papers are cited, understood.
type Pasted struct {
	References []Reference // in the order of the text, one at least
	Sure       bool        // it is no query, whatever else it may say
	File       bool        // it is of a file of references, or an address
}

// A Reference is what a text says of one paper.
type Reference struct {
	Titles []string   // what may be the title, the likeliest first
	Text   string     // all that may be of the title or an author's name
	Year   int        // of publication; 0: not said
	IDs    []paper.ID // of the paper
	Slug   bool       // Text is an address made of the title, which may be cut, and of names
}

const (
	maxReferences = 50
	maxReference  = 3000 // bytes of a reference that is one line
	maxTitles     = 300  // of a reference
	mostSegments  = 5    // that a title has, parted by its marks
	leastWords    = 4    // of a reference
)

// ParsePasted reads what is pasted from a list of references, a BibTeX or RIS file, or as
// the address of a paper at Semantic Scholar; false for a text that is none of it. What
// a title is in a line of references is not known: whoever has the papers compares what
// it may be, by Keys, and then asks Agrees. The work is linear in the text.
func ParsePasted(text string) (Pasted, bool) {
	text = Unbroken(strings.ToValidUTF8(firstBytes(text, maxQuery), ""))
	for _, read := range []func(string) []Reference{bibTeX, ris, endNote, slugs} {
		if found := read(text); len(found) > 0 {
			return Pasted{found[:min(len(found), maxReferences)], true, true}, true
		}
	}
	if len(text) > maxReference || len(strings.Fields(text)) < leastWords || !strings.ContainsAny(text, `0123456789.,:"“`) && !strings.Contains(text, " et al") {
		return Pasted{}, false
	}
	weight := referenceWeight(text)
	if weight < 1 {
		return Pasted{}, false
	}
	return Pasted{[]Reference{line(text)}, weight >= 3, false}, true
}

var brokenWord = regexp.MustCompile(`(\pL)(?:-|\x{ad}|\x{2010})[ \t]*\r?\n\s*(\p{Ll})`)

// Unbroken mends words that a hyphen parts at the end of a line.
func Unbroken(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	return brokenWord.ReplaceAllString(text, "$1$2")
}

// Keys are the TitleKeys of what may be the title.
func (r *Reference) Keys() []uint64 {
	var out []uint64
	for _, t := range r.Titles {
		if key := TitleKey(t); key != 0 && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// Query asks for the words of the likeliest title, or of all of the text where there is
// no likely one.
func (r *Reference) Query() Query {
	if len(r.Titles) == 0 {
		return Words(r.Text)
	}
	return Words(r.Titles[0])
}

var (
	bibEntry = regexp.MustCompile(`@\s*([A-Za-z]+)\s*[{(]\s*[^\s,{}]*\s*,`)
	bibField = regexp.MustCompile(`(?i)(?:^|[\s,{])(title|author|editor|year|date)\s*=\s*`)
)

// bibTeX reads BibTeX entries, whole or cut.
func bibTeX(text string) (out []Reference) {
	if strings.IndexByte(text, '@') < 0 {
		return nil
	}
	starts := bibEntry.FindAllStringSubmatchIndex(text, maxReferences)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		if kind := strings.ToLower(text[at[2]:at[3]]); kind == "comment" || kind == "string" || kind == "preamble" {
			continue
		}
		entry := text[at[0]:end]
		var r Reference
		var names string
		rest := entry
		for m := bibField.FindStringSubmatchIndex(rest); m != nil; m = bibField.FindStringSubmatchIndex(rest) {
			name := strings.ToLower(rest[m[2]:m[3]])
			value := bibValue(rest[m[1]:])
			rest = rest[m[1]+len(value):]
			value = tex.Text(undelimited(value))
			switch name {
			case "title":
				r.Titles = append(r.Titles, value)
			case "author":
				names = value
			case "year", "date":
				r.Year = leadingYear(value)
			}
		}
		r.Text = strings.Join(append(slices.Clone(r.Titles), names), ". ")
		out = r.add(out, entry)
	}
	return out
}

// bibValue is the value that a text begins with: in braces, in quotation marks, or up to
// the next comma.
func bibValue(s string) string {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
		case c == '{':
			depth++
		case c == '}' && depth <= 1:
			return s[:i+min(depth, 1)]
		case c == '}':
			depth--
		case c == '"' && depth == 0 && i > 0 && s[0] == '"':
			return s[:i+1]
		case c == ',' && depth == 0 && s[0] != '"':
			return s[:i]
		}
	}
	return s
}

// undelimited is a value without the braces or quotation marks around all of it, one of
// which may be cut off.
func undelimited(value string) string {
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(value, "{"):
		return strings.TrimSuffix(value[1:], "}")
	case strings.HasPrefix(value, `"`):
		return strings.TrimSuffix(value[1:], `"`)
	}
	return value
}

// add adds a reference that says something, with the identifiers of its source.
func (r Reference) add(out []Reference, source string) []Reference {
	m := paper.FindMentions(source)
	r.IDs = m.IDs()
	r.Titles = slices.DeleteFunc(r.Titles, func(t string) bool { return t == "" })
	if len(r.Titles)+len(r.IDs) == 0 {
		return out
	}
	return append(out, r)
}

var (
	risTag     = regexp.MustCompile(`(?:^|\s)([A-Z][A-Z0-9])  ?- ?`)
	endNoteTag = regexp.MustCompile(`(?:^|\s)%([0-9A-Z@])\s`)
)

// ris reads RIS records, also on one line.
func ris(text string) []Reference {
	if !strings.Contains(text, "TY ") || !strings.Contains(text, "TI ") && !strings.Contains(text, "T1 ") {
		return nil
	}
	return tagged(text, risTag, "TY", map[string]string{"TI": "title", "T1": "title", "AU": "author", "A1": "author", "PY": "year", "Y1": "year", "DA": "year"})
}

// endNote reads records of EndNote.
func endNote(text string) []Reference {
	if !strings.Contains(text, "%0 ") || !strings.Contains(text, "%T ") {
		return nil
	}
	return tagged(text, endNoteTag, "0", map[string]string{"T": "title", "A": "author", "D": "year"})
}

// tagged reads records whose values follow tags; begins is the tag of a new record.
func tagged(text string, tag *regexp.Regexp, begins string, names map[string]string) (out []Reference) {
	places := tag.FindAllStringSubmatchIndex(text, -1)
	var r Reference
	var people []string
	from := 0
	end := func(to int) {
		r.Text = strings.Join(append(slices.Clone(r.Titles), people...), ". ")
		out = r.add(out, text[from:to])
		r, people, from = Reference{}, nil, to
	}
	for i, at := range places {
		to := len(text)
		if i+1 < len(places) {
			to = places[i+1][0]
		}
		name, value := text[at[2]:at[3]], paper.CleanLine(text[at[1]:to])
		if name == begins && i > 0 {
			end(at[0])
		}
		switch names[name] {
		case "title":
			r.Titles = append(r.Titles, tex.Text(value))
		case "author":
			people = append(people, value)
		case "year":
			if r.Year == 0 {
				r.Year = leadingYear(value)
			}
		}
	}
	end(len(text))
	return out
}

var slugAddress = regexp.MustCompile(`semanticscholar\.org/(?:reader/)?paper/([^/\s?#]{8,300})/[0-9a-f]{40}`)

// slugs reads addresses of Semantic Scholar, which are made of titles and names.
func slugs(text string) (out []Reference) {
	if !strings.Contains(text, "semanticscholar") {
		return nil
	}
	for _, m := range slugAddress.FindAllStringSubmatch(text, maxReferences) {
		words := strings.NewReplacer("%3A", " ", "%3a", " ", "%2C", " ", "%27", "'", "%28", " ", "%29", " ", "-", " ", "_", " ").Replace(m[1])
		words = paper.CleanLine(words)
		out = append(out, Reference{Titles: []string{words}, Text: words, Slug: true})
	}
	return out
}

// What tells a line of a list of references, and how much.
var referenceMarks = []struct {
	mark   *regexp.Regexp
	weight int
}{
	{regexp.MustCompile(`(?:^|[\s(,])(?:19|20)\d\d[a-z]?(?:$|[\s).,;:])`), 1},
	{regexp.MustCompile(`\bet\.? al\b`), 2},
	{regexp.MustCompile(`(?:\bpp?\. ?\d|\d[-–—]+\d)`), 1},
	{regexp.MustCompile(`(?i)\bIn:? (?:proc|advances|the|international|conference|\p{Lu}{3,})|\bproceedings\b|\bjournal\b|\bconference on\b|\btrans\. |preprint|\bcorr\b|\badvances in\b`), 1},
	{regexp.MustCompile(`\p{Lu}\p{Ll}+,? \p{Lu}\.|\p{Lu}\.[ -]?\p{Lu}\p{Ll}+`), 1},
	{regexp.MustCompile(`(?:\p{Lu}\p{Ll}+,? \p{Lu}\.|\p{Lu}\. ?\p{Lu}\p{Ll}+)(?:,| and| &).*(?:\p{Lu}\p{Ll}+,? \p{Lu}\.|\p{Lu}\. ?\p{Lu}\p{Ll}+)`), 1},
	{regexp.MustCompile(`[,.] ["“]|[,.]["”]`), 1},
	{regexp.MustCompile(`^\s*\[[\w+]{1,8}\] `), 1},
	{regexp.MustCompile(`(?i)\bvol\.|\bno\. ?\d|doi|arxiv`), 1},
}

var syntax = regexp.MustCompile(`(?:^|[\s(-])(?:author|authors|by|title|ti|abs|abstract|org|organization|cat|category|year|after|since|before|has|in|votes|id|similar|sort):[^\s]`)

// sentence is how sentences begin that are no references but may have some.
var sentence = regexp.MustCompile(`^\s*(?:We|In this|In the|This|These|Our|Here|Let|It is|There|Recent|Recently|However)\b.* `)

// referenceWeight says how much a text looks like a reference; 0 for a query that uses
// the language.
func referenceWeight(text string) int {
	if syntax.MatchString(text) || strings.Contains(text, " OR ") || strings.Contains(text, " AND ") || strings.HasPrefix(text, "-") || strings.Contains(text, " -") && !strings.Contains(text, " - ") {
		return 0
	}
	if sentence.MatchString(text) || Prose(text) {
		return 0
	}
	weight := 0
	for _, m := range referenceMarks {
		if m.mark.MatchString(text) {
			weight += m.weight
		}
	}
	return weight
}

// line reads a reference in any style: what may be the title is what stands between its
// marks.
func line(text string) Reference {
	m := paper.FindMentions(text)
	r := Reference{Text: tex.Text(m.Rest), IDs: m.IDs()}
	if at := yearMark.FindStringSubmatch(r.Text); at != nil {
		r.Year = leadingYear(at[1])
	}
	parts := segments(r.Text)
	for n := min(mostSegments, len(parts)); n > 0; n-- { // the longest are likelier
		for i := 0; i+n <= len(parts) && len(r.Titles) < maxTitles; i++ {
			title := r.Text[parts[i].start:parts[i+n-1].end]
			if words := len(strings.Fields(title)); words >= 2 && words <= 40 && len(title) >= 8 {
				r.Titles = append(r.Titles, title)
			}
		}
	}
	if i := likeliest(r.Text, parts); i >= 0 {
		title := r.Text[parts[i].start:parts[i].end]
		r.Titles = slices.Insert(r.Titles, 0, title)
	}
	return r
}

var (
	yearMark = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)[a-z]?(?:$|[^\d–-])`)
	people   = regexp.MustCompile(`^(?:(?:\p{Lu}\S*|and|&|de|du|van|von|der|la) )+(?:and|&) (?:\p{Lu}\S*|de|du|van|von|der|la)(?: (?:\p{Lu}\S*|de|du|van|von|der|la))*$`)
	venue    = regexp.MustCompile(`(?i)\bproc|conference|journal|advances in|transactions|symposium|workshop|preprint|press\b|letters\b|https?:|university|neural information processing systems`)
)

func leadingYear(s string) int {
	s = strings.TrimSpace(s)
	year, err := strconv.Atoi(firstBytes(s, 4))
	if err != nil || year < 1800 || year > 2200 {
		return 0
	}
	return year
}

// likeliest is the segment of a reference that is most likely its title: one in quotation
// marks, else the longest that is neither a venue nor names; -1 when there is none.
func likeliest(text string, parts []span) int {
	best, longest := -1, 2
	for i, p := range parts {
		s := text[p.start:p.end]
		words := len(strings.Fields(s))
		quoted := strings.HasSuffix(text[:p.start], `"`) || strings.HasSuffix(text[:p.start], "“")
		if words > 2 && quoted {
			return i
		}
		if words > longest && !venue.MatchString(s) && !people.MatchString(s) {
			best, longest = i, words
		}
	}
	return best
}

var cutMark = regexp.MustCompile(`[.,;:?!](?:["”'’]|\s|$)|["“”„«»()\[\]{}]|\s[-–—]\s|\s(?:et\.? al\b\.?|(?:19|20)\d\d[a-z]?\b)|[\r\n]+`)

// segments are the pieces of a reference between its marks.
func segments(text string) (out []span) {
	from := 0
	add := func(to int) {
		s := text[from:to]
		left := len(s) - len(strings.TrimLeft(s, " '’"))
		right := len(strings.TrimRight(s, " '’"))
		if left < right {
			out = append(out, span{start: from + left, end: from + right})
		}
	}
	for _, at := range cutMark.FindAllStringIndex(text, -1) {
		add(at[0])
		from = at[1]
	}
	add(len(text))
	return out
}

// Agrees says how well a paper is the one of the reference, from 0 for another paper up.
// Its title must stand in the text, with a few letters or words changed, and one of the
// authors must, unless the title is long or nothing else is said.
func (r *Reference) Agrees(title string, authors []string, year int) float64 {
	text, words := analysis.Words(r.Text), analysis.Words(tex.Text(title))
	if len(words) == 0 || len(text) == 0 {
		return 0
	}
	from, to, same := align(words, text)
	named := 0
	for _, name := range authors[:min(len(authors), maxCompared)] {
		if family := familyName(name); family != "" && (slices.Contains(text[:from], family) || slices.Contains(text[to:], family)) {
			named++
		}
	}
	covered := same / float64(len(words))
	if r.Slug { // the title may be cut, and what is left may be names
		covered = (same + float64(min(named, 2))) / float64(len(text))
	}
	rest := 0 // words beside the title
	for i, word := range text {
		if (i < from || i >= to) && leadingYear(word) == 0 {
			rest++
		}
	}
	switch {
	case covered < leastCovered, len(words) < 2 && named == 0:
		return 0
	case named == 0 && rest > 0 && len(words) < 6 && !r.said(title):
		return 0
	}
	score := same * covered
	score += 2 * float64(min(named, 3))
	if r.Year != 0 && year != 0 && abs(r.Year-year) <= 2 {
		score++
	}
	return score
}

// said reports whether a title is the one that the reference says, and no guess.
func (r *Reference) said(title string) bool {
	return len(r.Titles) == 1 && TitleKey(r.Titles[0]) == TitleKey(title)
}

func abs(n int) int { return max(n, -n) }

const (
	maxCompared  = 50  // authors
	leastCovered = 0.8 // of a title
)

// familyName is the last word of a name, or the one before its comma, folded.
func familyName(name string) string {
	name, _, _ = strings.Cut(name, ",")
	words := analysis.Words(tex.Text(name))
	if len(words) == 0 || isInitial(words[len(words)-1]) {
		return ""
	}
	return words[len(words)-1]
}

// align finds where in a text a title stands best: text[from:to], with the number of its
// words that are the same there, those with a slip counting a little less. It is the
// local alignment of Smith and Waterman (1981), by words.
func align(title, text []string) (from, to int, same float64) {
	type cell struct {
		score, same float64
		from        int
	}
	const gap = 0.4
	before := make([]cell, len(text)+1)
	row := make([]cell, len(text)+1)
	for j := range before {
		before[j].from = j
	}
	var best cell
	for _, word := range title {
		row[0] = cell{}
		for j, other := range text {
			c := before[j]
			alike := likeness(word, other)
			c.score += alike
			if alike > 0 {
				c.same += alike
			} else {
				c.score -= gap
			}
			if up := before[j+1]; up.score-gap > c.score {
				c = up
				c.score -= gap
			}
			if left := row[j]; left.score-gap > c.score {
				c = left
				c.score -= gap
			}
			if c.score <= 0 {
				c = cell{from: j + 1}
			}
			row[j+1] = c
			if c.score > best.score {
				best, to = c, j+1
			}
		}
		before, row = row, before
	}
	return min(best.from, to), to, best.same
}

// likeness is 1 for equal words, a little less for long ones with one slip, else 0.
func likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	if len(a) < 5 || len(b) < 5 || abs(len(a)-len(b)) > 1 {
		return 0
	}
	n := commonStart(a, b)
	x, y := a[n:], b[n:]
	swapped := len(x) > 1 && len(x) == len(y) && x[0] == y[1] && x[1] == y[0] && x[2:] == y[2:]
	if swapped || len(x) > 0 && x[1:] == y || len(y) > 0 && x == y[1:] || len(x) > 0 && len(y) > 0 && x[1:] == y[1:] {
		return 0.9
	}
	return 0
}

// Prose reports whether a text is so long that it is no query but a text, such as an
// abstract: what it has of the query language is not meant. A list of many authors is
// none: it has hardly a stop word.
func Prose(text string) bool {
	const least, stops = 30, 6 // every sixth word, at least
	words := strings.Fields(firstBytes(text, maxQuery))
	if len(words) < least || syntax.MatchString(text) {
		return false
	}
	n := 0
	for _, w := range words {
		if len(w) < 6 && w[0] >= 'a' && w[0] <= 'z' && len(analysis.Tokens(w)) == 0 {
			n++
		}
	}
	return n*stops >= len(words)
}

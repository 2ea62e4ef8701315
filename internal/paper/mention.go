package paper

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A Mention is a paper that a text names.
type Mention struct {
	ID      ID
	Version int  // 0: none was named
	Sure    bool // the text says that it is an identifier; a bare number may be something else
}

// Mentions are the papers that a text names.
type Mentions struct {
	Papers []Mention // each once, in the order of the text
	Rest   string    // the text without what names them
}

// IDs are the identifiers of the papers.
func (m *Mentions) IDs() []ID {
	var out []ID
	for _, p := range m.Papers {
		out = append(out, p.ID)
	}
	return out
}

// Only reports whether the text names papers and says nothing else: "see
// arXiv:1706.03762 and 10.1145/3292500."
func (m *Mentions) Only() bool {
	if len(m.Papers) == 0 {
		return false
	}
	for field := range strings.FieldsSeq(strings.ToLower(m.Rest)) {
		if strings.Contains(field, "://") { // the rest of an address
			continue
		}
		for word := range strings.FieldsFuncSeq(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if !asides[word] && (len(word) > 4 || !digits(strings.TrimPrefix(word, "v"))) {
				return false
			}
		}
	}
	return true
}

// asides are words beside an identifier that say nothing of the paper.
var asides = func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(`arxiv preprint preprints e print eprint abs pdf html doi id ids paper papers see at and
		or also in the from available online url href https http www org com version link read cf corr of on retrieved accessed
		jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september october
		november december`) {
		set[word] = true
	}
	return set
}()

// What names a paper. The groups of each are read by the function of the same place in readers.
var mentionForms = []struct {
	form *regexp.Regexp
	read func(g []string) (ID, int, bool)
	sure bool
}{
	{regexp.MustCompile(`(?i)arxiv\s*:\s*(\d{4})\s*\.\s*(\d{4,5})(v\d{1,4})?`), readNumber, true},
	{regexp.MustCompile(`(\d{4})\.(\d{4,5})([vV]\d{1,4})?`), readNumber, false},
	{regexp.MustCompile(`(?i)([a-z]+(?:-[a-z]+)?(?:\.[a-z-]{2,})?/\d{7}(?:v\d{1,4})?)`), readOld, true},
	{regexp.MustCompile(`10\.\d{4,9}(?:\.\d+)*/[^\s"<>{}|?#&\\]+`), readDOI, true},
	// The bibcodes of ADS: 2017arXiv170603762V, 2010arXiv1001.0020A, 1997hep.th...11200M.
	{regexp.MustCompile(`\d{4}arXiv(\d{4})\.?(\d{4,5})()[A-Z]`), readNumber, true},
	{regexp.MustCompile(`(?:19|20)(\d\d)([a-z]+(?:\.[a-z]+)?)\.*(\d{1,5})[A-Z]`), readBibcode, true},
	// The keys of DBLP: corr/abs-1706-03762, corr/cs-CL-0112017.
	{regexp.MustCompile(`abs-(\d{4})-(\d{4,5})()`), readNumber, true},
	{regexp.MustCompile(`corr/([a-z]+(?:-[a-z]+)?)(?:-[A-Z]{2})?-(\d{7})`), readKey, true},
}

func readNumber(g []string) (ID, int, bool) { return parseArXiv(g[1] + "." + g[2] + g[3]) }

func readOld(g []string) (ID, int, bool) {
	s := g[1]
	if rest, ok := cutPrefixFold(s, "arxiv."); ok { // of a DOI
		s = rest
	}
	return parseArXiv(s)
}

func readDOI(g []string) (ID, int, bool) { return parseDOI(trimDOI(g[0])) }

// trimDOI takes off the marks of the text around a DOI.
func trimDOI(s string) string {
	for s != "" {
		last := s[len(s)-1]
		closes := strings.IndexByte(")]", last)
		switch {
		case closes >= 0 && strings.Count(s, string(last)) > strings.Count(s, "(["[closes:closes+1]):
		case strings.IndexByte(".,;:'`*!", last) >= 0:
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

func readBibcode(g []string) (ID, int, bool) {
	number := strings.Repeat("0", 5-len(g[3])) + g[3]
	id, ok := parseOld(strings.ReplaceAll(g[2], ".", "-"), g[1]+number)
	return id, 0, ok
}

func readKey(g []string) (ID, int, bool) {
	id, ok := parseOld(g[1], g[2])
	return id, 0, ok
}

// A place is where a text names a paper.
type place struct {
	Mention
	start, end int
}

// FindMentions finds the papers that a text names anywhere, in any usual form: arXiv
// identifiers with what clings to them, the stamp of a PDF, DOIs, addresses of arXiv,
// its mirrors and of the sites that name papers by these, bibcodes of ADS and keys of
// DBLP. The paper of an identifier need not exist. Time is linear in the text.
func FindMentions(text string) Mentions {
	if !strings.ContainsAny(text, "0123456789０１２３４５６７８９") {
		return Mentions{Rest: text}
	}
	text = plainMarks(text)
	var places []place
	for _, f := range mentionForms {
		for _, at := range f.form.FindAllStringSubmatchIndex(text, -1) {
			if p, ok := placeAt(text, at, f.read); ok {
				p.Sure = f.sure || saysSo(text, p)
				places = append(places, p)
			}
		}
	}
	if len(places) == 0 {
		return stamped(text)
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	return mentionsAt(text, places)
}

// plainMarks writes full-width letters and marks, unusual blanks and hyphens, and what
// addresses escape, plainly.
var plainMarks = func() func(string) string {
	escapes := strings.NewReplacer("%3A", ":", "%3a", ":", "%2F", "/", "%2f", "/", "%20", " ")
	return func(s string) string {
		return escapes.Replace(strings.Map(func(r rune) rune {
			switch {
			case r >= '！' && r <= '～':
				return r - '！' + '!'
			case r == '\u00ad' || r >= '\u200b' && r <= '\u200d' || r == '\u2060' || r == '\ufeff':
				return -1
			case r == '\u2010' || r == '\u2011':
				return '-'
			case unicode.IsSpace(r) || unicode.IsControl(r):
				return ' '
			}
			return r
		}, s))
	}
}()

// placeAt reads a match and refuses what is part of something longer.
func placeAt(text string, at []int, read func([]string) (ID, int, bool)) (place, bool) {
	groups := make([]string, 4)
	for i := range min(len(at)/2, len(groups)) {
		if at[2*i] >= 0 {
			groups[i] = text[at[2*i]:at[2*i+1]]
		}
	}
	if i := at[0]; i > 0 && (wordByte(text[i-1]) || strings.IndexByte("-$", text[i-1]) >= 0 || text[i-1] == '.' && i > 1 && digits(text[i-2:i-1])) {
		return place{}, false
	}
	rest := text[at[1]:]
	if rest != "" && (wordByte(rest[0]) || rest[0] == '%' || rest[0] == '.' && len(rest) > 1 && digits(rest[1:2])) {
		return place{}, false
	}
	id, version, ok := read(groups)
	return place{Mention{ID: id, Version: version}, at[0], at[1]}, ok
}

func wordByte(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_'
}

var (
	announces = regexp.MustCompile(`(?i)(?:arxiv|e-?print|abs|pdf|html|papers|number|/)(?: preprint)?[\s:.={\[("'#/]*$`)
	follows   = regexp.MustCompile(`^\s*\[[a-z-]+(?:\.[A-Za-z-]+)?\](?:\s+\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4})?`)
)

// near is how many bytes before an identifier are looked at.
const near = 40

// saysSo reports whether the text around a number says that it is an identifier.
func saysSo(text string, p place) bool {
	return p.Version > 0 || announces.MatchString(text[max(0, p.start-near):p.start]) || follows.MatchString(text[p.end:min(len(text), p.end+near)])
}

// mentionsAt puts together what is at places, which ascend.
func mentionsAt(text string, places []place) Mentions {
	var out Mentions
	var rest strings.Builder
	kept, seen := 0, map[ID]bool{}
	last := 0 // end of the place before
	for _, p := range places {
		if p.start < last {
			continue
		}
		last = p.end
		if !seen[p.ID] {
			seen[p.ID] = true
			out.Papers = append(out.Papers, p.Mention)
		}
		if p.start < kept {
			continue
		}
		start, end := whole(text, p, kept)
		rest.WriteString(text[kept:start])
		rest.WriteByte(' ')
		kept = end
	}
	rest.WriteString(text[kept:])
	out.Rest = CleanLine(rest.String())
	return out
}

// whole is all of a text that names a paper: its word, if that is an address or has
// marks around the identifier alone, and what announces and follows it.
func whole(text string, p place, from int) (start, end int) {
	start, end = p.start, p.end
	if i := strings.LastIndexByte(text[from:start], ' '); i >= 0 {
		from += i + 1
	}
	to := len(text)
	if i := strings.IndexByte(text[end:], ' '); i >= 0 {
		to = end + i
	}
	around := text[from:start] + text[end:to]
	if strings.ContainsAny(around, "/=") || strings.Contains(strings.ToLower(around), "arxiv") || strings.IndexFunc(around, unicode.IsLetter) < 0 {
		start, end = from, to
	}
	if at := follows.FindStringIndex(text[end:min(len(text), end+near)]); at != nil {
		end += at[1]
	}
	return start, end
}

// stamped reads the stamp of a PDF whose text gives one letter a line, upright or
// from the end: "7v26730.6071:viXra".
func stamped(text string) Mentions {
	none := Mentions{Rest: text}
	compact := strings.ReplaceAll(text, " ", "")
	lower := strings.ToLower(compact)
	for _, reversed := range []bool{false, true} {
		var part string
		if reversed {
			i := strings.Index(lower, ":vixra")
			if i < 0 {
				continue
			}
			b := []byte(compact[max(0, i-near):i])
			slices.Reverse(b)
			part = string(b)
		} else if i := strings.Index(lower, "arxiv:"); i >= 0 {
			part = compact[i+len("arxiv:") : min(len(compact), i+len("arxiv:")+near)]
		}
		if id, version, ok := leadingID(part); ok {
			rest := text
			if len(compact) < 2*near {
				rest = ""
			}
			return Mentions{[]Mention{{id, version, true}}, rest}
		}
	}
	return none
}

// leadingID reads the identifier that a text without blanks begins with.
func leadingID(s string) (ID, int, bool) {
	end := len(s)
	if i := strings.IndexAny(s, "[]"); i >= 0 {
		end = i
	}
	for ; end > 8; end-- {
		if id, version, ok := parseArXiv(s[:end]); ok {
			return id, version, true
		}
	}
	return "", 0, false
}

package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/search/analysis"
	"broadsheet/internal/tex"
)

// maxNameParts is how many words of a name are looked at.
const maxNameParts = 8

// AuthorTerms gives the terms that an engine keeps of an author, each once: the words of
// the name, and the name itself once for each two of its words or initials, which then come
// first. So whoever looks for a name finds it by one of its words and the initial of
// another: of "Geoffrey E. Hinton" there are "geoffrey", "hinton", and, among others, the
// keys "hinton geoffrey e" and "hinton e geoffrey". [Name.Match] reads the keys; words have
// no blank. Words are folded as [Name] says.
func AuthorTerms(name string) []string {
	n := ParseName(name)
	var out []string
	for i, p := range n.parts {
		out = append(out, p.forms...)
		if p.initial() || len(n.parts) == 1 {
			continue
		}
		for j, next := range n.parts {
			if i == j || next.optional {
				continue
			}
			var rest strings.Builder
			rest.WriteString(" " + next.word())
			for k, other := range n.parts {
				if k != i && k != j {
					rest.WriteString(" " + other.word())
				}
			}
			for _, form := range p.forms {
				out = append(out, form+rest.String())
			}
		}
	}
	out = append(out, n.joined...)
	slices.Sort(out)
	return slices.Compact(out)
}

// A Name is a person's or a team's name as people type it, or as a paper has it, read
// without regard to
//
//   - the order of its words, and a comma: "Kaiming He", "He, Kaiming";
//   - accents and the ways to write them: Müller is Mueller and Muller, Å is Aa, ß is ss;
//   - periods, apostrophes, and hyphens, which part words that may as well be written as one;
//   - particles such as "van der" within it, and suffixes such as "Jr.", which may be missing.
type Name struct {
	parts  []namePart
	joined []string // parts with a hyphen, written as one word
}

// A namePart is a word or an initial.
type namePart struct {
	forms    []string // as it may be folded; the first one is canonical
	optional bool     // a particle or a suffix: a name may have it or not
}

func (p namePart) word() string  { return p.forms[0] }
func (p namePart) initial() bool { return isInitial(p.forms[0]) }

// ParseName reads a name.
func ParseName(name string) Name {
	text := tex.Text(name)
	if family, given, ok := strings.Cut(text, ","); ok && len(analysis.Words(given)) > 0 {
		text = given + " " + family
		if suffix := strings.Fields(given); len(suffix) == 1 && suffixes[strings.ToLower(strings.Trim(suffix[0], "."))] {
			text = family + " " + given
		}
	}
	var n Name
	for field := range strings.FieldsSeq(text) {
		field = spaced(field)
		words := analysis.Words(field)
		spelled := words
		if letters := digraphs.Replace(field); letters != field {
			spelled = analysis.Words(letters)
		}
		first := len(n.parts)
		for i, word := range words {
			if len(n.parts) == maxNameParts {
				break
			}
			forms := []string{canonical(word)}
			if len(spelled) == len(words) && spelled[i] != word {
				forms = append(forms, canonical(spelled[i]))
			}
			if word == "lu" && len(forms) > 1 { // Lü
				forms = append(forms, "lv")
			}
			n.parts = append(n.parts, namePart{forms: slices.Compact(forms)})
		}
		if parts := n.parts[first:]; len(parts) > 1 && !slices.ContainsFunc(parts, namePart.initial) {
			joined := ""
			for _, p := range parts {
				joined += p.word()
			}
			n.joined = append(n.joined, joined)
		}
	}
	for i := range n.parts {
		n.parts[i].optional = i > 0 && (particles[n.parts[i].word()] || suffixes[n.parts[i].word()])
	}
	if n.needed() < 2 { // "Wu Di": nothing would be left
		for i := range n.parts {
			n.parts[i].optional = n.parts[i].optional && suffixes[n.parts[i].word()]
		}
	}
	return n
}

// spaced parts two or three capitals that can be no word, as in "KM He".
func spaced(field string) string {
	letters := strings.Trim(field, ".")
	if len(letters) < 2 || len(letters) > 3 || letters == "NG" {
		return field
	}
	for i := range len(letters) {
		if !isUpper(letters[i]) || !isConsonant(letters[i]|0x20) || letters[i] == 'Y' {
			return field
		}
	}
	return strings.Join(strings.Split(letters, ""), ".")
}

// needed is how many parts are not optional.
func (n *Name) needed() (parts int) {
	for _, p := range n.parts {
		if !p.optional {
			parts++
		}
	}
	return parts
}

// Whole reports whether a name has enough parts to be one: a word, and another word or an
// initial.
func (n *Name) Whole() bool {
	return n.needed() > 1 && slices.ContainsFunc(n.parts, func(p namePart) bool { return !p.initial() && !p.optional })
}

var particles = setOf(`af al bin da das de del della den der di dos du el ibn la ten ter van von zu zum zur`)

var suffixes = setOf(`jr sr ii iii iv phd`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// isInitial reports whether a word is one letter of a script that has initials.
func isInitial(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

func initial(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[:size]
}

// digraphs writes letters with marks as two letters, as is done where there are no such
// letters. Without them the folding of package analysis leaves the first one alone.
var digraphs = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa", "đ", "dj", "ð", "dh",
	"Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Ø", "Oe", "Å", "Aa", "Đ", "Dj", "Ð", "Dh",
	"a\u0308", "ae", "o\u0308", "oe", "u\u0308", "ue", "a\u030a", "aa", "A\u0308", "Ae", "O\u0308", "Oe", "U\u0308", "Ue", "A\u030a", "Aa")

// canonical writes the digraph of an umlaut in a folded word as one letter, so that mueller
// is muller as müller is: ae, oe, ue and aa in a word of at least five letters that stand
// between consonants, or, for oe and aa, at its beginning. Words that consist of syllables of
// Korean or Chinese are no German ones (Yuexin is not Yuxin, nor Taehun Tahun), and the ends
// of Michael, Joel and Samuel have no umlauts.
func canonical(word string) string {
	if len(word) < 5 {
		return word
	}
	for i := 0; i+2 < len(word); i++ {
		if isDigraph(word, i) {
			word = word[:i+1] + word[i+2:]
		}
	}
	return word
}

// isDigraph reports whether word[i:i+2] may stand for one letter.
func isDigraph(word string, i int) bool {
	if i > 0 && !isConsonant(word[i-1]) || !isConsonant(word[i+2]) || word[i+1] == 'e' && word[i+2:] == "l" {
		return false
	}
	switch word[i : i+2] {
	case "oe", "aa":
		return true
	case "ae":
		return i > 0 && !korean.match(word)
	case "ue":
		return i > 0 && !(strings.IndexByte("jqxyln", word[i-1]) >= 0 && pinyin.match(word))
	}
	return false
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isConsonant(c byte) bool {
	return 'a' <= c && c <= 'z' && c != 'a' && c != 'e' && c != 'i' && c != 'o' && c != 'u'
}

// syllables are how those of a language may begin, go on and end. The parts have the longer
// ones first; no syllable is without a middle.
type syllables struct{ first, middle, last []string }

var pinyin = syllables{
	first:  strings.Fields("zh ch sh b p m f d t n l g k h j q x r z c s y w"),
	middle: strings.Fields("uang iong iang ueng uai uan iao ian ing ang eng ong uo ui ia ie iu in ua ue un ai ei ao ou an en er a o e i u v"),
}

var korean = syllables{
	first:  strings.Fields("kk tt pp ss jj ch sh b d g h j k l m n p r s t c w y"),
	middle: strings.Fields("yae yeo you wae eo eu ae oe oo ee ui ou ya ye yo yu wa wo we wi a e i o u"),
	last:   strings.Fields("ng n m l k g p b t h"),
}

// match reports whether a word consists of syllables.
func (s *syllables) match(word string) bool {
	ends := make([]bool, len(word)+1) // places where a syllable may end
	ends[0] = true
	for i := range len(word) {
		if ends[i] {
			s.from(word, i, ends)
		}
	}
	return ends[len(word)]
}

// from notes where the syllables end that begin at i.
func (s *syllables) from(word string, i int, ends []bool) {
	middle := func(at int) {
		for _, m := range s.middle {
			if !strings.HasPrefix(word[at:], m) {
				continue
			}
			end := at + len(m)
			ends[end] = true
			for _, l := range s.last {
				if strings.HasPrefix(word[end:], l) {
					ends[end+len(l)] = true
				}
			}
		}
	}
	middle(i)
	for _, f := range s.first {
		if strings.HasPrefix(word[i:], f) {
			middle(i + len(f))
		}
	}
}

package analysis

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A run is what a part of a word beyond ASCII is cut into: letters of one kind.
type run uint8

const (
	runPlain    run = iota // a word of an alphabet
	runGreek               // one Greek letter beside others, which stands for its name
	runHangul              // a Korean word
	runUnspaced            // of a script that writes no blanks
)

// runOf is the run that a character belongs to. Most Greek letters of formulas are no
// letters of Greece until they are folded.
func runOf(r rune) run {
	switch {
	case r < 0x370:
		return runPlain
	case unicode.Is(unicode.Greek, compatible(r)):
		return runGreek
	case unicode.Is(unicode.Hangul, r):
		return runHangul
	case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan):
		return runUnspaced
	}
	return runPlain
}

// compatible is the letter that a mathematical one stands for.
func compatible(r rune) rune {
	if r < 0x1d400 || r > 0x1d7ff {
		return r
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	r, _ = utf8.DecodeRune(norm.NFKC.Bytes(buf[:n]))
	return r
}

// minGreek is how many Greek letters make a word of that language; fewer are symbols.
const minGreek = 3

// inRuns reports whether a part has to be cut: it is neither a word of an alphabet
// nor one in Greek.
func inRuns(s string) bool {
	var seen [runUnspaced + 1]int
	others := 0
	for _, r := range s {
		k := runOf(r)
		if unicode.IsMark(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		seen[k]++
		if k != runGreek {
			others++
		}
	}
	return seen[runHangul]+seen[runUnspaced] > 0 || seen[runGreek] > 0 && (others > 0 || seen[runGreek] < minGreek)
}

// runEnd is where the run that begins at s[i] ends; marks belong to what is before.
func runEnd(s string, i int) (end int, k run) {
	r, size := utf8.DecodeRuneInString(s[i:])
	k = runOf(r)
	i += size
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r) && (runOf(r) != k || k == runGreek) {
			break
		}
		i += size
	}
	return i, k
}

// runs gives the terms of a part that has to be cut, and the position after it. What
// follows one another in it is joined, as with a hyphen.
func (a *Analyzer) runs(text string, from, end, position int, f func(Token)) int {
	for from < end {
		to, k := runEnd(text[:end], from)
		t := Token{Start: from, End: to, Position: position}
		switch k {
		case runUnspaced:
			position = a.clusters(text, from, to, position, f)
			a.before = a.before[:0]
		default:
			a.fold(text[from:to], false)
			if name := greek[string(a.word)]; k == runGreek && name != "" {
				a.word = append(a.word[:0], name...)
			}
			if len(a.word) > 0 {
				a.part(text[from:to], t, f)
				if k == runHangul {
					a.syllables(t, f)
				}
				position++
			}
			a.keep(text[from:to], from)
		}
		a.gap, from = gapNone, to
	}
	return position
}

// syllables gives the pairs of neighbors in a Korean word, so that what is joined to
// a word does not hide it.
func (a *Analyzer) syllables(t Token, f func(Token)) {
	word := string(a.word)
	first := true
	for i := 0; i < len(word); {
		_, size := utf8.DecodeRuneInString(word[i:])
		_, next := utf8.DecodeRuneInString(word[i+size:])
		if next == 0 || first && i+size+next == len(word) { // the word itself
			return
		}
		a.piece(a.know([]byte(word[i:i+size+next])).term, t, t.Start, t.End, f)
		first = false
		i += size
	}
}

// clusters gives the pairs of neighboring letters, with their marks, of a text without
// blanks, and the position after it; a single letter by itself.
func (a *Analyzer) clusters(text string, from, end, position int, f func(Token)) int {
	first, last := clusterEnd(text, from, end), from
	for {
		second := clusterEnd(text, first, end)
		if a.fold(text[last:second], false); len(a.word) > 0 {
			f(Token{Term: a.know(a.word).term, Start: last, End: second, Position: position})
		}
		if second == end {
			return position + 1
		}
		last, first, position = first, second, position+1
	}
}

// clusterEnd is where a letter and its marks end.
func clusterEnd(text string, i, end int) int {
	if i >= end {
		return end
	}
	_, size := utf8.DecodeRuneInString(text[i:end])
	for i += size; i < end; i += size {
		var r rune
		if r, size = utf8.DecodeRuneInString(text[i:end]); !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r) {
			break
		}
	}
	return i
}

// greek are the names of Greek letters, as they are folded.
var greek = pairs(`α alpha, β beta, γ gamma, δ delta, ε epsilon, ζ zeta, η eta, θ theta,
ι iota, κ kappa, λ lambda, μ mu, ν nu, ξ xi, ο omicron, π pi, ρ rho, σ sigma, τ tau,
υ upsilon, φ phi, χ chi, ψ psi, ω omega`)

var greekNames = func() *strings.Replacer {
	var table []string
	for letter, name := range greek {
		table = append(table, letter, name)
	}
	return strings.NewReplacer(table...)
}()

// Scripts names the scripts other than Latin that a text is written in, each once, as
// a reader calls them: "Chinese", "Cyrillic". Greek letters that stand by themselves
// are symbols. A catalog of English papers has little in any of them.
func Scripts(text string) []string {
	var out []string
	greeks := 0
	kana := false
	for _, r := range text {
		if r < 0x370 {
			greeks = 0
			continue
		}
		name := scriptOf(r)
		switch name {
		case "Greek":
			if greeks++; greeks < minGreek {
				continue
			}
		case "Japanese":
			kana = true
		}
		if name != "Greek" {
			greeks = 0
		}
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if kana {
		out = slices.DeleteFunc(out, func(name string) bool { return name == "Chinese" })
	}
	return out
}

func scriptOf(r rune) string {
	for _, s := range scripts {
		if unicode.In(r, s.tables...) {
			return s.name
		}
	}
	return ""
}

var scripts = []struct {
	name   string
	tables []*unicode.RangeTable
}{
	{"Chinese", []*unicode.RangeTable{unicode.Han}},
	{"Japanese", []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}},
	{"Korean", []*unicode.RangeTable{unicode.Hangul}},
	{"Cyrillic", []*unicode.RangeTable{unicode.Cyrillic}},
	{"Greek", []*unicode.RangeTable{unicode.Greek}},
	{"Arabic", []*unicode.RangeTable{unicode.Arabic}},
	{"Hebrew", []*unicode.RangeTable{unicode.Hebrew}},
	{"Thai", []*unicode.RangeTable{unicode.Thai}},
	{"Lao", []*unicode.RangeTable{unicode.Lao}},
	{"Khmer", []*unicode.RangeTable{unicode.Khmer}},
	{"Burmese", []*unicode.RangeTable{unicode.Myanmar}},
	{"Tibetan", []*unicode.RangeTable{unicode.Tibetan}},
	{"Devanagari", []*unicode.RangeTable{unicode.Devanagari}},
	{"Bengali", []*unicode.RangeTable{unicode.Bengali}},
	{"Tamil", []*unicode.RangeTable{unicode.Tamil}},
	{"Telugu", []*unicode.RangeTable{unicode.Telugu}},
	{"Georgian", []*unicode.RangeTable{unicode.Georgian}},
	{"Armenian", []*unicode.RangeTable{unicode.Armenian}},
	{"Ethiopic", []*unicode.RangeTable{unicode.Ethiopic}},
}

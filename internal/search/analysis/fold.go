package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A kind is what a character is to the analyzer.
type kind uint8

const (
	other kind = iota
	letter
	digit
	ideograph
	mark      // belongs to the letter before it
	invisible // is not seen and parts nothing
)

// asciiKinds are the kinds of the first 128 characters.
var asciiKinds = func() (table [utf8.RuneSelf]kind) {
	for c := range table {
		switch {
		case isUpper(rune(c)), isLower(rune(c)):
			table[c] = letter
		case '0' <= c && c <= '9':
			table[c] = digit
		}
	}
	return table
}()

// kindAt is the kind of the character at text[i], and its size.
func kindAt(text string, i int) (kind, int) {
	if c := text[i]; c < utf8.RuneSelf {
		return asciiKinds[c], 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	return kindOf(r), size
}

func kindOf(r rune) kind {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && !unicode.IsPunct(r), r == longVowel, r == longVowelHalf:
		return ideograph
	case looseAccent(r):
		return invisible
	case unicode.IsDigit(r):
		return digit
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return letter
	case unicode.IsMark(r):
		return mark
	case unicode.Is(unicode.Cf, r):
		return invisible
	}
	return other
}

// The marks of a long vowel in Japanese words.
const (
	longVowel     = '\u30fc'
	longVowelHalf = '\uff70'
)

// looseAccent reports whether a character is an accent beside its letter, as text
// taken from a PDF has it: Erd\u02ddos.
func looseAccent(r rune) bool {
	return r == '\u00a8' || r == '\u00b4' || r == '\u00b8' || r == '\u00af' || r == '\u02c6' || r == '\u02c7' || '\u02d8' <= r && r <= '\u02dd'
}

// partEnd is where the part of a word that begins at text[i] ends, and whether all
// of it is ASCII. A point belongs to it between digits, an apostrophe between letters.
func partEnd(text string, i int) (end int, ascii bool) {
	ascii = true
	start := i
	last := other
	for i < len(text) {
		if c := text[i]; c < utf8.RuneSelf && asciiKinds[c] != other {
			last = asciiKinds[c]
			i++
			continue
		}
		k, size := kindAt(text, i)
		switch {
		case k == letter || k == digit:
			last = k
		case k == mark || k == invisible:
		case k == other && last == digit && text[i] == '.' && kindNext(text, i+1) == digit:
		case k == other && last == letter && apostrophe(text, i, size) && kindNext(text, i+size) == letter:
		default:
			return i + suffix(text, start, i), ascii
		}
		ascii = ascii && size == 1
		i += size
	}
	return i, ascii
}

func kindNext(text string, i int) kind {
	if i >= len(text) {
		return other
	}
	k, _ := kindAt(text, i)
	return k
}

func apostrophe(text string, i, size int) bool {
	return text[i] == '\'' || size == 3 && (text[i:i+3] == "’" || text[i:i+3] == "ʼ")
}

// suffix is the length of what belongs to a name of one letter: C++, C#.
func suffix(text string, start, end int) int {
	switch {
	case end-start != 1 || text[start] < 'A':
		return 0
	case strings.HasPrefix(text[end:], "++"):
		return 2
	case text[end] == '#':
		return 1
	}
	return 0
}

func ideographsEnd(text string, i int) int {
	for i < len(text) {
		k, size := kindAt(text, i)
		if k != ideograph {
			break
		}
		i += size
	}
	return i
}

// joins reports whether the character at text[i] makes one word of what stands
// around it.
func joins(text string, i, size int) bool {
	k := kindNext(text, i+size)
	if k != letter && k != digit {
		return false
	}
	switch text[i : i+size] {
	case "-", "_", "&", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212", "\uff0d":
		return true
	}
	return false
}

// brokenLine is the size of a hyphen, or soft hyphen, and the blanks after it that part
// a word at the end of a line: a small letter stands before and behind. It is 0 for
// anything else.
func brokenLine(text string, i, size int) int {
	soft := i >= len(softHyphen) && text[i-len(softHyphen):i] == softHyphen
	if !soft && (i == 0 || text[i] != '-' && text[i:i+size] != "\u2010" || !isLower(rune(text[i-1]))) {
		return 0
	}
	end := i
	if !soft {
		end += size
	}
	for end < len(text) && (text[end] == ' ' || text[end] == '\n' || text[end] == '\r' || text[end] == '\t') {
		end++
	}
	if end >= len(text) || !isLower(rune(text[end])) {
		return 0
	}
	return end - i
}

const softHyphen = "\u00ad"

func isBlank(s string) bool {
	return s == " " || s == "\n" || s == "\t" || s == "\r" || s == "\u00a0"
}

// fold puts s into a.word: lower case, without accents and apostrophes, cut to
// MaxTermBytes.
func (a *Analyzer) fold(s string, ascii bool) {
	if ascii {
		a.foldASCII(s)
		return
	}
	a.foldOnce(s)
}

func (a *Analyzer) foldASCII(s string) {
	a.word = a.word[:0]
	for i := range min(len(s), MaxTermBytes) {
		c := s[i]
		switch {
		case isUpper(rune(c)):
			c += 'a' - 'A'
		case c == '\'':
			if i+2 == len(s) && s[i+1]|0x20 == 's' {
				return
			}
			continue
		}
		a.word = append(a.word, c)
	}
}

// A folded is a part beyond ASCII.
type folded struct {
	word string
	runs bool // it has to be cut into runs
}

// foldOnce is foldUnicode that remembers, and whether the part has to be cut into runs.
func (a *Analyzer) foldOnce(s string) (runs bool) {
	a.word = a.word[:0]
	if known, ok := a.folded[s]; ok {
		a.word = append(a.word, known.word...)
		return known.runs
	}
	a.foldUnicode(s)
	runs = inRuns(s)
	if len(s) <= MaxTermBytes {
		a.folded[strings.Clone(s)] = folded{string(a.word), runs}
	}
	return runs
}

// maxFold is how much of a part can matter to its term.
const maxFold = 4 * MaxTermBytes

func (a *Analyzer) foldUnicode(s string) {
	if len(s) > maxFold {
		s = s[:maxFold]
	}
	s = strings.ToLower(norm.NFKC.String(s))
	s = strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s")
	plain := true // the letter before is of a script whose marks are dropped
	for _, r := range norm.NFKC.String(s) {
		before := len(a.word)
		switch {
		case r < utf8.RuneSelf:
			if r != '\'' && r != ' ' { // a blank is what is left of a loose accent
				a.word = append(a.word, byte(r))
			}
			plain = true
		case unicode.Is(unicode.Cf, r) || r == '’' || r == 'ʼ' || r == tatweel || r == utf8.RuneError:
		case unicode.IsMark(r):
			if !plain {
				a.word = utf8.AppendRune(a.word, r)
			}
		default:
			plain = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew)
			a.word = appendFolded(a.word, r, plain)
		}
		if len(a.word) > MaxTermBytes {
			a.word = a.word[:before]
			return
		}
	}
}

// folds are the letters that are not another one with a mark.
var folds = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l",
	'ı': "i", 'ȷ': "j", 'ħ': "h", 'ŧ': "t", 'ŋ': "ng", 'ĸ': "k", 'ɓ': "b", 'ɗ': "d",
	'ɖ': "d", 'ƙ': "k", 'ƴ': "y", 'ɛ': "e", 'ɔ': "o", 'ə': "e", 'ǝ': "e", 'ɨ': "i",
	'ʉ': "u", 'ƀ': "b", 'ƶ': "z", 'ǥ': "g", 'ɣ': "g", 'ƒ': "f", 'ɩ': "i", 'ʋ': "v",
	'ŀ': "l", 'ƚ': "l", 'ς': "σ",
	'ى': "ي", 'ة': "ه", 'ٱ': "ا", 'ک': "ك", 'ی': "ي",
}

// tatweel makes an Arabic word longer to the eye.
const tatweel = 'ـ'

// appendFolded adds a letter, without its marks where plain is set.
func appendFolded(buf []byte, r rune, plain bool) []byte {
	if plain {
		r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	}
	if fold, ok := folds[r]; ok {
		return append(buf, fold...)
	}
	return utf8.AppendRune(buf, r)
}

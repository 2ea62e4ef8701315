package cite

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
)

// bibTitle is a title as the value of a BibTeX field. Formulas stay as they are,
// in braces, since styles lower the case of everything outside; the text between
// them becomes Unicode. Where the TeX is damaged the whole title becomes text.
func bibTitle(title string) string {
	title = paper.CleanLine(title)
	parts, ok := splitMath(title)
	if !ok {
		parts = []part{{text: title}}
	}
	named := inSentenceCase(plain(title))
	var b strings.Builder
	for i, part := range parts {
		if part.math {
			b.WriteString("{" + part.text + "}")
			continue
		}
		b.WriteString(protect(spaced(part.text), named, i == 0))
	}
	return strings.TrimSpace(b.String())
}

// spaced is plain that keeps a blank at either end.
func spaced(s string) string {
	text := plain(s)
	if text == "" {
		if s != "" {
			return " "
		}
		return ""
	}
	if strings.HasPrefix(s, " ") || strings.HasPrefix(s, "~") {
		text = " " + text
	}
	if strings.HasSuffix(s, " ") || strings.HasSuffix(s, "~") {
		text += " "
	}
	return text
}

// A part of a title is text or a formula with its dollars.
type part struct {
	text string
	math bool
}

// splitMath parts a title at its formulas. It fails when a dollar or a brace
// lacks its partner, or when text and formulas do not nest.
func splitMath(s string) ([]part, bool) {
	var parts []part
	for s != "" {
		start := indexDollar(s)
		if start < 0 {
			break
		}
		length := indexDollar(s[start+1:])
		if length < 1 { // unpaired, or $$
			return nil, false
		}
		end := start + 1 + length + 1
		formula := s[start:end]
		if !usableMath(formula) || arePrices(formula, s[end:]) {
			return nil, false
		}
		parts = append(parts, part{text: s[:start]}, part{text: formula, math: true})
		s = s[end:]
	}
	parts = append(parts, part{text: s})
	for _, part := range parts {
		if !part.math && !tex.Complete(part.text) {
			return nil, false
		}
	}
	return parts, true
}

// arePrices reports whether what looks like a formula is from "$5 or $6".
func arePrices(formula, rest string) bool {
	return isDigit(formula[1]) && rest != "" && isDigit(rest[0])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// indexDollar finds the first dollar that is not escaped.
func indexDollar(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '$':
			return i
		}
	}
	return -1
}

// usableMath reports whether a formula can stand in a field: its braces pair even
// when escaped ones count, and no comment or parameter breaks the file.
func usableMath(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return false
			}
		case '%', '#', '&':
			if s[i-1] != '\\' { // s begins with a dollar
				return false
			}
		}
	}
	return depth == 0 && tex.Complete(s)
}

// protect escapes a piece of text and puts braces around the words whose
// capitals carry meaning: BERT, iPhone, GPT-4, Q-learning, and names when named
// is set. A style keeps the first letter of a title and the one behind a colon.
func protect(s string, named, first bool) string {
	var b strings.Builder
	start := first // the next word begins the title or follows a colon
	for s != "" {
		n := wordLength(s)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s)
			b.WriteString(escape(s[:n]))
			start = s[:n] == ":" || start && s[:n] == " "
			s = s[n:]
			continue
		}
		word := s[:n]
		if isAcronym(word) || named && !start && startsUpper(word) || loneCapital(word, s[n:]) {
			b.WriteString("{" + word + "}")
		} else {
			b.WriteString(word)
		}
		start, s = false, s[n:]
	}
	return b.String()
}

// wordLength is the length of the letters, digits and marks that s begins with.
func wordLength(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	if n < 0 {
		return len(s)
	}
	return n
}

// isAcronym reports whether a capital stands behind the first letter, or digits
// behind a capital.
func isAcronym(word string) bool {
	_, n := utf8.DecodeRuneInString(word)
	return strings.ContainsFunc(word[n:], unicode.IsUpper) || startsUpper(word) && strings.ContainsFunc(word, unicode.IsDigit)
}

// loneCapital reports whether word is the Q of "Q-learning" or a letter that
// stands for something, as in "vitamin C"; "A" and "I" are words.
func loneCapital(word, rest string) bool {
	if utf8.RuneCountInString(word) != 1 || !startsUpper(word) {
		return false
	}
	return strings.HasPrefix(rest, "-") || word != "A" && word != "I"
}

func startsUpper(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// inSentenceCase reports whether the longer words behind the first are mostly in
// lower case, so that a capital there marks a name.
func inSentenceCase(title string) bool {
	lower, upper := 0, 0
	for i, word := range strings.Fields(title) {
		if i == 0 || utf8.RuneCountInString(word) < 4 || isAcronym(word) || fillers[word] {
			continue
		}
		if startsUpper(word) {
			upper++
		} else {
			lower++
		}
	}
	return lower >= 2 && lower >= upper
}

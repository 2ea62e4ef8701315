package segment

import (
	"strings"

	"broadsheet/internal/search/analysis"
)

// FoldKey is a text as completion compares it: its words, folded, with one blank
// between them.
func FoldKey(s string) string {
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == ' ') {
			return strings.Join(analysis.Words(s), " ")
		}
	}
	return foldPlain(s)
}

// foldPlain is FoldKey for nothing but letters of ASCII and blanks.
func foldPlain(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case c != ' ':
			b = append(b, c|0x20)
		case len(b) > 0 && b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	return strings.TrimSuffix(string(b), " ")
}

// FamilyKey is a folded name with the family name first.
func FamilyKey(name string) string {
	key := FoldKey(name)
	if i := strings.LastIndexByte(key, ' '); i >= 0 {
		return key[i+1:] + " " + key[:i]
	}
	return key
}

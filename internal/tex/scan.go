package tex

import (
	"strings"
	"unicode/utf8"
)

// special marks the bytes at which reading text has to stop and look.
var special = func() (t [256]bool) {
	for _, c := range []byte("\\${}~^_-`'\n") {
		t[c] = true
	}
	return t
}()

// plainRun is the length of the start of s in which nothing means anything to TeX.
// Hyphens and apostrophes count only when doubled, line ends always.
func plainRun(s string) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !special[c] {
			continue
		}
		if (c == '-' || c == '\'') && (i+1 == len(s) || s[i+1] != c) {
			continue
		}
		return i
	}
	return len(s)
}

// plain reports whether s has no TeX in it; single line ends are no TeX.
func plain(s string) bool {
	for {
		n := plainRun(s)
		if n == len(s) {
			return true
		}
		if s[n] != '\n' || n+1 < len(s) && isBlank(s[n+1]) {
			return false
		}
		s = s[n+1:]
	}
}

// clean makes s valid UTF-8 and drops the characters XML cannot hold.
func clean(s string) string {
	ok := utf8.ValidString(s)
	for i := 0; ok && i < len(s); i++ {
		ok = s[i] >= ' ' && s[i] != 0x7f && s[i] != 0xef || s[i] == '\n'
	}
	if ok {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r' || r == '\v' || r == '\f':
			return ' '
		case r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff:
			return -1
		}
		return r
	}, s)
}

// oneLine gives s with every run of white space as one blank and none at the ends.
func oneLine(s string) string {
	tidy := !strings.HasPrefix(s, " ") && !strings.HasSuffix(s, " ")
	if tidy && !strings.Contains(s, "\n") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// indented reports whether an indented line of s starts a paragraph: not so when
// all lines but the first are indented, for then it is only layout.
func indented(s string) bool {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if len(lines) < 4 {
		return true
	}
	for _, l := range lines[1:] {
		if l != "" && !isBlank(l[0]) {
			return true
		}
	}
	return false
}

func isBlank(c byte) bool  { return c == ' ' || c == '\n' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// at is the byte of s at i, or 0 outside it.
func at(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

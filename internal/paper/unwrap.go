package paper

import (
	"strings"
)

// Unwrap puts each paragraph of an abstract on one line and one empty line
// between paragraphs. As arXiv writes abstracts, a paragraph begins behind an
// empty line or with a line that begins with a blank; other line breaks are those
// of the editor it was typed in. White space at both ends goes.
func Unwrap(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, "\n\r") {
		return CleanLine(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	paragraph := false // the next line opens one
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		text := CleanLine(line)
		if text == "" {
			paragraph = true
			continue
		}
		switch {
		case b.Len() == 0:
		case paragraph || line[0] == ' ' || line[0] == '\t':
			b.WriteString("\n\n")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(text)
		paragraph = false
	}
	return b.String()
}

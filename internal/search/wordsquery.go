package search

import (
	"strings"

	"broadsheet/internal/paper"
)

// Words is the query that asks for the words of a text and knows no language: what
// other texts ask, such as the questions of judged collections, is not syntax.
func Words(text string) Query {
	q := Query{Text: paper.CleanLine(strings.ToValidUTF8(firstBytes(text, maxQuery), ""))}
	for word := range strings.FieldsSeq(q.Text) {
		if len(q.Should) == maxLexemes {
			break
		}
		q.Should = append(q.Should, Clause{Text: word})
	}
	return q
}

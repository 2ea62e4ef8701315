package search

import (
	"strings"

	"broadsheet/internal/search/analysis"
)

// A Quote is a text of some length that was copied from a paper. The zero value is in none.
type Quote struct {
	words string // folded, a blank around each
}

// leastQuoted is how many words are no chance any more.
const leastQuoted = 8

// QuoteOf is what a query may have copied; the zero Quote for one that is short, or asks
// for more than words.
func QuoteOf(q Query) Quote {
	if len(q.Must)+len(q.Not) > 0 || q.Sort != ByRelevance || len(q.Should) < leastQuoted {
		return Quote{}
	}
	words := analysis.Words(analysis.Plain(q.Text))
	if len(words) < leastQuoted {
		return Quote{}
	}
	return Quote{spacedWords(words)}
}

// In reports whether a text has the quote word for word.
func (q Quote) In(text string) bool {
	return q.words != "" && len(text) >= len(q.words)/2 && strings.Contains(spacedWords(analysis.Words(analysis.Plain(text))), q.words)
}

func spacedWords(words []string) string { return " " + strings.Join(words, " ") + " " }

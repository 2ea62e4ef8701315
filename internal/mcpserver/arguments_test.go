package mcpserver

import (
	"broadsheet/internal/urls"

	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzArguments reads whatever an agent sends: values within bounds, or one sentence.
func FuzzArguments(f *testing.F) {
	for _, seed := range []string{
		`{"query":"attention","limit":5}`, `{"query":2401.01234,"limit":"7"}`, `{"query":null}`, `{"limit":1e9}`, `[]`, `{`, ``,
		`{"queri":"x"}`, `{"query":"\u0000"}`, `{"query":true}`, `{"query":"x","cursor":""}`,
	} {
		f.Add(seed)
	}
	s := &Server{}
	args := s.tools()[0].takes
	f.Fuzz(func(t *testing.T, sent string) {
		v, err := read("search_papers", args, []byte(sent))
		if err != nil {
			if msg := err.Error(); strings.Contains(msg, "\n") || len(msg) > 500 {
				t.Errorf("%q: %q", sent, msg)
			}
			return
		}
		if n := v.number("limit"); n < 1 || n > mostPapers {
			t.Errorf("%q: limit %d", sent, n)
		}
		if q := v["query"]; q == "" || utf8.RuneCountInString(q) > urls.LongestQuery {
			t.Errorf("%q: query %q", sent, q)
		}
	})
}

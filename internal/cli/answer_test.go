package cli

import (
	"strings"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

func TestLine(t *testing.T) {
	parts := []search.Fragment{{Text: "A paper about "}, {Text: "graphs", Marked: true}, {Text: " of\nall\x1b kinds"}}
	for _, tt := range []struct {
		name  string
		width int
		bold  bool
		want  string
	}{
		{"any length", 0, false, "A paper about graphs of all  kinds"},
		{"bold", 0, true, "A paper about \x1b[1mgraphs\x1b[22m of all  kinds"},
		{"fits", 34, false, "A paper about graphs of all  kinds"},
		{"cut in a mark", 18, true, "A paper about \x1b[1mgra\x1b[22m…"},
		{"cut before a mark", 10, true, "A paper a…"},
	} {
		if got := line(parts, tt.width, tt.bold); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTableOnATerminal(t *testing.T) {
	p := paper.Paper{ID: "2501.00001", Title: "Folding $\\alpha$ graphs", Votes: 12}
	a := answer{SearchResult: &catalog.SearchResult{Hits: []catalog.Hit{{
		Entry: catalog.Entry{Paper: p},
		Title: search.Highlight(p.Title, search.Words("graph")),
	}}}}
	var out strings.Builder
	if err := tableWriter(60, true)(&out, a); err != nil {
		t.Fatal(err)
	}
	want := "rank  votes  date        id          title\n" +
		"   1     12              2501.00001  Folding α \x1b[1mgraphs\x1b[22m\n"
	if out.String() != want {
		t.Errorf("got\n%q, want\n%q", out.String(), want)
	}
}

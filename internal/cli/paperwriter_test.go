package cli

import (
	"strings"
	"testing"

	v1 "broadsheet/internal/api/v1"
)

func TestLine(t *testing.T) {
	parts := []v1.Fragment{{Text: "A paper about "}, {Text: "graphs", Marked: true}, {Text: " of\nall\x1b kinds"}}
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
	all := []clientPaper{{Paper: v1.Paper{
		ID: "2501.00001", Title: "Folding α graphs", Votes: 12, Published: "2025-01-02T03:04:05Z",
		Highlights: &v1.Highlights{Title: []v1.Fragment{{Text: "Folding α "}, {Text: "graphs", Marked: true}}},
	}}}
	var out strings.Builder
	if err := writeTable(&out, all, 60, true, false); err != nil {
		t.Fatal(err)
	}
	want := "rank  votes  date        id          title\n" +
		"   1     12  2025-01-02  2501.00001  Folding α \x1b[1mgraphs\x1b[22m\n"
	if out.String() != want {
		t.Errorf("got\n%q, want\n%q", out.String(), want)
	}
}

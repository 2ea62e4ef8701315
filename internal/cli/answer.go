package cli

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"broadsheet/internal/catalog"
	"broadsheet/internal/search"
)

// An answerWriter writes what was found in one of the formats.
type answerWriter func(io.Writer, answer) error

// terminalWidth is how many characters a line of w has, and whether w is a terminal.
func terminalWidth(w io.Writer) (int, bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 60 {
		width = 80
	}
	return width, true
}

// title is a paper's title as plain text in which the words asked for are marked.
func title(f catalog.Hit) []search.Fragment {
	if len(f.Title) > 0 {
		return f.Title
	}
	return search.Highlight(f.Paper.Title, search.Query{})
}

func titleText(f catalog.Hit) string {
	var b strings.Builder
	for _, part := range title(f) {
		b.WriteString(part.Text)
	}
	return b.String()
}

// day is the day of a paper's publication, as far as it is known.
func day(f catalog.Hit) string {
	text := f.Paper.Published.String()
	return text[:min(len(text), len(time.DateOnly))]
}

func writeIDs(w io.Writer, a answer) error {
	out := bufio.NewWriter(w)
	for _, f := range a.Hits {
		fmt.Fprintln(out, f.Paper.ID)
	}
	return out.Flush()
}

func writeTSV(w io.Writer, a answer) error {
	out := bufio.NewWriter(w)
	for i, f := range a.Hits {
		fmt.Fprintf(out, "%d\t%d\t%s\t%s\t%s", i+1, f.Paper.Votes, day(f), f.Paper.ID, oneCell(titleText(f)))
		if a.why {
			fmt.Fprintf(out, "\t%.4f\t%s", f.Score, oneCell(reason(f.Why)))
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// oneCell is a text without what parts cells.
func oneCell(text string) string { return strings.Join(strings.Fields(text), " ") }

// tableWriter writes lines of at most width characters (0: any length), with marked
// words in bold.
func tableWriter(width int, bold bool) answerWriter {
	return func(w io.Writer, a answer) error {
		if len(a.Hits) == 0 {
			return nil
		}
		longest := slices.MaxFunc(a.Hits, func(f, g catalog.Hit) int { return cmp.Compare(len(f.Paper.ID), len(g.Paper.ID)) })
		ids := len(longest.Paper.ID)
		out := bufio.NewWriter(w)
		fmt.Fprintf(out, "%4s  %5s  %-10s  %-*s  %s\n", "rank", "votes", "date", ids, "id", "title")
		for i, f := range a.Hits {
			front := fmt.Sprintf("%4d  %5d  %-10s  %-*s  ", i+1, f.Paper.Votes, day(f), ids, f.Paper.ID)
			fmt.Fprintf(out, "%s%s\n", front, line(title(f), width-len(front), bold))
			if a.why && f.Why != nil {
				fmt.Fprintf(out, "%13sscore %.3f: %s\n", "", f.Score, reason(f.Why))
			}
		}
		return out.Flush()
	}
}

// line puts the fragments together, cut to so many characters if width is above 0.
func line(parts []search.Fragment, width int, bold bool) string {
	all := 0
	for _, p := range parts {
		all += len([]rune(p.Text))
	}
	cut := width > 0 && all > width
	var b strings.Builder
	left := width - 1 // room for the ellipsis
	for _, p := range parts {
		text := []rune(oneLine(p.Text))
		if cut {
			text = text[:max(0, min(len(text), left))]
			left -= len(text)
		}
		if p.Marked && bold && len(text) > 0 {
			fmt.Fprintf(&b, "\x1b[1m%s\x1b[22m", string(text))
			continue
		}
		b.WriteString(string(text))
	}
	if cut {
		b.WriteString("…")
	}
	return b.String()
}

// oneLine is a text whose control characters, which a terminal would obey, are blanks.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}

// reason says what a score is made of.
func reason(w *search.Why) string {
	if w == nil {
		return ""
	}
	var terms []string
	for _, t := range w.Terms {
		terms = append(terms, fmt.Sprintf("%s %s %.2f", t.Field, t.Term, t.Score))
	}
	return fmt.Sprintf("words %.2f (%s), meaning %.3f", w.Words, strings.Join(terms, ", "), w.Meaning)
}

// An answerItem is a paper found, as JSON has it.
type answerItem struct {
	Rank      int        `json:"rank"`
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Published string     `json:"published,omitempty"`
	Votes     int        `json:"votes"`
	Score     float64    `json:"score"`
	Passage   string     `json:"passage,omitempty"`
	Why       *answerWhy `json:"why,omitempty"`
}

type answerWhy struct {
	Words   float64      `json:"words"`
	Meaning float64      `json:"meaning"`
	Terms   []answerTerm `json:"terms"`
}

type answerTerm struct {
	Term  string  `json:"term"`
	Field string  `json:"field"`
	Score float64 `json:"score"`
}

func writeJSON(w io.Writer, a answer) error {
	items := []answerItem{}
	for i, f := range a.Hits {
		item := answerItem{
			Rank: i + 1, ID: string(f.Paper.ID), Title: titleText(f), Published: f.Paper.Published.String(),
			Votes: f.Paper.Votes, Score: f.Score, Why: whyItem(f.Why),
		}
		for _, p := range f.Passage {
			item.Passage += p.Text
		}
		items = append(items, item)
	}
	return writeJSONLine(w, items)
}

func whyItem(w *search.Why) *answerWhy {
	if w == nil {
		return nil
	}
	item := &answerWhy{Words: w.Words, Meaning: w.Meaning, Terms: []answerTerm{}}
	for _, t := range w.Terms {
		item.Terms = append(item.Terms, answerTerm(t))
	}
	return item
}

// writeJSONLine writes v for programs, with < and > as they are.
func writeJSONLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

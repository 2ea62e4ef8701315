package cli

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	v1 "broadsheet/internal/api/v1"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/paper"
)

// A paperWriter writes a list of papers in one of the formats.
type paperWriter func(io.Writer, []clientPaper) error

// listFormats are the formats that a command offers, in the order of its help.
type listFormats []string

var (
	papersFormats = listFormats{"table", "json", "tsv", "md", "ids"}
	searchFormats = listFormats{"table", "json", "tsv", "ids"}
)

// listWriter checks the format and returns what writes it: "" is a table on a terminal and
// lines with tabs elsewhere. why adds what each score is made of; asJSON writes JSON.
func (s *settings) listWriter(format string, allowed listFormats, why bool, asJSON paperWriter) (paperWriter, error) {
	width, terminal := terminalWidth(s.out)
	if format == "" {
		format = map[bool]string{true: "table", false: "tsv"}[terminal]
	}
	writers := map[string]paperWriter{
		"table": func(w io.Writer, all []clientPaper) error { return writeTable(w, all, width, terminal, why) },
		"tsv":   func(w io.Writer, all []clientPaper) error { return writeTSV(w, all, why) },
		"ids":   writeIDs,
		"md":    writeMarkdown,
		"json":  asJSON,
	}
	if !slices.Contains(allowed, format) {
		return nil, usageError("--format: %q is not allowed: write %s or %s", format,
			strings.Join(allowed[:len(allowed)-1], ", "), allowed[len(allowed)-1])
	}
	return writers[format], nil
}

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

// day is the day of the publication, as far as it is known.
func (p *clientPaper) day() string { return p.Published[:min(len(p.Published), len(time.DateOnly))] }

func writeIDs(w io.Writer, all []clientPaper) error {
	out := bufio.NewWriter(w)
	for _, p := range all {
		fmt.Fprintln(out, p.ID)
	}
	return out.Flush()
}

func writeTSV(w io.Writer, all []clientPaper, why bool) error {
	out := bufio.NewWriter(w)
	for i, p := range all {
		fmt.Fprintf(out, "%d\t%d\t%s\t%s\t%s", i+1, p.Votes, p.day(), p.ID, oneCell(p.Title))
		if why {
			fmt.Fprintf(out, "\t%.3f\t%s", p.Relevance, oneCell(reason(p.Why)))
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// oneCell is a text without what separates cells.
func oneCell(text string) string { return strings.Join(strings.Fields(text), " ") }

// writeTable writes lines of at most width characters (0: any length), with marked words
// in bold.
func writeTable(w io.Writer, all []clientPaper, width int, bold, why bool) error {
	if len(all) == 0 {
		return nil
	}
	longest := slices.MaxFunc(all, func(p, q clientPaper) int { return cmp.Compare(len(p.ID), len(q.ID)) })
	ids := len(longest.ID)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%4s  %5s  %-10s  %-*s  %s\n", "rank", "votes", "date", ids, "id", "title")
	for i, p := range all {
		title := []v1.Fragment{{Text: p.Title}}
		if p.Highlights != nil {
			title = p.Highlights.Title
		}
		front := fmt.Sprintf("%4d  %5d  %-10s  %-*s  ", i+1, p.Votes, p.day(), ids, p.ID)
		fmt.Fprintf(out, "%s%s\n", front, line(title, width-len(front), bold))
		if why && p.Why != nil {
			fmt.Fprintf(out, "%13sscore %.3f: %s\n", "", p.Relevance, reason(p.Why))
		}
	}
	return out.Flush()
}

// line puts the fragments together, cut to so many characters if width is above 0.
func line(parts []v1.Fragment, width int, bold bool) string {
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
func reason(w *v1.Why) string {
	if w == nil {
		return ""
	}
	var parts []string
	for _, t := range w.Terms {
		if t.Field == t.Term {
			parts = append(parts, fmt.Sprintf("%s %.3f", t.Field, t.Score))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %s %.3f", t.Field, t.Term, t.Score))
	}
	return strings.Join(parts, " + ")
}

// writeWhole writes all that the API says of papers.
func writeWhole(w io.Writer, all []clientPaper) error {
	whole := make([]json.RawMessage, len(all))
	for i, p := range all {
		whole[i] = p.whole
	}
	return writeJSONLine(w, whole)
}

// A foundItem is a paper found, as the JSON of `broadsheet search` has it.
type foundItem struct {
	Rank      int     `json:"rank"`
	ID        string  `json:"id"`
	Title     string  `json:"title"`
	Published string  `json:"published,omitempty"`
	Votes     int     `json:"votes"`
	Score     float64 `json:"score"`
	Passage   string  `json:"passage,omitempty"`
	Why       *v1.Why `json:"why,omitempty"`
}

// writeFound writes what a search has found as JSON.
func writeFound(w io.Writer, all []clientPaper) error {
	items := []foundItem{}
	for i, p := range all {
		item := foundItem{Rank: i + 1, ID: p.ID, Title: p.Title, Published: p.Published, Votes: p.Votes, Score: p.Relevance, Why: p.Why}
		if p.Highlights != nil {
			for _, f := range p.Highlights.Abstract {
				item.Passage += f.Text
			}
		}
		items = append(items, item)
	}
	return writeJSONLine(w, items)
}

// writeJSONLine writes v for programs, with < and > as they are.
func writeJSONLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func writeMarkdown(w io.Writer, all []clientPaper) error {
	out := bufio.NewWriter(w)
	for i, p := range all {
		fmt.Fprintf(out, "%d. %s", i+1, markdown.Link(p.Title, p.URL))
		if by := p.by(); by != "" {
			fmt.Fprintf(out, " by %s", markdown.Escape(by))
		}
		fmt.Fprintf(out, ", %d votes\n", p.Votes)
	}
	return out.Flush()
}

// by is who stands behind a paper: its organization, else its authors in short.
func (p *clientPaper) by() string {
	switch {
	case p.Organization != nil:
		return cmp.Or(p.Organization.FullName, p.Organization.Name)
	case len(p.Authors) > 2:
		return p.Authors[0].Name + " and others"
	}
	return strings.Join(p.authorNames(), " and ")
}

func (p *clientPaper) authorNames() []string {
	var names []string
	for _, a := range p.Authors {
		names = append(names, a.Name)
	}
	return names
}

// An infoWriter writes one paper in one of the formats.
type infoWriter func(io.Writer, *clientPaper) error

// infoWriter checks the format and returns what writes it; nil for Markdown, which the
// site writes.
func (s *settings) infoWriter(format string) (infoWriter, error) {
	_, terminal := terminalWidth(s.out)
	switch {
	case format == "table" || format == "" && terminal:
		return writeInfoTable, nil
	case format == "tsv" || format == "":
		return writeInfoTSV, nil
	case format == "json":
		return func(w io.Writer, p *clientPaper) error { return writeJSONLine(w, p.whole) }, nil
	case format == "ids":
		return func(w io.Writer, p *clientPaper) error { _, err := fmt.Fprintln(w, p.ID); return err }, nil
	case format == "md":
		return nil, nil
	}
	return nil, usageError("--format: %q is not allowed: write table, json, tsv, md or ids", format)
}

// facts are what is known about a paper, by name; what is not known is left out.
func (p *clientPaper) facts() [][2]string {
	var code, project []string
	for _, l := range p.Links {
		if l.Kind == string(paper.LinkCode) {
			code = append(code, l.URL)
		} else {
			project = append(project, l.URL)
		}
	}
	organization, edition, stars := "", "", ""
	if p.Organization != nil {
		organization = p.by()
	}
	if p.Edition != nil {
		edition = p.Edition.Day
	}
	if p.Stars > 0 {
		stars = strconv.Itoa(p.Stars)
	}
	all := [][2]string{
		{"id", p.ID}, {"title", p.Title}, {"authors", strings.Join(p.authorNames(), ", ")}, {"organization", organization},
		{"published", p.Published}, {"edition", edition}, {"votes", strconv.Itoa(p.Votes)}, {"comments", strconv.Itoa(p.Comments)},
		{"stars", stars}, {"categories", strings.Join(p.Categories, ", ")}, {"keywords", strings.Join(p.Keywords, ", ")},
		{"code", strings.Join(code, " ")}, {"project", strings.Join(project, " ")}, {"summary", p.Summary}, {"page", p.URL},
	}
	return slices.DeleteFunc(all, func(f [2]string) bool { return f[1] == "" })
}

func writeInfoTable(w io.Writer, p *clientPaper) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range p.facts() {
		fmt.Fprintf(out, "%s\t%s\n", f[0], oneCell(oneLine(f[1])))
	}
	return out.Flush()
}

func writeInfoTSV(w io.Writer, p *clientPaper) error {
	out := bufio.NewWriter(w)
	for _, f := range p.facts() {
		fmt.Fprintf(out, "%s\t%s\n", f[0], oneCell(f[1]))
	}
	return out.Flush()
}

package markdown

import (
	"bytes"
	"cmp"
	"fmt"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// Options say what of a list is written.
type Options struct {
	// Counts gives each paper's votes and comments. They move, even after an edition
	// has closed: what has to stay as it is leaves them out.
	Counts bool
}

// rollFront is what stands before a list, as YAML.
type rollFront struct {
	Title  string `yaml:"title"`
	URL    string `yaml:"url"`
	State  string `yaml:"state,omitempty"`
	Opens  string `yaml:"opens,omitempty"`
	Closes string `yaml:"closes,omitempty"`
	Papers *int   `yaml:"papers,omitempty"`
}

// ListPage is one page of a list: each paper with its place, who wrote it, its links and
// its abstract. An archive is a list of its editions, the newest first.
func ListPage(r *catalog.ListPage, base string, o Options) ([]byte, error) {
	var b bytes.Buffer
	f := rollFront{Title: r.Title, URL: base + r.Ref.Path(), State: string(r.State), Opens: moment(r.Opens), Closes: moment(r.Closes)}
	final := r.Index == nil || r.Index.Ready
	if r.Total >= 0 && r.Ref.Kind != urls.KindArchive && final {
		f.Papers = &r.Total
	}
	if err := writeFront(&b, f); err != nil {
		return nil, fmt.Errorf("markdown: list %s: %w", r.Ref.Path(), err)
	}
	fmt.Fprintf(&b, "\n# %s\n", Escape(r.Title))
	if text := state(r); text != "" {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	if r.Ref.Kind == urls.KindArchive {
		writeDays(&b, r.Days, base)
		return b.Bytes(), nil
	}
	if !final {
		if text := r.Index.ListNotice(len(r.Entries)); text != "" {
			fmt.Fprintf(&b, "\n%s\n", text)
		}
	} else if len(r.Entries) == 0 {
		b.WriteString("\nThere are no papers in this list.\n")
	}
	for i := range r.Entries {
		e := &r.Entries[i]
		writeEntry(&b, e, o, base)
		links := elsewhere(&e.Paper)
		if e.Submission != nil && r.Ref.Period.Kind() != paper.KindDay { // a day's papers need not say their day
			day := e.Submission.Day.Period()
			links = append(links, Link("Edition of "+day.Title(), base+urls.Edition(day)))
		}
		fmt.Fprintf(&b, "\n%s\n", join(" · ", links...))
	}
	if r.More != "" {
		fmt.Fprintf(&b, "\nMore papers follow on %s.\n", Link("the page of this list", base+r.Ref.Path()))
	}
	return b.Bytes(), nil
}

// moment is a time as programs read it; "" when there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// state says of an edition whether more papers may come.
func state(r *catalog.ListPage) string {
	const form = "2 January 2006, 15:04 UTC"
	switch r.State {
	case catalog.Open:
		return "This edition is open: more papers may come until " + r.Closes.UTC().Format(form) + "."
	case catalog.Upcoming:
		return "This edition opens on " + r.Opens.UTC().Format(form) + "."
	}
	return ""
}

// writeDays writes the editions of an archive.
func writeDays(b *bytes.Buffer, days []catalog.DayCount, base string) {
	b.WriteString("\n")
	for i := len(days) - 1; i >= 0; i-- {
		p := days[i].Day.Period()
		fmt.Fprintf(b, "- %s: %s\n", Link(p.Title(), base+urls.Edition(p)), counted(days[i].Papers, "paper"))
	}
}

// writeEntry writes one paper of a list, without its links.
func writeEntry(b *bytes.Buffer, e *catalog.Entry, o Options, base string) {
	p := &e.Paper
	place := ""
	if e.Rank > 0 {
		place = fmt.Sprintf("%d\\. ", e.Rank)
	}
	fmt.Fprintf(b, "\n## %s%s\n", place, Link(title(p), base+urls.Paper(p.ID)))
	by := paragraph(byline(p))
	if o.Counts {
		by = join(" · ", by, counted(p.Votes, "vote"), counted(p.Comments, "comment"))
	}
	if by != "" {
		fmt.Fprintf(b, "\n%s\n", by)
	}
	if text := cmp.Or(p.Abstract, p.Summary); text != "" {
		fmt.Fprintf(b, "\n%s\n", paragraph(tex.Text(text)))
	}
}

// counted is a number of things, "1 vote", "3 votes".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

package feed

import (
	"cmp"
	"fmt"
	"html"
	"net/url"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// An entry is a paper, or an edition, as feeds show it. All texts are on one line and
// have no character that XML cannot.
type entry struct {
	ID         string // never changes, whatever becomes of this site's address
	URL        string // its page here
	Title      string
	Text       string // the abstract
	HTML       string // the abstract and the links
	Authors    []string
	Categories []string // of arXiv
	Keywords   []string
	Links      []link    // to it elsewhere, the source first
	Published  time.Time // when it entered its first edition, else its publication; zero: nobody knows
	Updated    time.Time // for a paper the same, so that no correction brings it up again; never zero
	Day        paper.Day // of that edition, else of its publication; "": nobody knows
	Paper      *paper.Paper
	Edition    paper.Day // its first one; "" when it was in none
}

// A link leads to a paper elsewhere.
type link struct{ Text, URL string }

// undated stands where a form asks for a date and nobody knows one.
var undated = time.Unix(0, 0).UTC()

// entries are the papers of a list, each once.
func (h *Handler) entries(papers []catalog.Entry, base string) []entry {
	var out []entry
	have := map[paper.ID]bool{}
	for i := range papers {
		if id := papers[i].Paper.ID; !have[id] {
			have[id] = true
			out = append(out, h.entry(&papers[i], base))
		}
	}
	return out
}

func (h *Handler) entry(from *catalog.Entry, base string) entry {
	p := &from.Paper
	e := entry{
		ID: p.ID.AbsURL(0), URL: base + urls.Paper(p.ID), Paper: p, Links: linksOf(p),
		Title: cmp.Or(line(tex.Text(p.Title)), string(p.ID)), Text: line(tex.Text(cmp.Or(p.Abstract, p.Summary))),
		Authors: authors(p), Categories: lines(p.Categories), Keywords: lines(p.Keywords),
	}
	e.Published, e.Day = h.entered(from)
	if from.Submission != nil {
		e.Edition = from.Submission.Day
	}
	e.Updated = e.Published
	if e.Published.IsZero() {
		e.Updated = undated
	}
	e.HTML = e.html()
	return e
}

// entered is when a paper came into its first edition, else when it was published.
func (h *Handler) entered(e *catalog.Entry) (time.Time, paper.Day) {
	if s := e.Submission; s != nil {
		at := s.At
		if at.IsZero() {
			at = h.Clock.OpensAt(s.Day)
		}
		return at.UTC().Truncate(time.Second), s.Day
	}
	d := e.Paper.Published
	if d.IsZero() {
		d = e.Paper.ID.Month()
	}
	if d.IsZero() {
		return time.Time{}, ""
	}
	at := d.Time.UTC().Truncate(time.Second)
	return at, paper.DayOf(at)
}

// editionEntry is an edition as an entry of an archive's feed.
func editionEntry(ed *edition, base string) entry {
	text := openness(ed.State, ed.Opens, ed.Closes)
	switch {
	case ed.State != catalog.Closed:
	case ed.Papers == 1:
		text = "One paper. " + text
	default:
		text = fmt.Sprintf("%d papers. %s", ed.Papers, text)
	}
	return entry{
		ID: editionID(ed.Period), URL: base + urls.Edition(ed.Period), Title: ed.Period.Title(), Text: text, HTML: "<p>" + html.EscapeString(text) + "</p>",
		Published: ed.Opens.UTC(), Updated: ed.Updated().UTC(), Day: ed.Period.First(),
	}
}

// editionID names an edition by its period alone.
func editionID(p paper.Period) string { return "urn:broadsheet:edition:" + string(p) }

// html is the abstract and the links of a paper. It is no html/template, which writes more
// characters as references ("+" as &#43;): readers would take every paper for a changed one.
func (e *entry) html() string {
	var b strings.Builder
	if e.Text != "" {
		b.WriteString("<p>" + html.EscapeString(e.Text) + "</p>\n")
	}
	b.WriteString("<p>")
	for i, l := range e.Links {
		if i > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(`<a href="` + html.EscapeString(l.URL) + `">` + l.Text + "</a>")
	}
	b.WriteString("</p>")
	return b.String()
}

// authors are the names on a paper that may be shown.
func authors(p *paper.Paper) []string {
	var out []string
	for _, a := range p.Authors {
		if name := line(tex.Text(a.Name)); name != "" && !a.Hidden {
			out = append(out, name)
		}
	}
	return out
}

// linksOf leads to a paper at its source, to its code and to its project pages.
func linksOf(p *paper.Paper) []link {
	out := []link{{"Publisher", p.ID.AbsURL(0)}}
	if p.ID.IsArXiv() {
		out = []link{{"arXiv", p.ID.AbsURL(0)}, {"PDF", p.ID.PDFURL(0)}}
	}
	for _, l := range p.Links {
		text := "Project page"
		if l.Kind == paper.LinkCode {
			text = "Code"
		}
		if address := webAddress(l.URL); address != "" {
			out = append(out, link{text, address})
		}
	}
	return out
}

// webAddress is an address that a reader may be led to, in the characters that an
// address has; "" when it is none.
func webAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	if strings.ContainsFunc(u.Host, func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || strings.ContainsRune("<>\"'`", r) }) {
		return ""
	}
	u.RawQuery, u.RawFragment = escapeRest(u.RawQuery), ""
	return u.String()
}

// escapeRest escapes what may not stand in the query of an address.
func escapeRest(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || strings.IndexByte("<>\"'`{}|\\^", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// line is a text on one line, without what XML cannot hold.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE: // no characters
			return -1
		}
		return r
	}, s)
	return paper.CleanLine(s)
}

// lines are the texts that have something in them, each on one line and once.
func lines(texts []string) []string {
	var out []string
	have := map[string]bool{}
	for _, t := range texts {
		if t = line(t); t != "" && !have[t] {
			have[t] = true
			out = append(out, t)
		}
	}
	return out
}

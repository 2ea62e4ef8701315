package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/paper"
)

// A paperWriter writes a list of papers in one of the formats.
type paperWriter func(io.Writer, []clientPaper) error

// paperWriter checks the format and returns what writes it.
func (s *settings) paperWriter(format string) (paperWriter, error) {
	width, terminal := terminalWidth(s.out)
	switch {
	case format == "table" || format == "" && terminal:
		return asAnswer(tableWriter(width, terminal)), nil
	case format == "tsv" || format == "":
		return asAnswer(writeTSV), nil
	case format == "ids":
		return asAnswer(writeIDs), nil
	case format == "json":
		return writePapersJSON, nil
	case format == "md":
		return writePapersMarkdown, nil
	}
	return nil, usageError("--format: %q is not allowed: write table, json, tsv, md or ids", format)
}

// asAnswer writes papers as answers to a search are written.
func asAnswer(write answerWriter) paperWriter {
	return func(w io.Writer, all []clientPaper) error {
		found := make([]catalog.Hit, len(all))
		for i, p := range all {
			found[i].Paper = paper.Paper{ID: paper.ID(p.ID), Title: p.Title, Votes: p.Votes, Published: publicationDate(p.Published)}
		}
		return write(w, answer{SearchResult: &catalog.SearchResult{Hits: found}})
	}
}

// publicationDate reads a date as far as it is known: a month, a day or a time.
func publicationDate(text string) paper.Date {
	for layout, precision := range map[string]paper.Precision{
		"2006-01": paper.PrecisionMonth, time.DateOnly: paper.PrecisionDay, time.RFC3339: paper.PrecisionTime,
	} {
		if t, err := time.Parse(layout, text); err == nil {
			return paper.Date{Time: t, Precision: precision}
		}
	}
	return paper.Date{}
}

func writePapersJSON(w io.Writer, all []clientPaper) error {
	whole := make([]json.RawMessage, len(all))
	for i, p := range all {
		whole[i] = p.whole
	}
	return writeJSONLine(w, whole)
}

func writePapersMarkdown(w io.Writer, all []clientPaper) error {
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
	case p.Organization != nil && p.Organization.FullName != "":
		return p.Organization.FullName
	case p.Organization != nil:
		return p.Organization.Name
	case len(p.Authors) > 2:
		return p.Authors[0].Name + " and others"
	}
	var names []string
	for _, a := range p.Authors {
		names = append(names, a.Name)
	}
	return strings.Join(names, " and ")
}

// An infoWriter writes one paper in one of the formats.
type infoWriter func(io.Writer, *clientPaper) error

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
	case format == "md": // asked for as such
		return nil, nil
	}
	return nil, usageError("--format: %q is not allowed: write table, json, tsv, md or ids", format)
}

// facts are what is known about a paper, by name; what is not known is left out.
func (p *clientPaper) facts() [][2]string {
	var authors, code, project []string
	for _, a := range p.Authors {
		authors = append(authors, a.Name)
	}
	for _, l := range p.Links {
		if l.Kind == string(paper.LinkCode) {
			code = append(code, l.URL)
		} else {
			project = append(project, l.URL)
		}
	}
	all := [][2]string{
		{"id", p.ID}, {"title", p.Title}, {"authors", strings.Join(authors, ", ")}, {"organization", ""},
		{"published", p.Published}, {"edition", ""}, {"votes", strconv.Itoa(p.Votes)}, {"comments", strconv.Itoa(p.Comments)},
		{"stars", strconv.Itoa(p.Stars)}, {"categories", strings.Join(p.Categories, ", ")}, {"keywords", strings.Join(p.Keywords, ", ")},
		{"code", strings.Join(code, " ")}, {"project", strings.Join(project, " ")}, {"summary", p.Summary}, {"page", p.URL},
	}
	if p.Organization != nil {
		all[3][1] = p.by()
	}
	if p.Edition != nil {
		all[5][1] = p.Edition.Day
	}
	known := all[:0]
	for _, f := range all {
		if f[1] != "" && (f[0] != "stars" || p.Stars > 0) {
			known = append(known, f)
		}
	}
	return known
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

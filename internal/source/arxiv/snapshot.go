// Package arxiv reads what arXiv publishes about papers.
//
// Start with [Snapshot], the metadata snapshot in files as a source. [DecodeSnapshot] reads
// one row of it; it is a pure function and may be called from several goroutines.
//
// A row must have an identifier, which is repaired where it went through a
// floating-point number, and a title. A field of the wrong type or an impossible
// date makes the row wrong, and the *paper.InvalidError names the field. What is
// no DOI or no address is left out of a row that is right otherwise.
//
// Who submitted a paper to arXiv is not kept.
package arxiv

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"broadsheet/internal/links"
	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/record"
)

// A row is one line of a snapshot, in either of two shapes: the one that arXiv
// puts on Kaggle, and a plainer one in which authors and categories are lists and
// published is a day. What differs in type is read in a second step.
type row struct {
	ID            json.RawMessage `json:"id"` // some exports write it as a number
	Title         string          `json:"title"`
	Abstract      string          `json:"abstract"`
	Authors       json.RawMessage `json:"authors"`
	AuthorsParsed [][]string      `json:"authors_parsed"`
	Categories    json.RawMessage `json:"categories"`
	Comments      string          `json:"comments"`
	DOI           string          `json:"doi"`
	JournalRef    string          `json:"journal-ref"`
	JournalRef2   string          `json:"journal_ref"`
	ReportNo      string          `json:"report-no"`
	ReportNo2     string          `json:"report_no"`
	License       string          `json:"license"`
	Published     string          `json:"published"`
	Versions      []version       `json:"versions"`
	UpdateDate    string          `json:"update_date"`
}

// Snapshot is the metadata snapshot of arXiv as a source.
func Snapshot(files source.Files) source.Source {
	return source.FromFiles(paper.SourceArXiv, files, DecodeSnapshot, (*source.Batch).Observe)
}

// DecodeSnapshot reads one row of the metadata snapshot.
func DecodeSnapshot(data []byte) (paper.Observation, error) {
	o := paper.Observation{Source: paper.SourceArXiv}
	var r row
	if err := record.Decode(data, &r); err != nil {
		return o, err
	}
	p := &o.Paper
	var err error
	if p.ID, o.Repaired, err = r.id(); err != nil {
		return paper.Observation{}, err
	}
	if err := r.fill(p); err != nil {
		return paper.Observation{}, err
	}
	if o.At, err = r.dates(p); err != nil {
		return paper.Observation{}, err
	}
	o.Fingerprint = record.Fingerprint(data)
	return o, nil
}

// fill reads all that is neither identifier nor date.
func (r *row) fill(p *paper.Paper) error {
	p.Title = paper.CleanLine(r.Title)
	if p.Title == "" {
		return paper.Invalid("title", "it is empty")
	}
	p.Abstract = paper.Unwrap(r.Abstract)
	p.Remarks = paper.CleanLine(r.Comments)
	p.JournalRef = paper.CleanLine(cmp.Or(r.JournalRef, r.JournalRef2))
	p.ReportNo = paper.CleanLine(cmp.Or(r.ReportNo, r.ReportNo2))
	p.DOI = firstDOI(r.DOI)
	p.License, _ = links.Clean(r.License)
	p.Links = links.InText(p.Abstract)
	for _, l := range links.InText(p.Remarks) {
		p.Links = links.Add(p.Links, l)
	}
	var err error
	if p.Categories, err = r.categories(); err != nil {
		return err
	}
	p.Authors, err = r.authors()
	return err
}

// id takes the text of a number as it stands: reading it as a number is what
// damages identifiers.
func (r *row) id() (paper.ID, bool, error) {
	text := string(bytes.TrimSpace(r.ID))
	if strings.HasPrefix(text, `"`) {
		if err := record.DecodeField("id", r.ID, &text); err != nil {
			return "", false, err
		}
	} else if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return "", false, paper.Invalid("id", "expected string or number, got object or array")
	}
	if text == "null" {
		text = ""
	}
	return paper.MendID(text)
}

// categories are given as a list or as one text, with blanks between them.
func (r *row) categories() ([]string, error) {
	text, list, err := textOrList("categories", r.Categories)
	if err != nil {
		return nil, err
	}
	out := strings.Fields(text)
	for _, c := range list {
		out = append(out, strings.Fields(c)...)
	}
	if len(out) < 2 {
		return out, nil
	}
	seen := out[:0]
	for _, c := range out {
		if !slices.Contains(seen, c) {
			seen = append(seen, c)
		}
	}
	return seen, nil
}

// textOrList reads a field that is a text in one shape and a list in the other.
func textOrList(field string, data json.RawMessage) (text string, list []string, err error) {
	if len(data) == 0 {
		return "", nil, nil
	}
	if data[0] == '[' {
		err = record.DecodeField(field, data, &list)
		return "", list, err
	}
	err = record.DecodeField(field, data, &text)
	return text, nil, err
}

// firstDOI is the first of the DOIs in a field; some articles have two, the second
// one for an erratum or a translation.
func firstDOI(s string) string {
	s, _, _ = strings.Cut(strings.TrimLeft(s, " \t\n"), " ")
	if i := strings.Index(s, "10."); i > 0 {
		switch strings.ToLower(s[:i]) {
		case "doi:", "doi.org/", "http://doi.org/", "https://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/":
			s = s[i:]
		}
	}
	s = strings.TrimRight(s, ";,")
	if !strings.HasPrefix(s, "10.") || !strings.Contains(s, "/") {
		return ""
	}
	return s
}

package cite

import (
	"bytes"
	"encoding/json"
	"fmt"

	"broadsheet/internal/paper"
)

// cslItem is an item of CSL-JSON, with the names of CSL 1.0.2.
type cslItem struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"` // "article" is a preprint, or a work of which nothing more is known
	Title     string    `json:"title,omitempty"`
	Author    []cslName `json:"author,omitempty"`
	Issued    *cslDate  `json:"issued,omitempty"`
	Abstract  string    `json:"abstract,omitempty"`
	Keyword   string    `json:"keyword,omitempty"`
	Publisher string    `json:"publisher,omitempty"`
	Number    string    `json:"number,omitempty"`
	Genre     string    `json:"genre,omitempty"`
	DOI       string    `json:"DOI,omitempty"`
	URL       string    `json:"URL,omitempty"`
	Note      string    `json:"note,omitempty"`
}

type cslName struct {
	Family   string `json:"family,omitempty"`
	Given    string `json:"given,omitempty"`
	Particle string `json:"non-dropping-particle,omitempty"`
	Suffix   string `json:"suffix,omitempty"`
	Literal  string `json:"literal,omitempty"` // a name without parts
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

// CSL is the paper as CSL-JSON: an array of one item.
func CSL(p paper.Paper) ([]byte, error) {
	item := cslItem{
		ID: Key(p), Type: "article", Title: plain(p.Title), Author: cslNames(authors(p)), Issued: cslIssued(issued(p)),
		Abstract: plain(p.Abstract), Keyword: cslKeywords(p.Keywords),
		DOI: doiOf(p), URL: p.ID.AbsURL(0), Note: plain(p.JournalRef),
	}
	if p.ID.IsArXiv() {
		item.Publisher, item.Number, item.Genre = "arXiv", "arXiv:"+string(p.ID), "preprint"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // for files, not for pages
	enc.SetIndent("", "  ")
	if err := enc.Encode([]cslItem{item}); err != nil {
		return nil, fmt.Errorf("cite: CSL-JSON of %s: %w", p.ID, err)
	}
	return b.Bytes(), nil
}

func cslNames(names []name) []cslName {
	var out []cslName
	for _, n := range names {
		if n.isWhole() {
			out = append(out, cslName{Literal: n.family})
			continue
		}
		out = append(out, cslName{Family: n.family, Given: n.given, Particle: n.particle, Suffix: n.suffix})
	}
	return out
}

func cslIssued(d paper.Date) *cslDate {
	if d.IsZero() {
		return nil
	}
	parts := []int{d.Time.Year(), int(d.Time.Month())}
	if d.Precision >= paper.PrecisionDay {
		parts = append(parts, d.Time.Day())
	}
	return &cslDate{Parts: [][]int{parts}}
}

func cslKeywords(keywords []string) string {
	var out []string
	for _, keyword := range keywords {
		out = append(out, plain(keyword))
	}
	return join(", ", out...)
}

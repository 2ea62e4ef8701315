// Package demo is the demonstration catalog: 65 papers that are compiled in, so
// that a new site has one edition to read before anything is imported.
//
// Start with [Catalog], the catalog as a source, or [Observations]; the edition's day is [Day]. Titles, authors,
// organizations, dates, comment counts and links are facts about the papers. Each
// summary is written for this catalog by the people of the project.
//
// Every paper carries Demo. Callers must keep that mark until another source has
// spoken about the paper, so that the catalog can be taken out again without
// taking anything else along.
//
// The package leaves out abstracts, which are the authors' text, and votes, of
// which there are none. What is not known stays zero: two papers have no authors
// and two have no date.
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/source"
)

// Day is the feed day of the one edition: the first weekday after the newest
// paper of the catalog was published.
const Day paper.Day = "2025-10-14"

//go:embed papers.json
var papersJSON []byte

// A record is one paper as papers.json holds it.
type record struct {
	ID           paper.ID            `json:"id"`
	Published    string              `json:"published"` // year, month and day; "" when unknown
	Comments     int                 `json:"comments"`
	Title        string              `json:"title"`
	Authors      []string            `json:"authors"`
	Organization *paper.Organization `json:"organization"`
	Links        []string            `json:"links"`
	Summary      string              `json:"summary"`
}

// edition numbers the catalog's contents: a record of a larger number replaces
// the same paper's.
const edition = 1

// Catalog is the demonstration catalog as a source. Its cursor is the number of its contents, so it
// speaks once, and again when a new program has another catalog.
func Catalog() source.Source { return catalog{} }

type catalog struct{}

func (catalog) Name() paper.Source { return paper.SourceDemo }

func (catalog) Observations(_ context.Context, cursor string) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		if cursor == strconv.Itoa(edition) {
			return
		}
		list, err := Observations()
		yield(source.Batch{Observations: list, Cursor: strconv.Itoa(edition)}, err)
	}
}

// Observations returns the papers of the catalog in the order of its edition.
// Each call makes new values, which the caller may change. An error means that
// the program was built from a damaged catalog.
func Observations() ([]paper.Observation, error) {
	records, err := decode(papersJSON)
	if err != nil {
		return nil, fmt.Errorf("demo: papers.json: %w", err)
	}
	at, err := time.Parse(time.DateOnly, string(Day))
	if err != nil {
		return nil, fmt.Errorf("demo: day of the edition: %w", err)
	}
	list := make([]paper.Observation, len(records))
	for i, r := range records {
		p, err := r.paper()
		if err != nil {
			return nil, fmt.Errorf("demo: paper %s: %w", r.ID, err)
		}
		list[i] = paper.Observation{
			Source:     paper.SourceDemo,
			At:         at,
			Paper:      p,
			Submission: &paper.Submission{Day: Day, Position: i},
			Signals:    []paper.Signal{{Kind: paper.SignalComments, At: at, Value: p.Comments}},

			Fingerprint: edition,
		}
	}
	return list, nil
}

// decode reads the records. An unknown key is an error: it would be a misspelt
// field that silently goes missing.
func decode(data []byte) ([]record, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var records []record
	if err := dec.Decode(&records); err != nil {
		return nil, err
	}
	return records, nil
}

func (r record) paper() (paper.Paper, error) {
	published, err := date(r.Published)
	if err != nil {
		return paper.Paper{}, err
	}
	links, err := authorLinks(r.Links)
	if err != nil {
		return paper.Paper{}, err
	}
	if published.IsZero() {
		published = r.ID.Month()
	}
	return paper.Paper{
		ID:           r.ID,
		Title:        r.Title,
		Summary:      r.Summary,
		Authors:      authors(r.Authors),
		Organization: r.Organization,
		Published:    published,
		Comments:     r.Comments,
		Links:        links,
		Demo:         true,
	}, nil
}

func authors(names []string) []paper.Author {
	var list []paper.Author
	for _, name := range names {
		list = append(list, paper.Author{Name: name})
	}
	return list
}

func date(s string) (paper.Date, error) {
	if s == "" {
		return paper.Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return paper.Date{}, fmt.Errorf("published: %w", err)
	}
	return paper.Date{Time: t, Precision: paper.PrecisionDay}, nil
}

// authorLinks grades every link as the authors' own, since each of them stands in the
// paper's abstract.
func authorLinks(urls []string) ([]paper.Link, error) {
	var list []paper.Link
	for _, s := range urls {
		u, err := url.Parse(s)
		if err != nil {
			return nil, fmt.Errorf("link: %w", err)
		}
		list = append(list, paper.Link{Kind: linkKind(u.Hostname()), URL: s, Grade: paper.GradeAuthors})
	}
	return list, nil
}

func linkKind(host string) paper.LinkKind {
	switch host {
	case "github.com", "gitlab.com", "gitee.com", "bitbucket.org", "codeberg.org":
		return paper.LinkCode
	}
	return paper.LinkProject
}

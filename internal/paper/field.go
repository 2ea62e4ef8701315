package paper

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// A Field is a part of a paper that sources may speak about, each with its own word.
type Field string

// The fields.
const (
	FieldTitle        Field = "title"
	FieldAbstract     Field = "abstract"
	FieldAuthors      Field = "authors"
	FieldOrganization Field = "organization"
	FieldCategories   Field = "categories"
	FieldPublished    Field = "published"
	FieldUpdated      Field = "updated"
	FieldVersions     Field = "versions"
	FieldWithdrawn    Field = "withdrawn"
	FieldRemarks      Field = "remarks"
	FieldJournalRef   Field = "journal_ref"
	FieldDOI          Field = "doi"
	FieldReportNo     Field = "report_no"
	FieldLicense      Field = "license"
	FieldSummary      Field = "summary" // with the name of its model
	FieldKeywords     Field = "keywords"
	FieldMedia        Field = "media"
	FieldThumbnail    Field = "thumbnail"
	FieldDiscussion   Field = "discussion" // its key, and whether an author takes part
	FieldLinks        Field = "links"
	FieldDemo         Field = "demo"
	FieldEditions     Field = "editions" // the submissions, which are no part of a Paper
)

// Whose word holds, the best source first. Sources that are not listed come behind, by
// name.
var (
	asPrinted = []Source{SourceArXiv, SourceHub, SourceDemo}
	asCurated = []Source{SourceHub, SourceArXiv, SourceDemo} // authors there are tied to accounts
)

// fields says of every field whose word holds: that of the first source in precedence
// that says anything. To give a new source its place, put it into the lists.
var fields = []field{
	{name: FieldTitle, precedence: asPrinted, text: true, access: part(func(p *Paper) *string { return &p.Title })},
	{name: FieldAbstract, precedence: asPrinted, text: true, access: part(func(p *Paper) *string { return &p.Abstract })},
	{name: FieldAuthors, precedence: asCurated, text: true, access: part(func(p *Paper) *[]Author { return &p.Authors })},
	{name: FieldOrganization, precedence: asCurated, text: true, access: organizationAccess},
	{name: FieldCategories, precedence: asPrinted, text: true, access: part(func(p *Paper) *[]string { return &p.Categories })},
	{name: FieldPublished, precedence: asPrinted, text: true, access: part(func(p *Paper) *Date { return &p.Published }),
		better: func(p, q *Paper) bool { return p.Published.Precision > q.Published.Precision }},
	{name: FieldUpdated, precedence: asPrinted, access: part(func(p *Paper) *time.Time { return &p.Updated })},
	{name: FieldVersions, precedence: asPrinted, access: part(func(p *Paper) *[]Version { return &p.Versions })},
	{name: FieldWithdrawn, precedence: asCurated, access: part(func(p *Paper) *time.Time { return &p.Withdrawn })},
	{name: FieldRemarks, precedence: asPrinted, access: part(func(p *Paper) *string { return &p.Remarks })},
	{name: FieldJournalRef, precedence: asPrinted, access: part(func(p *Paper) *string { return &p.JournalRef })},
	{name: FieldDOI, precedence: asPrinted, access: part(func(p *Paper) *string { return &p.DOI })},
	{name: FieldReportNo, precedence: asPrinted, access: part(func(p *Paper) *string { return &p.ReportNo })},
	{name: FieldLicense, precedence: asPrinted, access: part(func(p *Paper) *string { return &p.License })},
	{name: FieldSummary, precedence: asCurated, text: true, access: both(
		part(func(p *Paper) *string { return &p.Summary }), part(func(p *Paper) *string { return &p.SummaryModel }))},
	{name: FieldKeywords, precedence: asCurated, access: part(func(p *Paper) *[]string { return &p.Keywords })},
	{name: FieldMedia, precedence: asCurated, access: part(func(p *Paper) *[]string { return &p.Media })},
	{name: FieldThumbnail, precedence: asCurated, access: part(func(p *Paper) *string { return &p.Thumbnail })},
	{name: FieldDiscussion, precedence: asCurated, access: both(
		part(func(p *Paper) *string { return &p.DiscussionID }), part(func(p *Paper) *bool { return &p.AuthorActive }))},
	{name: FieldLinks, precedence: asCurated, derived: true, access: part(func(p *Paper) *[]Link { return &p.Links })},
	{name: FieldDemo, derived: true, access: part(func(p *Paper) *bool { return &p.Demo })},
}

// countPrecedence says whose counts of votes, comments and stars a paper shows.
var countPrecedence = []Source{SourceHub, SourceArXiv, SourceDemo}

// A field says how one field of a paper is merged.
type field struct {
	name       Field
	precedence []Source
	text       bool                   // it is searched for
	derived    bool                   // it is made of what all sources say
	better     func(p, q *Paper) bool // p's value holds against q's, whoever says it; nil: never
	access
}

// An access reads and writes a field.
type access struct {
	empty  func(*Paper) bool
	copy   func(to, from *Paper)
	encode func(*Paper) (json.RawMessage, error)
	decode func(*Paper, json.RawMessage) error
}

// part is the access to what at points to.
func part[T any](at func(*Paper) *T) access {
	return access{
		empty: func(p *Paper) bool {
			v := reflect.ValueOf(at(p)).Elem()
			return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
		},
		copy:   func(to, from *Paper) { *at(to) = *at(from) },
		encode: func(p *Paper) (json.RawMessage, error) { return json.Marshal(at(p)) },
		decode: func(p *Paper, b json.RawMessage) error {
			var zero T
			*at(p) = zero
			return json.Unmarshal(b, at(p))
		},
	}
}

// both is the access to two parts that belong together.
func both(a, b access) access {
	return access{
		empty: func(p *Paper) bool { return a.empty(p) && b.empty(p) },
		copy: func(to, from *Paper) {
			a.copy(to, from)
			b.copy(to, from)
		},
		encode: func(p *Paper) (json.RawMessage, error) {
			first, err := a.encode(p)
			if err != nil {
				return nil, err
			}
			second, err := b.encode(p)
			if err != nil {
				return nil, err
			}
			return json.Marshal([]json.RawMessage{first, second})
		},
		decode: func(p *Paper, text json.RawMessage) error {
			var two [2]json.RawMessage
			if err := json.Unmarshal(text, &two); err != nil {
				return err
			}
			if err := a.decode(p, two[0]); err != nil {
				return err
			}
			return b.decode(p, two[1])
		},
	}
}

// organizationAccess is to the name alone: what belongs to the name is kept with it.
var organizationAccess = access{
	empty:  func(p *Paper) bool { return p.Organization == nil },
	copy:   func(to, from *Paper) { to.Organization = from.Organization },
	encode: func(p *Paper) (json.RawMessage, error) { return json.Marshal(p.Organization.Name) },
	decode: func(p *Paper, b json.RawMessage) error {
		p.Organization = new(Organization)
		return json.Unmarshal(b, &p.Organization.Name)
	},
}

// said is the field of p as text; "null" where it is empty.
func (f field) said(p *Paper) (json.RawMessage, error) {
	if f.empty(p) {
		return json.RawMessage("null"), nil
	}
	text, err := f.encode(p)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", f.name, p.ID, err)
	}
	return text, nil
}

// restore is the inverse of said.
func (f field) restore(p *Paper, text json.RawMessage) error {
	if string(text) == "null" {
		f.copy(p, &Paper{})
		return nil
	}
	if err := f.decode(p, text); err != nil {
		return fmt.Errorf("%s of %s: %w", f.name, p.ID, err)
	}
	return nil
}

// equal reports whether two papers have the field alike.
func (f field) equal(p, q *Paper) (bool, error) {
	a, err := f.said(p)
	if err != nil {
		return false, err
	}
	b, err := f.said(q)
	return bytes.Equal(a, b), err
}

// order sorts sources by precedence.
func order(sources, precedence []Source) []Source {
	rank := func(s Source) int {
		if i := slices.Index(precedence, s); i >= 0 {
			return i
		}
		return len(precedence)
	}
	sorted := slices.Clone(sources)
	slices.SortFunc(sorted, func(a, b Source) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	return sorted
}

// Changed returns the fields in which two papers differ.
func Changed(before, after *Paper) ([]Field, error) {
	var changed []Field
	for _, f := range fields {
		equal, err := f.equal(before, after)
		if err != nil {
			return nil, err
		}
		if !equal {
			changed = append(changed, f.name)
		}
	}
	return changed, nil
}

// Searched reports whether any of these fields is searched for.
func Searched(changed []Field) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.text && slices.Contains(changed, f.name) })
}

package search

import (
	"slices"
	"strings"

	"broadsheet/internal/paper"
)

// Match reports whether a paper passes the filters; Similar is none. It is the
// meaning of every filter: engines may be faster, not different.
func (f *Filters) Match(id paper.ID, d *Document) bool {
	switch {
	case f.From != 0 && d.Published < f.From,
		f.Before != 0 && d.Published >= f.Before,
		f.MinVotes > 0 && d.Votes < f.MinVotes,
		f.MaxVotes > 0 && d.Votes > f.MaxVotes,
		f.MaxVotes < 0 && d.Votes > 0,
		d.Has&f.Has != f.Has,
		d.Has&f.HasNot != 0,
		f.Daily != nil && d.Daily != *f.Daily,
		f.IDs != nil && !slices.Contains(f.IDs, id),
		f.Titles != nil && !slices.Contains(f.Titles, TitleKey(d.Title)),
		len(f.Organizations) > 0 && !slices.Contains(f.Organizations, d.Organization):
		return false
	}
	for _, group := range f.Categories {
		if !slices.ContainsFunc(group, d.inCategory) {
			return false
		}
	}
	return !slices.ContainsFunc(f.NotCategories, d.inCategory)
}

// inCategory reports whether a paper has a category or one of an archive.
func (d *Document) inCategory(want string) bool {
	return slices.ContainsFunc(d.Categories, func(c string) bool {
		rest, found := strings.CutPrefix(c, want)
		return found && (rest == "" || rest[0] == '.')
	})
}

// OrganizationText is what FieldOrganization searches: the name that people read and
// the unique one.
func (d *Document) OrganizationText() string { return d.OrgName + " " + d.Organization }

package catalog

import (
	"context"
	"fmt"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// A Profile is an author or an organization, with one page of their papers,
// newest first.
type Profile struct {
	Slug         string
	Name         string
	Organization *paper.Organization // nil for an author
	Papers       int                 // how many there are; counted up to CountLimit
	List
}

// CountLimit is the most that a Profile counts.
const CountLimit = 1000

// Author returns the author with that slug and one page of their papers.
func (c *Catalog) Author(ctx context.Context, slug, cursor string, limit int) (*Profile, error) {
	name, err := c.db.AuthorName(ctx, slug)
	if err != nil {
		return nil, err
	}
	list, err := c.byPublication(cursor, limit, func(after store.Keyset, n int) ([]store.Row, error) {
		return c.db.ByAuthor(ctx, slug, after, n)
	})
	if err != nil {
		return nil, err
	}
	if len(list.Entries) == 0 && cursor == "" {
		return nil, fmt.Errorf("papers of %s: %w", slug, paper.ErrNotFound)
	}
	n, err := c.db.CountByAuthor(ctx, slug, CountLimit)
	return &Profile{Slug: slug, Name: name, Papers: n, List: *list}, err
}

// Organization returns the organization of that name and one page of its papers.
func (c *Catalog) Organization(ctx context.Context, name, cursor string, limit int) (*Profile, error) {
	o, err := c.db.Organization(ctx, name)
	if err != nil {
		return nil, err
	}
	list, err := c.byPublication(cursor, limit, func(after store.Keyset, n int) ([]store.Row, error) {
		return c.db.ByOrganization(ctx, name, after, n)
	})
	if err != nil {
		return nil, err
	}
	n, err := c.db.CountByOrganization(ctx, name, CountLimit)
	p := &Profile{Slug: name, Name: o.FullName, Organization: &o, Papers: n, List: *list}
	if p.Name == "" {
		p.Name = o.Name
	}
	return p, err
}

// An Author is a name with the address of its page, /authors/{Slug}.
type Author struct{ Name, Slug string }

// Authors returns authors by slug, and the cursor of the next page.
func (c *Catalog) Authors(ctx context.Context, cursor string, limit int) ([]Author, string, error) {
	rows, err := c.db.Authors(ctx, cursor, limit+1)
	if err != nil {
		return nil, "", err
	}
	more := ""
	if len(rows) > limit {
		rows = rows[:limit]
		more = rows[limit-1].Slug
	}
	all := make([]Author, len(rows))
	for i, r := range rows {
		all[i] = Author{Name: r.Name, Slug: r.Slug}
	}
	return all, more, nil
}

// Organizations returns organizations by name, and the cursor of the next page.
func (c *Catalog) Organizations(ctx context.Context, cursor string, limit int) ([]paper.Organization, string, error) {
	all, err := c.db.Organizations(ctx, cursor, limit+1)
	if err != nil || len(all) <= limit {
		return all, "", err
	}
	return all[:limit], all[limit-1].Name, nil
}

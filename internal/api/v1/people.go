package v1

import (
	"cmp"
	"context"
	"errors"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// Authors is one page of all authors.
type Authors struct {
	Authors []AuthorPage `json:"authors" doc:"By slug."`
	Cursor  string       `json:"cursor,omitempty" doc:"Of the next page. Left out on the last."`
}

// AuthorPage is an author with the address of their page.
type AuthorPage struct {
	Author
	URL string `json:"url" format:"uri" doc:"The author's page on this site."`
}

// AuthorPapers is an author with one page of their papers.
type AuthorPapers struct {
	AuthorPage
	Counted
}

// Organizations is one page of all organizations.
type Organizations struct {
	Organizations []Organization `json:"organizations" doc:"By name."`
	Cursor        string         `json:"cursor,omitempty" doc:"Of the next page. Left out on the last."`
}

// OrganizationPapers is an organization with one page of its papers.
type OrganizationPapers struct {
	Organization
	Counted
}

// Counted is what the papers of somebody are told with.
type Counted struct {
	Total   int     `json:"total" minimum:"0" doc:"How many papers there are; counted up to 1000."`
	AtLeast bool    `json:"atLeast,omitempty" doc:"True where there may be more than total, as nobody counted further."`
	Papers  []Paper `json:"papers" doc:"The newest first."`
	Cursor  string  `json:"cursor,omitempty" doc:"Of the next page. Left out on the last."`
}

func (w writer) counted(p *catalog.Profile) Counted {
	return Counted{Total: p.Papers, AtLeast: p.Papers >= catalog.CountLimit, Papers: w.papers(p.Entries), Cursor: p.More}
}

func (w writer) author(a Author) AuthorPage { return AuthorPage{a, w.base + urls.Author(a.Slug)} }

func (a *API) authors(ctx context.Context, in *Page) (*listed[Authors], error) {
	all, more, err := a.Catalog.Authors(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	w := writerIn(ctx)
	out := make([]AuthorPage, len(all))
	for i, one := range all {
		out[i] = w.author(Author(one))
	}
	return &listed[Authors]{askedIn(ctx).next(more), Authors{out, more}}, nil
}

type authorInput struct {
	Slug string `path:"slug" minLength:"1" maxLength:"200" doc:"What the author is called in addresses." example:"kuzma-khrabrov"`
	Page
}

func (a *API) author(ctx context.Context, in *authorInput) (*listed[AuthorPapers], error) {
	p, err := a.Catalog.Author(ctx, in.Slug, in.Cursor, in.Limit)
	if errors.Is(err, paper.ErrNotFound) {
		return nil, missing("There is no author %q here: take the slug from a paper or from /authors.", paper.Shorten(in.Slug))
	}
	if err != nil {
		return nil, err
	}
	w := writerIn(ctx)
	body := AuthorPapers{w.author(Author{p.Name, p.Slug}), w.counted(p)}
	return &listed[AuthorPapers]{askedIn(ctx).next(p.More), body}, nil
}

func (a *API) organizations(ctx context.Context, in *Page) (*listed[Organizations], error) {
	all, more, err := a.Catalog.Organizations(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	w := writerIn(ctx)
	out := make([]Organization, 0, len(all))
	for i := range all {
		if o := w.organization(&all[i]); o != nil {
			out = append(out, *o)
		}
	}
	return &listed[Organizations]{askedIn(ctx).next(more), Organizations{out, more}}, nil
}

type organizationInput struct {
	Name string `path:"name" minLength:"1" maxLength:"200" doc:"What the organization is called in addresses. Capitals matter." example:"nvidia"`
	Page
}

func (a *API) organization(ctx context.Context, in *organizationInput) (*listed[OrganizationPapers], error) {
	p, err := a.Catalog.Organization(ctx, in.Name, in.Cursor, in.Limit)
	if errors.Is(err, paper.ErrNotFound) {
		return nil, missing("There is no organization %q here: take the name from a paper or from /organizations.", paper.Shorten(in.Name))
	}
	if err != nil {
		return nil, err
	}
	w := writerIn(ctx)
	o := cmp.Or(w.organization(p.Organization), &Organization{})
	return &listed[OrganizationPapers]{askedIn(ctx).next(p.More), OrganizationPapers{*o, w.counted(p)}}, nil
}

package catalog

import (
	"cmp"
	"context"

	"broadsheet/internal/search"
)

// Facets counts what was found.
type Facets struct {
	Years, Categories, Organizations []Facet
	Code                             int
}

// A Facet is how many papers have a value.
type Facet struct {
	Value  string // as the query language writes it
	Label  string // as people read it
	Papers int
}

// mostFacets is how many values of a kind are given, the most frequent ones.
const mostFacets = 20

// facets names the values of an engine's counts.
func (c *Catalog) facets(ctx context.Context, in *search.Facets) (*Facets, error) {
	if in == nil {
		return nil, nil
	}
	out := &Facets{Code: in.Code}
	for _, y := range in.Years {
		out.Years = append(out.Years, Facet{y.Value, y.Value, y.Papers})
	}
	for _, cat := range in.Categories[:min(mostFacets, len(in.Categories))] {
		out.Categories = append(out.Categories, Facet{cat.Value, cat.Value, cat.Papers})
	}
	orgs := in.Organizations[:min(mostFacets, len(in.Organizations))]
	if len(orgs) == 0 {
		return out, nil
	}
	values := make([]string, len(orgs))
	for i, o := range orgs {
		values[i] = o.Value
	}
	names, err := c.db.OrganizationNames(ctx, values)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		out.Organizations = append(out.Organizations, Facet{o.Value, cmp.Or(names[o.Value], o.Value), o.Papers})
	}
	return out, nil
}

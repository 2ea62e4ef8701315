package web

import (
	"broadsheet/internal/catalog"
	"broadsheet/internal/search"
)

// facet is one way to look at what was found: its values, with how many papers have
// each.
type facet struct {
	Name       string
	Some, Rest []facetValue // Rest is folded away
}

type facetValue struct {
	link
	Papers  string
	Current bool // the query asks for it already, and the link takes that away
}

// shownValues is how many values of a facet stand before the rest.
const shownValues = 8

// facets are links that narrow the query down.
func facets(t typedQuery, ask asking, in *catalog.Facets) []facet {
	if in == nil {
		return nil
	}
	code := []catalog.Facet{{Value: "code", Label: "code", Papers: in.Code}}
	if in.Code == 0 {
		code = nil
	}
	var out []facet
	for _, f := range []struct {
		name, field string
		values      []catalog.Facet
	}{{"Year", "year", in.Years}, {"Category", "cat", in.Categories}, {"Organization", "org", in.Organizations}, {"Has", "has", code}} {
		if len(f.values) > 0 {
			out = append(out, newFacet(t, ask, f.name, f.field, f.values))
		}
	}
	return out
}

func newFacet(t typedQuery, ask asking, name, field string, values []catalog.Facet) facet {
	all := make([]facetValue, len(values))
	for i, v := range values {
		filter := field + ":" + quoted(v.Value)
		all[i] = facetValue{link: link{ask.path(t.with(filter)), v.Label}, Papers: number(v.Papers)}
		if at := t.index(filter); at >= 0 {
			all[i].Path, all[i].Current = ask.path(t.without(at)), true
		}
	}
	shown := len(all)
	if shown > shownValues+2 { // folding a couple away saves nothing
		shown = shownValues
	}
	return facet{name, all[:shown], all[shown:]}
}

// active are the filters of the query, each with the link that takes it away.
func active(t typedQuery, ask asking) []link {
	var out []link
	for i, p := range t {
		if p.filter {
			out = append(out, link{ask.path(t.without(i)), p.text})
		}
	}
	return out
}

// orders are links that put what was found in another order.
func orders(t typedQuery, ask asking, now search.Sort) []navLink {
	var out []navLink
	for _, o := range []struct {
		sort       search.Sort
		name, text string
	}{{search.ByRelevance, "", "best"}, {search.ByDate, "new", "newest"}, {search.ByVotes, "votes", "most voted"}, {search.ByTrending, "trending", "trending"}} {
		out = append(out, navLink{link{ask.path(t.sorted(o.name)), o.text}, o.sort == now})
	}
	return out
}

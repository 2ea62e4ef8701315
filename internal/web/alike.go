package web

import (
	"broadsheet/internal/catalog"
	"broadsheet/internal/paper/tex"
)

// shownSimilar is how many similar papers stand beside one.
const shownSimilar = 5

// searches adds to the page of a paper what leads to others: similar papers, and its
// keywords and subjects as searches. Without a search engine they lead nowhere.
func (s *site) searches(r *request, page *sheetPage, sheet *catalog.Sheet) {
	p := &sheet.Paper
	page.Keywords = searchesFor(p.Keywords, func(k string) string { return `"` + unquoted(k) + `"` })
	if _, ok := s.Catalog.SearchStats(); !ok {
		unlink(page.Keywords)
		for _, d := range page.Details {
			unlink(d.Searches)
		}
		return
	}
	similar, err := s.Catalog.Similar(r.Context(), p.ID, shownSimilar)
	if err != nil { // the paper itself is worth more
		s.Log.Warn("no similar papers", "paper", p.ID, "err", err)
	}
	for _, e := range similar {
		page.Similar = append(page.Similar, link{e.Paper.ID.Path(), tex.Text(e.Paper.Title)})
	}
	if len(similar) > 0 {
		page.Alike = askPath("similar:" + quoted(string(p.ID)))
	}
}

// searchesFor links each value to the results of a query about it.
func searchesFor(values []string, query func(string) string) []link {
	out := make([]link, len(values))
	for i, v := range values {
		out[i] = link{askPath(query(v)), v}
	}
	return out
}

func unlink(all []link) {
	for i := range all {
		all[i].Path = ""
	}
}

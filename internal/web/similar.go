package web

import (
	"net/http"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// shownSimilar is how many similar papers stand beside one.
const shownSimilar = 5

// searches adds to the page of a paper what leads to others: similar papers, and its
// keywords and subjects as searches. Without a search engine they lead nowhere.
func (s *site) searches(r *request, page *sheetPage, sheet *catalog.PaperDetail) {
	p := &sheet.Paper
	page.Keywords = searchesFor(p.Keywords, func(k string) string { return `"` + unquoted(k) + `"` })
	if !s.Catalog.Searchable() {
		unlink(page.Keywords)
		for _, d := range page.Details {
			unlink(d.Searches)
		}
		return
	}
	similar, err := s.Catalog.Similar(r.Context(), p.ID, shownSimilar)
	if err != nil { // the paper itself is worth more
		page.provisional = s.Catalog.IndexBehind
		s.Log.Warn("no similar papers", "paper", p.ID, "err", err)
		return
	}
	if !similar.Index.Ready {
		page.provisional = s.Catalog.IndexBehind
	}
	if len(similar.Entries) == 0 || similar.Index.Partial() {
		page.Lacking = similar.Index.Notice()
	}
	for _, e := range similar.Entries {
		page.Similar = append(page.Similar, link{urls.Paper(e.Paper.ID), tex.Text(e.Paper.Title)})
	}
	if len(page.Similar) > 0 {
		page.Alike = urls.Similar(p.ID)
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

// similar is /papers/{id}/similar.
func (s *site) similar(r *request, id paper.ID) (*httpserver.Response, error) {
	ref := urls.List{Kind: urls.KindSimilar, ID: id}
	if r.Path != ref.Path() {
		return goTo(http.StatusMovedPermanently, ref.Path())
	}
	known, err := s.Catalog.Papers(r.Context(), []paper.ID{id})
	if err != nil {
		return nil, err
	}
	if len(known) == 0 {
		return nil, missing(id, paper.ErrNotFound)
	}
	if !s.Catalog.Searchable() {
		return nil, noSearch
	}
	similar, err := s.Catalog.SimilarPapers(r.Context(), id, listLimit)
	if err != nil {
		return nil, err
	}
	return s.similarPage(r, ref, tex.Text(known[0].Paper.Title), similar)
}

func (s *site) similarPage(r *request, ref urls.List, title string, similar *catalog.SimilarList) (*httpserver.Response, error) {
	p := &listPage{
		head: s.head("Papers similar to “"+title+"”", ref.Path()), Heading: "Similar papers",
		Note: plural(len(similar.Entries), "paper"), To: &link{urls.Paper(ref.ID), title},
		Cards: s.cards(similar.Entries), Empty: "Nothing here is similar to it.",
	}
	p.Description = "The papers nearest to “" + title + "”, by meaning."
	p.Robots = "noindex, follow" // there is one such list for each paper, and they all overlap
	p.offerFeeds(ref, "Similar papers")
	if p.Lacking = similar.Index.ListNotice(len(similar.Entries)); p.Lacking != "" {
		p.Note, p.Empty = soFar(len(similar.Entries)), "Nothing in the index is similar to it. Ask again in a moment."
	}
	a, err := s.list(r, p)
	if err == nil && !similar.Index.Ready {
		a.Provisional = s.Catalog.IndexBehind
	}
	return a, err
}

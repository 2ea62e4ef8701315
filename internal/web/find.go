package web

import (
	"net/http"
	"unicode/utf8"

	"broadsheet/internal/paper"
)

// longestQuery is the most characters that the box takes.
const longestQuery = 250

// find leads to the paper whose id, address or DOI was put into the box.
func (s *site) find(r *request, q string) (*answer, error) {
	if utf8.RuneCountInString(q) > longestQuery {
		return nil, paper.Invalid("box", "that is more than %d characters; put in an arXiv id, the address of a paper or a DOI", longestQuery)
	}
	id, err := paper.ParseID(q)
	if err != nil {
		return s.cannotFind(q)
	}
	if _, err := s.Catalog.Paper(r.Context(), id); err != nil {
		return nil, missing(id, err)
	}
	return goTo(http.StatusSeeOther, id.Path())
}

// cannotFind says what the box takes.
func (s *site) cannotFind(q string) (*answer, error) {
	h := s.head("What the box takes", "")
	h.Query, h.Robots = q, "noindex"
	a, err := s.render("find", struct{ head }{h})
	if err == nil {
		a.fresh = true
	}
	return a, err
}

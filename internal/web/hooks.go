package web

import (
	"errors"
	"html/template"
	"strings"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

// Programs that read the pages of the public Daily Papers site know them by a few
// marks. Pages here carry the same ones, so that such programs work unchanged: in each
// article of a list an <h3> with nothing but the link to the paper (card.html), dates in
// one form (words.go), a known container around the abstract (paper.html), and on list
// pages the element that is made here.

// dataStart begins the element with a list's data. Programs search pages for its
// attributes by regular expressions: in this order, in double quotes, with one blank
// between and nothing behind.
const dataStart = `<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="`

// inAttribute writes what may not stand in an attribute by the names that programs
// without an HTML parser know.
var inAttribute = strings.NewReplacer(`&`, "&amp;", `"`, "&quot;", `<`, "&lt;", `>`, "&gt;")

// addData gives the page of a list its data. It stands at the end of <main>, where it
// does not hold up readers. A page without it is better than none.
func (s *site) addData(r *request, h *head, roll *catalog.Roll) {
	if s.PageData == nil {
		return
	}
	data, err := s.pageData(r, roll)
	if err != nil {
		s.Log.Error("page has no data", "path", r.URL.Path, "err", err)
		return
	}
	h.PageData = data
}

func (s *site) pageData(r *request, roll *catalog.Roll) (template.HTML, error) {
	latest, err := s.latestOf(r, roll.Ref.Period)
	if err != nil {
		return "", err
	}
	data, err := s.PageData(r.base, roll, latest)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.Grow(len(data) * 3 / 2)
	b.WriteString(dataStart)
	if _, err := inAttribute.WriteString(&b, string(data)); err != nil {
		return "", err
	}
	b.WriteString("\"></div>\n")
	return template.HTML(b.String()), nil
}

// latestOf is the newest period of the kind that p is, a day where p is none; "" when
// there are no editions.
func (s *site) latestOf(r *request, p paper.Period) (paper.Period, error) {
	day, err := s.Catalog.Latest(r.Context())
	switch {
	case errors.Is(err, paper.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case p.Kind() == paper.KindWeek:
		return day.Week(), nil
	case p.Kind() == paper.KindMonth:
		return day.Month(), nil
	}
	return day.Period(), nil
}

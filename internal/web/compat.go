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
// one form (format.go), a known container around the abstract (paper.html), and the
// elements that are made here, with the data of lists and of papers.

// A dataStart begins the element with a page's data. Programs search pages for its
// attributes by regular expressions: in this order, in double quotes, with one blank
// between and nothing behind.
const (
	listDataStart  = `<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="`
	paperDataStart = `<div class="SVELTE_HYDRATER contents" data-target="PaperContent" data-props="`
)

// inAttribute writes what may not stand in an attribute by the names that programs
// without an HTML parser know. html/template writes numbers instead, such as &#34;.
var inAttribute = strings.NewReplacer(`&`, "&amp;", `"`, "&quot;", `<`, "&lt;", `>`, "&gt;")

// addData gives the page of a list its data. It stands at the end of <main>, where it
// does not hold up readers. A page without it is better than none.
func (s *site) addData(r *request, h *head, roll *catalog.ListPage) {
	if s.PageData == nil {
		return
	}
	latest, err := s.latestOf(r, roll.Ref.Period)
	var data []byte
	if err == nil {
		data, err = s.PageData(r.Base, roll, latest)
	}
	s.setData(r, h, listDataStart, data, err)
}

// addPaperData does the same for the page of a paper.
func (s *site) addPaperData(r *request, h *head, sheet *catalog.PaperDetail) {
	if s.PaperData == nil {
		return
	}
	data, err := s.PaperData(r.Base, sheet)
	s.setData(r, h, paperDataStart, data, err)
}

func (s *site) setData(r *request, h *head, start string, data []byte, err error) {
	if err != nil {
		s.Log.Error("page has no data", "path", r.Path, "err", err)
		return
	}
	h.PageData = dataElement(start, data)
}

// dataElement is the element with data.
func dataElement(start string, data []byte) template.HTML {
	var b strings.Builder
	b.Grow(len(start) + len(data)*3/2)
	b.WriteString(start)
	_, _ = inAttribute.WriteString(&b, string(data)) // a Builder takes everything
	b.WriteString("\"></div>\n")
	return template.HTML(b.String())
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

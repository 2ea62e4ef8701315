package web

import (
	"errors"
	"fmt"
	"html/template"
	"runtime/debug"
	"strings"
	"sync"

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

// addData gives the page of a list its data. It stands at the end of <main>, where it
// does not hold up readers. A page without it is better than none.
func (s *site) addData(r *request, h *head, roll *catalog.ListPage) {
	if s.PageData == nil {
		return
	}
	h.data = s.dataLater(r, listDataStart, func() ([]byte, error) {
		latest, err := s.latestOf(r, roll.Ref.Period)
		if err != nil {
			return nil, err
		}
		return s.PageData(r.Base, roll, latest)
	})
}

// addPaperData does the same for the page of a paper.
func (s *site) addPaperData(r *request, h *head, sheet *catalog.PaperDetail) {
	if s.PaperData == nil {
		return
	}
	h.data = s.dataLater(r, paperDataStart, func() ([]byte, error) { return s.PaperData(r.Base, sheet) })
}

// dataLater begins to make the element with a page's data, and returns what waits for it:
// it stands at the end, and the rest of the page is made meanwhile.
func (s *site) dataLater(r *request, start string, encode func() ([]byte, error)) func() template.HTML {
	made := make(chan template.HTML, 1)
	go func() {
		var element template.HTML
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
			if err != nil {
				s.Log.Error("page has no data", "path", r.Path, "err", err)
			}
			made <- element
		}()
		var data []byte
		if data, err = encode(); err == nil {
			element = dataElement(start, data)
		}
	}()
	return sync.OnceValue(func() template.HTML { return <-made })
}

// dataElement is the element with data. What may not stand in an attribute is written by
// the names that programs without an HTML parser know; html/template writes numbers instead,
// such as &#34;.
func dataElement(start string, data []byte) template.HTML {
	var b strings.Builder
	b.Grow(len(start) + len(data)*3/2)
	b.WriteString(start)
	done := 0
	for i, c := range data {
		name := ""
		switch c {
		case '&':
			name = "&amp;"
		case '"':
			name = "&quot;"
		case '<':
			name = "&lt;"
		case '>':
			name = "&gt;"
		default:
			continue
		}
		b.Write(data[done:i])
		b.WriteString(name)
		done = i + 1
	}
	b.Write(data[done:])
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

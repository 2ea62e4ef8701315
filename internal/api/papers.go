package api

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// usualPapers and mostPapers are how many papers a page of all has without a limit,
// and at most.
const usualPapers, mostPapers = 50, 100

// cursors are how places in a list travel: what is in them is nobody's business.
var cursors = base64.RawURLEncoding

// papers answers GET /api/papers.
func (a *api) papers(r request) (question, error) {
	limit, err := r.limit(usualPapers, mostPapers)
	if err != nil {
		return question{}, err
	}
	cursor, err := cursors.DecodeString(r.Get("cursor"))
	if err != nil {
		return question{}, errCursor
	}
	v := url.Values{"limit": {strconv.Itoa(limit)}, "cursor": {r.Get("cursor")}}
	return question{key: "papers?" + v.Encode(), answer: func(ctx context.Context) (*httpserver.Response, error) {
		list, err := a.Catalog.New(ctx, string(cursor), limit)
		if err != nil {
			return nil, newError(err)
		}
		next := ""
		if list.More != "" {
			v.Set("cursor", cursors.EncodeToString([]byte(list.More)))
			next = address(r.base, urls.APIPapers, v)
		}
		return found(a.writer.at(r.base).briefs(list.Entries), next)
	}}, nil
}

var errCursor = wrong("The parameter cursor is not one that a page has given: follow the Link of the page before.")

// newError says of which parameter an error is.
func newError(err error) error {
	var invalid *paper.InvalidError
	if errors.As(err, &invalid) {
		return errCursor
	}
	return err
}

// paper answers GET /api/papers/{id}.
func (a *api) paper(r request) (question, error) {
	field := r.Get("field")
	if field != "" && field != "comments" {
		return question{}, wrong(`The parameter field must be "comments", or not there.`)
	}
	return question{key: "paper " + string(r.id) + " " + field, answer: func(ctx context.Context) (*httpserver.Response, error) {
		entries, err := a.Catalog.Papers(ctx, []paper.ID{r.id})
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			return nil, unknown(r.id)
		}
		s := a.writer.at(r.base).sheet(entries[0])
		if field == "comments" {
			// Nobody can comment here yet. The discussion stands beside the paper: who
			// wants the paper reads it as ever, and who wants comments finds them under
			// the name that they asked for.
			s.Comments = []struct{}{}
		}
		return found(s, "")
	}}, nil
}

// unknown says that there is no such paper.
func unknown(id paper.ID) error {
	return &failure{status: http.StatusNotFound, msg: fmt.Sprintf("There is no paper %s here.", id)}
}

// nothing says that a path has no answer; where the name of a paper stands in it that
// is none, what names look like.
func nothing(path string) error {
	msg := "There is nothing at this address."
	if name, ok := strings.CutPrefix(path, urls.APIPapers+"/"); ok && !strings.Contains(name, "/") {
		msg += " Papers have identifiers like 2401.01234, hep-th/9901001, or a DOI."
	}
	return &failure{status: http.StatusNotFound, msg: msg}
}

// repos answers GET /api/arxiv/{id}/repos: what of a paper is on this site, which has
// papers only.
func (a *api) repos(r request) (question, error) {
	return question{key: "repos " + string(r.id), answer: func(ctx context.Context) (*httpserver.Response, error) {
		known, err := a.Catalog.Known(ctx, r.id)
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, unknown(r.id)
		}
		return &httpserver.Response{Body: []byte(`{"models":[],"datasets":[],"spaces":[]}`)}, nil
	}}, nil
}

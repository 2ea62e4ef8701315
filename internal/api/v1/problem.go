package v1

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A Problem says what went wrong, as RFC 9457 has it. Code and Parameter are members
// of our own.
type Problem struct {
	Type      string `json:"type" doc:"Always about:blank: the status says what kind of problem it is." example:"about:blank"`
	Title     string `json:"title" doc:"The name of the status." example:"Bad Request"`
	Status    int    `json:"status" doc:"The status of the answer, again." example:"400"`
	Detail    string `json:"detail" doc:"What went wrong and what to do about it, for people." example:"Write a whole number from 1 to 100."`
	Code      string `json:"code" doc:"The kind of problem, for programs." enum:"InvalidParameter,NotFound,MethodNotAllowed,Conflict,Gone,TooManyRequests,Unavailable,InternalError" example:"InvalidParameter"`
	Parameter string `json:"parameter,omitempty" doc:"The parameter that is wrong, where it is one." example:"limit"`
}

// Error is the detail: problems travel as errors.
func (p *Problem) Error() string { return p.Detail }

// HTTPStatus is the status of the response.
func (p *Problem) HTTPStatus() int { return p.Status }

const problemKind = "application/problem+json"

// errNothing says that no operation has the address.
var errNothing = &Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address: " + urls.V1 + "/openapi.json lists those that there are."}

// errReadOnly says that nothing can be changed.
var errReadOnly = &Problem{Status: http.StatusMethodNotAllowed, Detail: "This can only be read: use GET."}

// wrong is a problem with one query parameter.
func wrong(parameter, format string, args ...any) *Problem {
	return &Problem{Status: http.StatusBadRequest, Parameter: parameter, Detail: fmt.Sprintf(format, args...)}
}

// missing is a problem with what an address names.
func missing(format string, args ...any) *Problem {
	return &Problem{Status: http.StatusNotFound, Detail: fmt.Sprintf(format, args...)}
}

func noPaper(id string) *Problem {
	return missing("There is no paper %q here. Use an arXiv identifier (2401.01234 or hep-th/9901001) or a DOI.", paper.Shorten(id))
}

// explain finds the words for an error.
func (a *API) explain(ctx context.Context, err error) *Problem {
	httpserver.LogFailure(ctx, a.Log, urls.V1, err)
	if own, ok := errors.AsType[*Problem](err); ok {
		return own
	}
	if _, ok := errors.AsType[*paper.InvalidError](err); ok { // addresses and parameters are checked before: what is left are cursors
		p := missing("There is no such page: a cursor comes from the page before, and belongs to its list.")
		p.Parameter = "cursor"
		return p
	}
	p := &Problem{Status: httpserver.StatusOf(err)}
	switch {
	case errors.Is(err, catalog.ErrNoSearch):
		p.Detail = "Nothing can be searched here at the moment. Please try again later."
	case p.Status == http.StatusNotFound:
		p.Detail = "There is no such thing here."
	case p.Status == http.StatusServiceUnavailable:
		p.Detail = "This took too long. Please try again in a moment."
	default:
		p.Detail = "Something went wrong here, and it has been written down. Please try again in a moment."
	}
	return p
}

// whole is p with the members that follow from its status.
func (p *Problem) whole() *Problem {
	q := *p
	q.Type, q.Title, q.Code = "about:blank", http.StatusText(p.Status), httpserver.Code(p.Status)
	return &q
}

// answer is the problem as it is sent.
func (p *Problem) answer() *httpserver.Response {
	body, err := json.Marshal(p.whole())
	if err != nil {
		panic("v1: " + err.Error()) // texts and a number can be encoded
	}
	header := map[string]string{}
	if p.Status == http.StatusMethodNotAllowed {
		header["Allow"] = methods
	}
	return &httpserver.Response{Status: p.Status, Kind: problemKind, Header: header, Body: append(body, '\n')}
}

// about is err in the words of the paper that it is about.
func about(id string, err error) error {
	if errors.Is(err, paper.ErrNotFound) {
		return noPaper(id)
	}
	return err
}

// Refuse answers a request that is over the limit of requests.
func Refuse(w http.ResponseWriter, r *http.Request, sentence string) {
	open(w.Header())
	res := (&Problem{Status: http.StatusTooManyRequests, Detail: sentence}).answer()
	res.NoStore = true
	httpserver.Uncached(res).Write(w, r)
}

package api

import (
	"errors"
	"net/http"
	"strings"
	"unicode"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// A failure is an error as a client is told of it.
type failure struct {
	status int
	msg    string // one sentence
}

func (f *failure) Error() string { return f.msg }

// wrong is a failure of what was asked.
func wrong(msg string) *failure { return &failure{status: http.StatusBadRequest, msg: msg} }

// HTTPStatus is the status of the failure's response.
func (f *failure) HTTPStatus() int { return f.status }

// explain finds the words for an error.
func (a *api) explain(r *http.Request, err error) *failure {
	httpserver.LogFailure(r.Context(), a.Log, r.URL.Path, err)
	if own, ok := errors.AsType[*failure](err); ok {
		return own
	}
	if invalid, ok := errors.AsType[*paper.InvalidError](err); ok {
		return wrong(invalid.Error())
	}
	if errors.Is(err, catalog.ErrNoSearch) {
		return &failure{httpserver.StatusOf(err), "Nothing can be searched here at the moment. Please try again later."}
	}
	f := &failure{status: httpserver.StatusOf(err)}
	switch f.status {
	case http.StatusNotFound:
		f.msg = "There is no such thing here."
	case http.StatusMethodNotAllowed:
		f.msg = "This can only be read: use GET."
	case http.StatusServiceUnavailable:
		f.msg = "This took too long. Please try again in a moment."
	default:
		f.msg = "Something went wrong here, and it has been written down. Please try again in a moment."
	}
	return f
}

// header is what the status of a failure asks for beside the words.
func (f *failure) header() map[string]string {
	switch f.status {
	case http.StatusUnauthorized:
		return map[string]string{"WWW-Authenticate": "Bearer"}
	case http.StatusMethodNotAllowed:
		return map[string]string{"Allow": methods}
	}
	return map[string]string{}
}

// compatError tells a failure as the public site does: a sentence in the body, and
// again in the header, where clients look first.
func compatError(f *failure) *httpserver.Response {
	h := f.header()
	h["X-Error-Code"] = httpserver.Code(f.status)
	h["X-Error-Message"] = headerText(f.msg)
	body, err := encode(struct {
		Error string `json:"error"`
	}{f.msg})
	if err != nil {
		panic(err) // a string can be encoded
	}
	return &httpserver.Response{Status: f.status, Kind: jsonKind, Header: h, Body: body}
}

// headerText is text that may stand in a header: ASCII on one line.
func headerText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r > unicode.MaxASCII:
			return '?'
		}
		return r
	}, s)
}

// Refuse answers a request that is over the limit of requests, as the public site does.
func Refuse(w http.ResponseWriter, r *http.Request, sentence string) {
	open(w.Header(), r)
	res := compatError(&failure{http.StatusTooManyRequests, sentence})
	res.NoStore = true
	httpserver.Uncached(res).Write(w, r)
}

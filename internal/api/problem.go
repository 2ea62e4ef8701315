package api

import (
	"context"
	"errors"
	"log/slog"
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

// explain finds status and words for an error. Only what is the site's own fault is
// logged.
func (a *api) explain(r *http.Request, err error) *failure {
	var own *failure
	var invalid *paper.InvalidError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &invalid):
		return wrong(invalid.Error())
	case errors.Is(err, paper.ErrNotFound):
		return &failure{http.StatusNotFound, "There is no such thing here."}
	case errors.Is(err, catalog.ErrNoSearch):
		return &failure{http.StatusServiceUnavailable, "Nothing can be searched here at the moment. Please try again later."}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &failure{http.StatusServiceUnavailable, "This took too long. Please try again in a moment."}
	}
	a.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("path", r.URL.Path), slog.Any("err", err))
	return &failure{http.StatusInternalServerError, "Something went wrong here, and it has been written down. Please try again in a moment."}
}

// code is the failure's short name.
func (f *failure) code() string {
	switch f.status {
	case http.StatusBadRequest:
		return "InvalidParameter"
	case http.StatusUnauthorized:
		return "Unauthorized"
	case http.StatusNotFound:
		return "NotFound"
	case http.StatusMethodNotAllowed:
		return "MethodNotAllowed"
	case http.StatusTooManyRequests:
		return "TooManyRequests"
	case http.StatusServiceUnavailable:
		return "Unavailable"
	}
	return "InternalError"
}

// header is what the status of a failure asks for beside the words.
func (f *failure) header() map[string]string {
	switch f.status {
	case http.StatusUnauthorized:
		return map[string]string{"WWW-Authenticate": "Bearer"}
	case http.StatusMethodNotAllowed:
		return map[string]string{"Allow": methods}
	case http.StatusServiceUnavailable:
		return map[string]string{"Retry-After": "2"}
	}
	return map[string]string{}
}

// compatError tells a failure as the public site does: a sentence in the body, and
// again in the header, where clients look first.
func compatError(f *failure) *httpserver.Response {
	h := f.header()
	h["X-Error-Code"] = f.code()
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
	httpserver.Uncached(compatError(&failure{http.StatusTooManyRequests, sentence})).Write(w, r)
}

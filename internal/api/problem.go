package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

// A failure is an error as a client is told of it.
type failure struct {
	status int
	param  string // the query parameter that is wrong, if it is one
	msg    string // one sentence
}

func (f *failure) Error() string { return f.msg }

// wrong is a failure of one query parameter.
func wrong(param, msg string) *failure {
	return &failure{status: http.StatusBadRequest, param: param, msg: msg}
}

// explain finds status and words for an error. Only what is the site's own fault is
// logged.
func (a *api) explain(r *http.Request, err error) *failure {
	var own *failure
	var invalid *paper.InvalidError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &invalid):
		return &failure{status: http.StatusBadRequest, msg: invalid.Error()}
	case errors.Is(err, paper.ErrNotFound):
		return &failure{status: http.StatusNotFound, msg: "There is no such thing here."}
	case errors.Is(err, catalog.ErrNoSearch):
		return &failure{status: http.StatusServiceUnavailable, msg: "Nothing can be searched here at the moment. Please try again later."}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &failure{status: http.StatusServiceUnavailable, msg: "This took too long. Please try again in a moment."}
	}
	a.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("path", r.URL.Path), slog.Any("err", err))
	return &failure{status: http.StatusInternalServerError, msg: "Something went wrong here, and it has been written down. Please try again in a moment."}
}

// code is the failure's short name.
func (f *failure) code() string {
	switch f.status {
	case http.StatusBadRequest:
		return "InvalidParameter"
	case http.StatusNotFound:
		return "NotFound"
	case http.StatusMethodNotAllowed:
		return "MethodNotAllowed"
	case http.StatusServiceUnavailable:
		return "Unavailable"
	}
	return "InternalError"
}

// header is what a failure adds to the header in both of its forms.
func (f *failure) header() map[string]string {
	switch f.status {
	case http.StatusMethodNotAllowed:
		return map[string]string{"Allow": methods}
	case http.StatusServiceUnavailable:
		return map[string]string{"Retry-After": "2"}
	}
	return map[string]string{}
}

// compatError tells a failure as the Daily Papers API does: a sentence in the body,
// and again in the header, where its clients look first.
func compatError(f *failure) *answer {
	h := f.header()
	h["X-Error-Code"] = f.code()
	h["X-Error-Message"] = headerText(f.msg)
	return failed(f, h, "", struct {
		Error string `json:"error"`
	}{f.msg})
}

// problem tells a failure as RFC 9457 has it. Parameter is our own member.
func problem(f *failure) *answer {
	return failed(f, f.header(), "application/problem+json", struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail"`
		Code      string `json:"code"`
		Parameter string `json:"parameter,omitempty"`
	}{"about:blank", http.StatusText(f.status), f.status, f.msg, f.code(), f.param})
}

// failed is the answer that tells of a failure.
func failed(f *failure, header map[string]string, kind string, body any) *answer {
	b, err := encode(body)
	if err != nil {
		panic("api: " + err.Error()) // strings and numbers can be encoded
	}
	return &answer{status: f.status, kind: kind, header: header, body: b}
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

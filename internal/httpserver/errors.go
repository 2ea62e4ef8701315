package httpserver

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

// What is wrong with a request, whatever it asks for.
var (
	ErrMethod  = errors.New("method not allowed")
	ErrTooLong = errors.New("address too long")
)

// statuses is the one table from an error to the status of its response. Front ends add
// the words, each in its own form.
var statuses = []struct {
	err    error
	status int
}{
	{paper.ErrNotFound, http.StatusNotFound},
	{paper.ErrForbidden, http.StatusForbidden},
	{paper.ErrConflict, http.StatusConflict},
	{paper.ErrGone, http.StatusGone},
	{paper.ErrUnavailable, http.StatusServiceUnavailable},
	{catalog.ErrNoSearch, http.StatusServiceUnavailable},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
	{context.Canceled, http.StatusServiceUnavailable},
	{ErrMethod, http.StatusMethodNotAllowed},
	{ErrTooLong, http.StatusRequestURITooLong},
}

// StatusOf is the status of the response to an error. An error that knows its own, by a
// method HTTPStatus, keeps it.
func StatusOf(err error) int {
	if own, ok := errors.AsType[interface {
		error
		HTTPStatus() int
	}](err); ok {
		return own.HTTPStatus()
	}
	if _, ok := errors.AsType[*paper.InvalidError](err); ok {
		return http.StatusBadRequest
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	for _, s := range statuses {
		if errors.Is(err, s.err) {
			return s.status
		}
	}
	return http.StatusInternalServerError
}

// passes reports whether an error may be over soon: what was true a moment ago is a
// better response meanwhile.
func passes(err error) bool {
	switch StatusOf(err) {
	case http.StatusInternalServerError:
		return true
	case http.StatusServiceUnavailable:
		return errors.Is(err, paper.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	}
	return false
}

// codes name the kinds of failure for programs.
var codes = map[int]string{
	http.StatusBadRequest: "InvalidParameter", http.StatusUnauthorized: "Unauthorized", http.StatusForbidden: "Forbidden",
	http.StatusNotFound: "NotFound", http.StatusMethodNotAllowed: "MethodNotAllowed", http.StatusConflict: "Conflict",
	http.StatusGone: "Gone", http.StatusRequestEntityTooLarge: "TooLarge", http.StatusRequestURITooLong: "TooLong",
	http.StatusTooManyRequests: "TooManyRequests", http.StatusServiceUnavailable: "Unavailable",
}

// Code is the name of a status that is an error, for programs.
func Code(status int) string {
	if code := codes[status]; code != "" {
		return code
	}
	return "InternalError"
}

// retryAfter is how many seconds a client is to wait for what is unavailable.
const retryAfter = "2"

// LogFailure logs the error that a response tells of, if it is the site's own fault:
// not what a client got wrong, nor that this site has no search.
func LogFailure(ctx context.Context, log *slog.Logger, path string, err error) {
	level := slog.LevelError
	switch status := StatusOf(err); {
	case status < http.StatusInternalServerError, errors.Is(err, catalog.ErrNoSearch):
		return
	case status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	}
	log.LogAttrs(ctx, level, "request failed", slog.String("path", path), slog.Any("err", err))
}

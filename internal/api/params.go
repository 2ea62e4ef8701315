package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longestQuery is the most characters of a query.
const longestQuery = 250

// params are the query parameters of a request. Of one that is repeated the first
// counts; those that nobody asks for are as if not there.
type params struct{ url.Values }

// parseParams reads what stands after the question mark. A semicolon is a part of a
// value, as clients that do not escape it mean it.
func parseParams(r *http.Request) (params, error) {
	v, err := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
	if err != nil {
		return params{}, &failure{status: http.StatusBadRequest, msg: "What stands after the question mark is damaged: write special characters as %XX."}
	}
	return params{v}, nil
}

// query is the parameter q, which must be there. It is as it was typed: a blank at its
// end says that a word is complete.
func (p params) query() (string, error) {
	q := strings.ToValidUTF8(p.Get("q"), "\uFFFD")
	switch {
	case strings.TrimSpace(q) == "":
		return "", wrong("q", "The parameter q is missing: it says what to search for.")
	case utf8.RuneCountInString(q) > longestQuery:
		return "", wrong("q", fmt.Sprintf("The parameter q is too long: at most %d characters are searched for.", longestQuery))
	}
	return q, nil
}

// limit is the parameter limit, from 1 to most; usual when it is not there.
func (p params) limit(usual, most int) (int, error) {
	if !p.Has("limit") {
		return usual, nil
	}
	s := p.Get("limit")
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most || strings.HasPrefix(s, "+") {
		return 0, wrong("limit", fmt.Sprintf("The parameter limit must be a whole number from 1 to %d.", most))
	}
	return n, nil
}

// asked is the query and the limit of a request.
func asked(r *http.Request, usual, most int) (q string, limit int, err error) {
	p, err := parseParams(r)
	if err != nil {
		return "", 0, err
	}
	if q, err = p.query(); err != nil {
		return "", 0, err
	}
	limit, err = p.limit(usual, most)
	return q, limit, err
}

package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"broadsheet/internal/paper"
)

// longestQuery is how many characters of a query count: the public site takes no more.
const longestQuery = 250

// params are the query parameters of a request. Of one that is repeated the first
// counts; those that nobody asks for are as if not there, and so are texts (not
// numbers) that are empty: programs write those where a variable of theirs is unset.
type params struct{ url.Values }

// parseParams reads what stands after the question mark. A semicolon is a part of a
// value, as clients that do not escape it mean it.
func parseParams(r *http.Request) (params, error) {
	if r.URL.RawQuery == "" {
		return params{}, nil
	}
	v, err := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
	if err != nil {
		return params{}, wrong("What stands after the question mark is damaged: write special characters as %XX.")
	}
	return params{v}, nil
}

// query is the parameter q, which must be there. It is as it was typed: a blank at its
// end says that a word is complete. What is too long is cut.
func (p params) query() (string, error) {
	q := strings.ToValidUTF8(p.Get("q"), "\uFFFD")
	if strings.TrimSpace(q) == "" {
		return "", wrong("The parameter q is missing: it says what to search for.")
	}
	left := longestQuery
	for i := range q {
		if left--; left < 0 {
			return q[:i], nil
		}
	}
	return q, nil
}

// limit is the parameter limit, from 1 to most; usual when it is not there.
func (p params) limit(usual, most int) (int, error) {
	if !p.Has("limit") {
		return usual, nil
	}
	n, ok := number(p.Get("limit"))
	if !ok || n < 1 || n > most {
		return 0, wrong(fmt.Sprintf("The parameter limit must be a whole number from 1 to %d.", most))
	}
	return n, nil
}

// page is the parameter p, which counts from 0.
func (p params) page() (int, error) {
	if !p.Has("p") {
		return 0, nil
	}
	n, ok := number(p.Get("p"))
	if !ok {
		return 0, wrong("The parameter p must be the number of a page: 0, 1, 2 and so on.")
	}
	return n, nil
}

// endless is a number that is larger than any that matters.
const endless = 1_000_000_000

// number reads digits; what is larger than endless is endless.
func number(s string) (int, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > endless {
		return endless, true
	}
	return n, true
}

// period is the parameter of that name, read by parse; "" when it is not there. A
// period that the calendar has and the catalog has not is known, too: it has no
// papers.
func (p params) period(name string, parse func(string) (paper.Period, error)) (period paper.Period, outside bool, err error) {
	s := strings.TrimSpace(p.Get(name))
	if s == "" {
		return "", false, nil
	}
	if period, err = parse(s); err == nil {
		return period, false, nil
	}
	if beyond(s, parse) {
		return "", true, nil
	}
	return "", false, err
}

// beyond reports whether s would be a period if the catalog reached to its year.
func beyond(s string, parse func(string) (paper.Period, error)) bool {
	year, rest, _ := strings.Cut(s, "-")
	if _, ok := number(year); !ok || len(year) != len(someYear) {
		return false
	}
	if _, err := paper.ParseMonth(year + "-01"); err == nil {
		return false
	}
	_, err := parse(someYear + "-" + rest)
	return err == nil
}

// someYear has all the days and weeks that a year can have.
const someYear = "2020"

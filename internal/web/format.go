package web

import (
	"net/url"
	"strconv"
	"time"

	"broadsheet/internal/paper"
)

// when is a moment or a date: as people read it and as programs do.
type when struct{ Text, ISO string }

// scraped is the form in which the public Daily Papers site writes dates for programs:
// with seconds and without a zone. What reads its pages is lost at any other.
const scraped = "2006-01-02T15:04:05"

// dateOf writes a date as far as it is known: "26 May 2026", "May 2026". Programs get
// its first midnight, which is the same date whatever zone they take it to be in.
func dateOf(d paper.Date) when {
	day := d.Time.UTC().Truncate(24 * time.Hour)
	switch d.Precision {
	case paper.PrecisionNone:
		return when{}
	case paper.PrecisionMonth:
		return when{d.Time.UTC().Format("January 2006"), day.Format(scraped)}
	}
	return when{d.Time.UTC().Format("2 January 2006"), day.Format(scraped)}
}

// shortDate leaves out the year when it is the one of now.
func shortDate(d paper.Date, now time.Time) when {
	w := dateOf(d)
	if d.IsZero() || d.Time.UTC().Year() != now.UTC().Year() {
		return w
	}
	if d.Precision == paper.PrecisionMonth {
		w.Text = d.Time.UTC().Format("January")
	} else {
		w.Text = d.Time.UTC().Format("2 January")
	}
	return w
}

// shortDay names a feed day, with its year when that is not the one of now.
func shortDay(d paper.Day, now time.Time) string {
	if d.Year() != now.UTC().Year() {
		return d.Time().Format("2 January 2006")
	}
	return d.Period().Short()
}

// plural counts things: "1 paper", "1,204 papers". n may be a lower bound.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + one + "s"
}

// number writes n with its thousands apart.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// short writes a count where there is little room: 812, 1.2k, 31k.
func short(n int) string {
	switch {
	case n < 1000:
		return strconv.Itoa(n)
	case n < 10_000:
		return strconv.FormatFloat(float64(n/100)/10, 'f', -1, 64) + "k"
	}
	return strconv.Itoa(n/1000) + "k"
}

// decimal writes a number of a sum, with at most two places.
func decimal(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

// webAddress is s if it is an address that a page may link to, else "".
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// after is path with a cursor; "" when there is no more.
func after(path, cursor string, query url.Values) string {
	if cursor == "" {
		return ""
	}
	next := url.Values{"after": {cursor}}
	for k, v := range query {
		if k != "after" && k != "asked" {
			next[k] = v
		}
	}
	return path + "?" + next.Encode()
}

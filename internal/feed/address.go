package feed

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A target is what an address asks for.
type target struct {
	ref    urls.List
	newest *newestFeed // the newest editions of a kind, in place of what ref names
	form   *form
}

// key is the canonical address of the target: the one that names it to its readers.
func (t target) key() string {
	if t.newest != nil {
		return t.newest.path + t.form.ending
	}
	return t.ref.PathAs(t.form.ending)
}

// home is the address of the list's page.
func (t target) home() string {
	if t.newest != nil {
		return t.newest.path
	}
	return t.ref.Path()
}

// route is the pattern of the target's address, for metrics.
func (t target) route() string {
	if t.newest != nil {
		return t.newest.path + t.form.ending
	}
	return t.ref.Route() + t.form.ending
}

// Routes are the addresses of feeds: with the ending of a form, those of all lists.
func (h *Handler) Routes() []httpserver.Route {
	routes := []httpserver.Route{{Pattern: urls.Feeds, Handler: h}}
	for _, pattern := range []string{
		urls.DayRoute, urls.WeekRoute, urls.MonthRoute, urls.YearRoute, urls.AuthorRoute, urls.PaperRoute, urls.Rest,
	} {
		routes = append(routes, httpserver.Route{Pattern: pattern, Handler: h, Match: claims})
	}
	return routes
}

// claims reports whether a path names a list, with the ending of a form. Whether there
// is such a list is not looked up.
func claims(path string) bool {
	bare, f := cutForm(path)
	if f == nil {
		return false
	}
	if newestFeedAt(bare) != nil {
		return true
	}
	_, err := urls.ParseList(bare, nil)
	return !errors.Is(err, paper.ErrNotFound) // what is wrong with a list's address is said in plain words
}

// cutForm tells the path of a list from the form asked for; nil is none.
func cutForm(path string) (string, *form) {
	for i := range forms {
		if bare, ok := strings.CutSuffix(path, forms[i].ending); ok {
			return bare, &forms[i]
		}
	}
	return path, nil
}

// targetOf reads an address.
func targetOf(r *http.Request) (target, error) {
	bare, f := cutForm(r.URL.Path)
	if f == nil || !readable(bare) {
		return target{}, paper.ErrNotFound
	}
	var query url.Values
	if r.URL.RawQuery != "" {
		var err error
		if query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			return target{}, paper.Invalid("query", "what stands after the question mark is damaged")
		}
	}
	ref, err := refOf(bare, query)
	t := target{ref: ref, form: f}
	latest := err == nil && ref.Kind == urls.KindLatest
	if s := newestFeedAt(bare); s != nil && (latest || errors.Is(err, paper.ErrNotFound)) {
		t.newest, err = s, nil
	}
	return t, err
}

// refOf is the list at a path. Older clients ask for a day as /papers?date=DAY.
func refOf(bare string, query url.Values) (urls.List, error) {
	if date := query.Get("date"); bare == urls.Papers && date != "" && !query.Has("q") {
		day, err := paper.ParseDay(date)
		return urls.List{Kind: urls.KindEdition, Period: day.Period()}, err
	}
	return urls.ParseList(bare, query)
}

// readable reports whether a path is text that a database takes.
func readable(path string) bool {
	return utf8.ValidString(path) && !strings.ContainsFunc(path, unicode.IsControl)
}

// base is the scheme and host of this site for the addresses in an answer.
func (h *Handler) base(r *http.Request) string { return cmp.Or(h.BaseURL, httpserver.Origin(r)) }

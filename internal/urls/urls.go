// Package urls is every address of the site: one table of the patterns under which front
// ends answer, and the functions that write an address and read one.
//
// Start with the constants. One without a wildcard is an address and a pattern of
// [net/http.ServeMux] at once; one named Route has a wildcard, and beside it stands the
// function that fills it. A [List] names any list of papers by the address of its page;
// [ParsePaper] reads what stands below a paper's.
//
// Addresses are paths, escaped, without scheme and host. Callers put these before.
//
// It leaves out who answers (package app puts the routes of all front ends into one mux)
// and what query parameters say, but for those that belong to a list.
package urls

import (
	"net/url"
	"strings"

	"broadsheet/internal/paper"
)

// The pages.
const (
	FrontPage         = "/{$}"
	Papers            = "/papers" // the newest edition; with q, a search
	DayRoute          = "/papers/date/{period}"
	ThisWeek          = "/papers/week"
	WeekRoute         = "/papers/week/{period}"
	ThisMonth         = "/papers/month"
	MonthRoute        = "/papers/month/{period}"
	Trending          = "/papers/trending"
	Newest            = "/papers/new"
	PaperRoute        = "/papers/{id...}" // also its other forms, by their endings, and what is similar
	AuthorRoute       = "/authors/{slug}"
	OrganizationRoute = "/{organization}/papers" // which in a ServeMux would contradict PaperRoute: it is part of Rest
	SearchForm        = "/search"
	SearchHelp        = "/search/help"
	RandomSearch      = "/search/random"
	Archive           = "/archive"
	YearRoute         = "/archive/{year}"
	About             = "/about"
	AboutTrending     = "/about/trending"
	Developers        = "/developers"
	DevelopersAPI     = "/developers/api"
	LLMs              = "/llms.txt"
	Robots            = "/robots.txt"
	SitemapIndex      = "/sitemap.xml"
	SitemapRoute      = "/sitemaps/{file}"
	AssetRoute        = "/static/{file}"
	Icon              = "/favicon.ico"
	Pictures          = "/media/"
	Rest              = "/"
)

// What programs ask.
const (
	Feeds           = "/feeds.opml" // any list's path with an ending is a feed
	Agents          = "/mcp"
	API             = "/api/" // all of the Daily Papers API
	DailyPapers     = "/api/daily_papers"
	APIPapers       = "/api/papers"
	APISearch       = "/api/papers/search"
	APIPaperRoute   = "/api/papers/{id...}"
	APIArXiv        = "/api/arxiv/"
	APIArXivRoute   = APIArXiv + "{id...}" // with ReposEnding
	Models          = "/api/models"
	Datasets        = "/api/datasets"
	Spaces          = "/api/spaces"
	Collections     = "/api/collections"
	AgentHarnesses  = "/api/agent-harnesses"
	WhoAmI          = "/api/whoami-v2"
	V1              = "/api/v1" // our own API; what its operations add is in package v1
	V1Rest          = V1 + "/"
	V1PaperRoute    = V1 + "/papers/{id...}"
	Health, Ready   = "/healthz", "/readyz"
	SimilarEnding   = "/similar" // behind the address of a paper: the list of those like it
	MarkdownEnding  = ".md"
	ReposEnding     = "/repos"
	PagesSitemap    = "pages"
	SitemapFileType = ".xml"
)

// Paper is the page of a paper.
func Paper(id paper.ID) string { return fill(PaperRoute, escapeSlashed(string(id))) }

// Similar is the list of papers that are similar to one.
func Similar(id paper.ID) string { return Paper(id) + SimilarEnding }

// Edition is the page of a day, a week or a month.
func Edition(p paper.Period) string { return fill(editionRoute(p.Kind()), string(p)) }

func editionRoute(kind paper.PeriodKind) string {
	switch kind {
	case paper.KindWeek:
		return WeekRoute
	case paper.KindMonth:
		return MonthRoute
	}
	return DayRoute
}

// Author is the page of the author with that slug.
func Author(slug string) string { return fill(AuthorRoute, url.PathEscape(slug)) }

// Organization is the page of the organization of that name.
func Organization(name string) string { return fill(OrganizationRoute, url.PathEscape(name)) }

// Search is the page of what a query finds.
func Search(query string) string { return List{Kind: KindSearch, Query: query}.Path() }

// Year is the archive of a year.
func Year(year int) string { return List{Kind: KindArchive, Year: year}.Path() }

// Sitemap is the sitemap of a month, or of [PagesSitemap].
func Sitemap(name string) string { return fill(SitemapRoute, name+SitemapFileType) }

// Asset is the address of a file of the site's own, by its name.
func Asset(name string) string { return fill(AssetRoute, name) }

// ParsePaper reads the identifier of a paper as it stands behind the address of papers,
// "2401.01234v2/links", and which of the endings follows it; "" is none. What is escaped
// in it stays one with the identifier: where a DOI ends like an address below it, its
// slash is written as %2F.
func ParsePaper(escaped string, endings ...string) (id paper.ID, ending string, err error) {
	for _, ending := range endings {
		if bare, ok := strings.CutSuffix(escaped, ending); ok {
			if id, err := parseEscaped(bare); err == nil {
				return id, ending, nil
			}
		}
	}
	id, err = parseEscaped(escaped)
	return id, "", err
}

func parseEscaped(s string) (paper.ID, error) {
	s, err := url.PathUnescape(s)
	if err != nil {
		return "", err
	}
	return paper.ParseID(s)
}

// escapeSlashed escapes what may not stand in a path and keeps the slashes.
func escapeSlashed(s string) string { return strings.ReplaceAll(url.PathEscape(s), "%2F", "/") }

// fill puts a value in the place of a route's wildcard.
func fill(route, value string) string {
	before, after := around(route)
	return before + value + after
}

// match is what the wildcard of a route stands for in a path. A path without a value for
// it does not match.
func match(route, path string) (value string, ok bool) {
	before, after := around(route)
	value, found := strings.CutPrefix(path, before)
	if !found {
		return "", false
	}
	value, found = strings.CutSuffix(value, after)
	return value, found && value != "" && (strings.HasSuffix(route, "...}"+after) || !strings.Contains(value, "/"))
}

// around is what stands before and behind the wildcard of a route.
func around(route string) (before, after string) {
	before, rest, _ := strings.Cut(route, "{")
	_, after, _ = strings.Cut(rest, "}")
	return before, after
}

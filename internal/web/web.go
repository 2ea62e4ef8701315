// Package web is the site that people see: HTML pages over a [Catalog], with one
// style sheet, one small script and nothing from anywhere else.
//
// Start with [New], which returns the routes of all pages; routes.go lists
// every address and the function that answers it. A view reads from the Catalog,
// fills a typed struct and names a template; answer.go turns what it returns into
// a response, which package httpserver keeps for as long as the catalogue stays as it is.
//
// Callers put the routes into a [httpserver.Router] and give them a Catalog whose Version grows with
// every change that a page can show. Whatever a view says about time is written as
// moments, never as "in two hours", so that a kept page stays true; the script
// turns moments into the reader's own time.
//
// What is searched for is read and understood by the Catalog; find.go leads to its
// answer, results.go and facets.go show it, and rewrite.go writes the queries that
// links on the page ask. Such pages are never kept: the index may be younger than
// the catalogue's version.
//
// Programs read pages, too: hooks.go keeps what scrapers of the public Daily Papers
// site look for, feeds.go links each list's feeds, markdown.go gives a paper to
// agents, and developers.go tells people how to write programs of their own.
//
// Every page works without scripts. The package leaves out what changes anything
// (voting, signing in, comments), feeds themselves, and the JSON API.
package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/web/openapi"
)

// Catalog is what the site reads. Nothing found is paper.ErrNotFound; a cursor or
// a period that makes no sense is a *paper.InvalidError.
type Catalog interface {
	// Version grows with every change of what the site shows. It is asked for
	// with every request, so it must be cheap.
	Version(ctx context.Context) (int64, error)
	// Latest is the newest feed day that has papers.
	Latest(ctx context.Context) (paper.Day, error)
	// Nearest is the nearest earlier period of p's kind that has papers, else the
	// nearest later one.
	Nearest(ctx context.Context, p paper.Period) (paper.Period, error)
	Edition(ctx context.Context, p paper.Period, cursor string, limit int) (*catalog.Edition, error)
	Trending(ctx context.Context, w rank.Weights, cursor string, limit int) (*catalog.List, error)
	New(ctx context.Context, cursor string, limit int) (*catalog.List, error)
	Paper(ctx context.Context, id paper.ID) (*catalog.PaperDetail, error)
	Author(ctx context.Context, slug, cursor string, limit int) (*catalog.Profile, error)
	Organization(ctx context.Context, name, cursor string, limit int) (*catalog.Profile, error)
	// Archive is the editions of a year; year 0 is the newest that has any.
	Archive(ctx context.Context, year int) (*catalog.Calendar, error)
	// Days are the days of a week or a month that have papers.
	Days(ctx context.Context, p paper.Period) ([]catalog.DayCount, error)
	// Demo reports whether the demonstration catalogue is in.
	Demo(ctx context.Context) (bool, error)
	Stats(ctx context.Context) (catalog.Stats, error)
	// Search answers a question; catalog.ErrNoSearch where nothing can be searched,
	// as with Suggest.
	Search(ctx context.Context, q catalog.SearchRequest) (*catalog.SearchResult, error)
	// Suggest completes what somebody is typing.
	Suggest(ctx context.Context, prefix string, limit int) (*catalog.Suggestions, error)
	// Similar is the papers nearest to one; none where nothing can be searched.
	Similar(ctx context.Context, id paper.ID, limit int) (*catalog.SimilarList, error)
	// SimilarPapers is Similar with all that lists show of the papers.
	SimilarPapers(ctx context.Context, id paper.ID, limit int) (*catalog.SimilarList, error)
	// Papers returns the papers with these identifiers; unknown ones are left out.
	Papers(ctx context.Context, ids []paper.ID) ([]catalog.Entry, error)
	// RandomQuery is something to search for; "" when there are no papers.
	RandomQuery(ctx context.Context) (string, error)
	// Searchable reports whether there is a search engine.
	Searchable() bool
	// Index says how the search index is; catalog.ErrNoSearch where there is none.
	Index(ctx context.Context) (catalog.IndexState, error)
	SitemapMonths(ctx context.Context) ([]catalog.Month, error)
	Sitemap(ctx context.Context, month paper.Period) ([]paper.ID, error)
}

// Media says where foreign pictures come from; package media has it.
type Media interface {
	Mode() string          // "off", "link" or "proxy"
	URL(src string) string // what a page puts into src; "" where it may show no picture
	http.Handler           // answers GET and HEAD below /media/
}

// Options are the settings of the site.
type Options struct {
	Catalog  Catalog
	Clock    paper.Clock       // the feed clock, for the words about opening and closing
	Now      func() time.Time  // nil means time.Now
	SiteName string            // "" means Broadsheet
	BaseURL  string            // scheme and host as readers see them; "" leaves canonical addresses relative, and takes other absolute ones from each request
	Cache    *httpserver.Cache // of pages; nil means one of its own
	Media    Media             // nil shows no foreign pictures
	Log      *slog.Logger      // nil means silence
	Version  string            // of the program, for the page about the site

	// PageData is the data of a list page as the public Daily Papers site has it in its
	// own, in JSON with absolute addresses that begin with base. latest is the newest
	// period of the kind that the list has. PaperData is that of a paper's page. nil
	// leaves the data out.
	PageData  func(base string, roll *catalog.ListPage, latest paper.Period) ([]byte, error)
	PaperData func(base string, sheet *catalog.PaperDetail) ([]byte, error)
	// OpenAPI describes /api/v1 (OpenAPI 3.1, JSON); nil leaves its page out.
	OpenAPI []byte
	// APILimit is how many requests to the API an address may send in five minutes, for
	// the page for developers; 0 means that nobody counts.
	APILimit int
}

// site is what the views share.
type site struct {
	Options
	assets assets
	pages  pages
	api    *openapi.Description // nil where there is none
}

// New returns the routes of all pages.
func New(o Options) ([]httpserver.Route, error) {
	if o.Catalog == nil {
		return nil, errors.New("web: Options.Catalog is missing")
	}
	o.SiteName = cmp.Or(o.SiteName, "Broadsheet")
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Cache == nil {
		o.Cache = httpserver.NewCache(httpserver.CacheOptions{Version: o.Catalog.Version, Now: o.Now, Log: o.Log})
	}
	s := &site{Options: o}
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, fmt.Errorf("web: assets: %w", err)
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, fmt.Errorf("web: templates: %w", err)
	}
	if s.api, err = openapi.Parse(o.OpenAPI); err != nil {
		return nil, fmt.Errorf("web: Options.OpenAPI: %w", err)
	}
	return s.routes(), nil
}

// Package web is the site that people see: HTML pages over a [catalog.Catalog], with one
// style sheet, one small script and nothing from anywhere else.
//
// Start with [New], which returns the routes of all pages; routes.go lists
// every address and the function that answers it. A view reads from the catalog,
// fills a typed struct and names a template; answer.go turns what it returns into
// a response, which package httpserver caches for as long as the catalog stays as it is.
//
// Callers put the routes into a [httpserver.Router]. A page writes times as dates and hours,
// never as "in two hours", so that a cached page stays true; the script turns them into the
// reader's own time.
//
// The catalog parses queries and searches. find.go sends a reader to the paper or the results,
// results.go and facets.go show them, and rewrite.go writes the queries that links on the page
// ask. Results that are asked for again are cached until catalog or search index change;
// the page of a paper that was made while the index lagged is cached until it has caught up.
//
// Programs read pages, too: compat.go keeps what scrapers of the public Daily Papers
// site look for, feeds.go links each list's feeds, markdown.go gives a paper to
// agents, and developers.go tells people how to write programs of their own.
//
// Every page works without scripts. The package leaves out what changes anything
// (voting, signing in, comments), feeds themselves, and the JSON API.
package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/web/openapi"
)

// Media says where foreign pictures come from; package media has it.
type Media interface {
	Mode() string          // "off", "link" or "proxy"
	URL(src string) string // what a page puts into src; "" where it may show no picture
	http.Handler           // answers GET and HEAD below /media/
}

// Options are the settings of the site.
type Options struct {
	Catalog  *catalog.Catalog
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
	httpserver.Complete(&o.SiteName, &o.BaseURL, &o.Now, &o.Log)
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

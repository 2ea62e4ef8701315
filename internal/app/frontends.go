package app

import (
	"log/slog"
	"net/http"
	"strings"

	"broadsheet/internal/api"
	v1 "broadsheet/internal/api/v1"
	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/feed"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/mcpserver"
	"broadsheet/internal/media"
	"broadsheet/internal/paper"
	"broadsheet/internal/web"
)

// cacheBytes is what the cached responses of all front ends may weigh together.
const cacheBytes = 16 << 20

// frontEnds are the handlers of the site, one for each way to ask it.
type frontEnds struct {
	pages, compat, own, agents http.Handler
	feeds                      *feed.Handler
}

// newFrontEnds makes all front ends over one catalog, with one cache.
func newFrontEnds(cfg *config.Config, log *slog.Logger, cat *catalog.Catalog, clock paper.Clock) (*frontEnds, error) {
	cache := httpserver.NewCache(httpserver.CacheOptions{Bytes: cacheBytes, Version: cat.Version, Log: log})
	compatible := api.Options{Catalog: cat, Cache: cache, BaseURL: cfg.BaseURL, SiteName: cfg.SiteName, Log: log}
	compat, err := api.New(compatible)
	if err != nil {
		return nil, err
	}
	own, err := v1.New(v1.Options{Catalog: cat, Clock: clock, Cache: cache, BaseURL: cfg.BaseURL, SiteName: cfg.SiteName, Log: log})
	if err != nil {
		return nil, err
	}
	feeds, err := feed.New(feed.Options{Catalog: cat, Clock: clock, Cache: cache, BaseURL: cfg.BaseURL, SiteName: cfg.SiteName, Log: log})
	if err != nil {
		return nil, err
	}
	agents, err := newAgents(cfg, log, cat)
	if err != nil {
		return nil, err
	}
	pictures, err := media.New(media.Options{Mode: media.Mode(cfg.Media), Dir: cfg.MediaDir(), Log: log})
	if err != nil {
		return nil, err
	}
	o := web.Options{
		Catalog: cat, Cache: cache, Clock: clock, SiteName: cfg.SiteName, BaseURL: cfg.BaseURL,
		Media: pictures, Log: log, Version: Version(), OpenAPI: own.OpenAPI(), APILimit: cfg.APILimit,
	}
	if cfg.CompatPageData {
		w := api.NewWriter(compatible)
		o.PageData, o.PaperData = w.PageData, w.PaperData
	}
	pages, err := web.New(o)
	if err != nil {
		return nil, err
	}
	f := &frontEnds{pages: pages, compat: compat, own: own, feeds: feeds, agents: agents.Handler()}
	return f.limited(cfg, log), nil
}

// newAgents makes the tools for agents.
func newAgents(cfg *config.Config, log *slog.Logger, cat *catalog.Catalog) (*mcpserver.Server, error) {
	return mcpserver.New(mcpserver.Options{
		Catalog: cat, BaseURL: cfg.BaseURL, SiteName: cfg.SiteName, Version: Version(), Log: log,
	})
}

// limited puts one limit before what programs ask.
func (f *frontEnds) limited(cfg *config.Config, log *slog.Logger) *frontEnds {
	l := httpserver.NewRateLimit(cfg.APILimit, httpserver.NewClientAddress(cfg.Proxies()), nil, log)
	f.compat = l.Limit(f.compat, api.Refuse)
	f.own = l.Limit(f.own, v1.Refuse)
	f.agents = l.Limit(f.agents, api.Refuse)
	return f
}

// ServeHTTP hands a request to its front end. Each looks at odd paths itself, so nothing is
// cleaned here.
func (f *frontEnds) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.of(r.URL.Path).ServeHTTP(w, r)
}

func (f *frontEnds) of(path string) http.Handler {
	switch {
	case ownAPI(path):
		return f.own
	case strings.HasPrefix(path, "/api/"):
		return f.compat
	case path == "/mcp":
		return f.agents
	case f.feeds.Claims(path):
		return f.feeds
	}
	return f.pages
}

// ownAPI reports whether a path belongs to our own API.
func ownAPI(path string) bool { return path == "/api/v1" || strings.HasPrefix(path, "/api/v1/") }

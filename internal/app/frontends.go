package app

import (
	"log/slog"
	"slices"

	"broadsheet/internal/api"
	v1 "broadsheet/internal/api/v1"
	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/feed"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/mcpserver"
	"broadsheet/internal/media"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
	"broadsheet/internal/web"
)

// cacheBytes is what the cached responses of all front ends may weigh together.
const cacheBytes = 16 << 20

// newRouter makes all front ends over one catalog, with one cache, and puts the routes
// of all into one router. Addresses of pictures are signed with secret.
func newRouter(cfg *config.Config, log *slog.Logger, cat *catalog.Catalog, clock paper.Clock, secret []byte) (*httpserver.Router, error) {
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
	agents, err := newAgents(cfg, log, cat, cache)
	if err != nil {
		return nil, err
	}
	pictures, err := media.New(media.Options{Mode: media.Mode(cfg.Media), Dir: cfg.MediaDir(), Secret: secret, Log: log})
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
	limit := httpserver.NewRateLimit(cfg.APILimit, httpserver.NewClientAddress(cfg.Proxies()), nil, log)
	return httpserver.NewRouter(slices.Concat(pages, feeds.Routes(),
		limited(limit, api.Refuse, compat...),
		limited(limit, v1.Refuse, own.Routes()...),
		limited(limit, api.Refuse, httpserver.Route{Pattern: urls.Agents, Handler: agents.Handler()}),
	)...), nil
}

// limited puts a limit before what programs ask.
func limited(limit *httpserver.RateLimit, refuse httpserver.RefuseFunc, routes ...httpserver.Route) []httpserver.Route {
	for i, r := range routes {
		routes[i].Handler = limit.Limit(r.Handler, refuse)
	}
	return routes
}

// newAgents makes the tools for agents.
func newAgents(cfg *config.Config, log *slog.Logger, cat *catalog.Catalog, cache *httpserver.Cache) (*mcpserver.Server, error) {
	return mcpserver.New(mcpserver.Options{
		Catalog: cat, Cache: cache, BaseURL: cfg.BaseURL, SiteName: cfg.SiteName, Version: Version(), Log: log,
	})
}

// Package app builds Broadsheet from its parts and runs it. It is the one place
// that knows the whole configuration and names what stands behind each seam.
//
// Start with [Run], which serves the site until its context ends. build.go opens the
// database and the index, frontends.go puts the front ends on top of them.
//
// Callers pass a checked configuration, and end the context to stop. The package
// leaves to others how requests are served (httpserver), what pages say (web), what they
// are made of (catalog) and how papers come in (ingest).
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/config"
	"broadsheet/internal/httpserver"
)

// metricsConnections is how many connections may ask for metrics at a time.
const metricsConnections = 16

// Run serves the site until ctx ends, and says on out when and where it is ready.
// The listeners are open before anything else is done, so that a taken port is known
// at once and a balancer is told that the site is starting.
func Run(ctx context.Context, cfg *config.Config, log *slog.Logger, out io.Writer) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &runner{cfg: cfg, log: log, metrics: httpserver.NewMetrics(Version()), ready: &httpserver.Readiness{Log: log}}
	site, err := r.listen(ctx)
	if err != nil {
		return err
	}
	servers, serving := errgroup.WithContext(ctx)
	r.start(serving, servers)
	parts, err := startUntil(serving, log, func() (*parts, error) { return build(serving, cfg, log) })
	if err != nil {
		cancel()
		return errors.Join(unlessStopped(ctx, err), servers.Wait())
	}
	r.metrics.CountPapers(parts.papers)
	r.ready.Ready(parts.site)
	log.Info("ready", "url", httpserver.URL(site), "version", Version(), "data", cfg.Data, "papers", parts.count)
	fmt.Fprintf(out, "%s is ready at %s\n", cfg.SiteName, httpserver.URL(site))
	err = errors.Join(servers.Wait(), stop(log, parts.close))
	log.Info("stopped")
	return err
}

// stopTime is how long what runs beside requests has to end. What has not ended by then
// is left to the end of the process: database and index are made to survive that.
const stopTime = 800 * time.Millisecond

// startUntil returns what start builds. Where start does not end soon after ctx, as while
// another process has the database locked, it returns context.Canceled without it.
func startUntil(ctx context.Context, log *slog.Logger, start func() (*parts, error)) (*parts, error) {
	type result struct {
		parts *parts
		err   error
	}
	started := make(chan result, 1)
	go func() {
		p, err := start()
		started <- result{p, err}
	}()
	select {
	case r := <-started:
		return r.parts, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-started:
		return r.parts, r.err
	case <-time.After(stopTime):
		log.Warn("the start was under way and is left", "after", stopTime)
		return nil, context.Canceled
	}
}

// stop closes what was built, and waits for that for [stopTime].
func stop(log *slog.Logger, closeAll func() error) error {
	closed := make(chan error, 1)
	go func() { closed <- closeAll() }()
	select {
	case err := <-closed:
		return err
	case <-time.After(stopTime):
		log.Warn("what runs beside requests has not ended and is left", "after", stopTime)
		return nil
	}
}

// unlessStopped is err, or nil when it came of a stop while the site was starting.
func unlessStopped(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil
	}
	return err
}

// A runner holds what runs whether the site is ready or not.
type runner struct {
	cfg     *config.Config
	log     *slog.Logger
	metrics *httpserver.Metrics
	ready   *httpserver.Readiness
	site    net.Listener
	private net.Listener // of the metrics; nil when they are off
}

// listen opens all addresses, or none.
func (r *runner) listen(ctx context.Context) (net.Listener, error) {
	var err error
	if r.site, err = httpserver.Listen(ctx, "listen", r.cfg.Listen, r.cfg.MaxConnections); err != nil {
		return nil, err
	}
	if r.cfg.MetricsListen == "" {
		return r.site, nil
	}
	if r.private, err = httpserver.Listen(ctx, "metrics_listen", r.cfg.MetricsListen, metricsConnections); err != nil {
		return nil, errors.Join(err, r.site.Close())
	}
	r.log.Info("metrics", "url", httpserver.URL(r.private)+"/metrics")
	return r.site, nil
}

// start serves every address until ctx ends; when one fails, all end.
func (r *runner) start(ctx context.Context, servers *errgroup.Group) {
	outer := &httpserver.Middleware{Next: r.ready, Timeout: r.cfg.RequestTimeout, Log: r.log, Metrics: r.metrics}
	servers.Go(func() error {
		return httpserver.Serve(ctx, httpserver.NewServer(outer, r.cfg.RequestTimeout, r.log), r.site, httpserver.Grace, r.ready.Stopping)
	})
	if r.private == nil {
		return
	}
	servers.Go(func() error {
		return httpserver.Serve(ctx, httpserver.NewServer(r.metrics.Handler(), r.cfg.RequestTimeout, r.log), r.private, httpserver.Grace, func() {})
	})
}

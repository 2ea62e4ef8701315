// Package app builds Broadsheet from its parts and runs it. It is the one place
// that knows the whole configuration and names what stands behind each seam.
//
// Start with [Run], which serves the site until its context ends. build.go puts the
// parts together; server.go has the limits on connections and the stop; access.go
// is the outermost handler with ids, logs and metrics; gate.go answers the health
// checks.
//
// Callers pass a checked configuration, and end the context to stop. The package
// leaves to others what pages say (web), what they are made of (catalog) and how
// papers come in (ingest).
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/config"
)

// metricsConnections is how many connections may ask for metrics at a time.
const metricsConnections = 16

// Run serves the site until ctx ends, and says on out when and where it is ready.
// The listeners are open before anything else is done, so that a taken port is known
// at once and a balancer is told that the site is starting.
func Run(ctx context.Context, cfg *config.Config, log *slog.Logger, out io.Writer) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &runner{cfg: cfg, log: log, metrics: newMetrics(Version()), gate: &gate{log: log}}
	site, err := r.listen(ctx)
	if err != nil {
		return err
	}
	servers, serving := errgroup.WithContext(ctx)
	r.start(serving, servers)
	parts, err := build(serving, cfg, log)
	if err != nil {
		cancel()
		return errors.Join(unlessStopped(ctx, err), servers.Wait())
	}
	r.metrics.count(parts.papers)
	r.gate.open(parts.site)
	log.Info("ready", "url", siteURL(site), "version", Version(), "data", cfg.Data, "papers", parts.count)
	fmt.Fprintf(out, "%s is ready at %s\n", cfg.SiteName, siteURL(site))
	err = servers.Wait()
	log.Info("stopped")
	return errors.Join(err, parts.close())
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
	metrics *metrics
	gate    *gate
	site    net.Listener
	private net.Listener // of the metrics; nil when they are off
}

// listen opens all addresses, or none.
func (r *runner) listen(ctx context.Context) (net.Listener, error) {
	var err error
	if r.site, err = listen(ctx, "listen", r.cfg.Listen, r.cfg.MaxConnections); err != nil {
		return nil, err
	}
	if r.cfg.MetricsListen == "" {
		return r.site, nil
	}
	if r.private, err = listen(ctx, "metrics_listen", r.cfg.MetricsListen, metricsConnections); err != nil {
		return nil, errors.Join(err, r.site.Close())
	}
	r.log.Info("metrics", "url", siteURL(r.private)+"/metrics")
	return r.site, nil
}

// start serves every address until ctx ends; when one fails, all end.
func (r *runner) start(ctx context.Context, servers *errgroup.Group) {
	outer := &access{next: r.gate, timeout: r.cfg.RequestTimeout, log: r.log, metrics: r.metrics}
	servers.Go(func() error {
		return serve(ctx, newServer(outer, r.cfg.RequestTimeout, r.log), r.site, r.gate.close)
	})
	if r.private == nil {
		return
	}
	servers.Go(func() error {
		return serve(ctx, newServer(r.metrics.handler(), r.cfg.RequestTimeout, r.log), r.private, func() {})
	})
}

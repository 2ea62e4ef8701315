package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// A gate stands before the site and knows whether it is open: a server that is
// still preparing, or about to stop, answers at once and says so.
type gate struct {
	log      *slog.Logger
	site     atomic.Pointer[site]
	stopping atomic.Bool
}

// A site is what a gate opens to.
type site struct {
	http.Handler
	ping   func(context.Context) error // nil when the database answers
	listed func(context.Context) error // nil when all that was imported is listed and found
}

var (
	errStarting = errors.New("starting")
	errStopping = errors.New("stopping")
)

// open lets requests through to s.
func (g *gate) open(s *site) { g.site.Store(s) }

// close makes the health checks fail, so that a balancer sends requests elsewhere;
// requests that still come are answered until the server has stopped.
func (g *gate) close() { g.stopping.Store(true) }

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/healthz":
		r.Pattern = "/healthz"
		g.answer(w, r, g.healthy(r.Context()))
		return
	case "/readyz":
		r.Pattern = "/readyz"
		g.answer(w, r, g.ready(r.Context()))
		return
	}
	s := g.site.Load()
	if s == nil {
		w.Header().Set("Retry-After", "2")
		http.Error(w, "Broadsheet is starting. Please try again in a moment.", http.StatusServiceUnavailable)
		return
	}
	s.ServeHTTP(w, r)
}

// ready is nil while requests can be answered.
func (g *gate) ready(ctx context.Context) error {
	s := g.site.Load()
	if s == nil {
		return errStarting
	}
	if g.stopping.Load() {
		return errStopping
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return s.ping(ctx)
}

// healthy is nil while all that was imported is listed and found.
func (g *gate) healthy(ctx context.Context) error {
	if err := g.ready(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return g.site.Load().listed(ctx)
}

// probeTimeout is how long a health check waits for the database.
const probeTimeout = 5 * time.Second

// answer tells a health check how things are. Strangers may ask, so the cause goes
// to the log.
func (g *gate) answer(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n")) // who asked has gone: nobody is left to tell
	case errors.Is(err, errStarting), errors.Is(err, errStopping):
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		g.log.WarnContext(r.Context(), "health check failed", "err", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	}
}

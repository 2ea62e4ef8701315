package httpserver

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"broadsheet/internal/urls"
)

// Readiness stands before the site and answers the health checks /healthz and /readyz.
// A server that is starting or about to stop answers at once and says so.
type Readiness struct {
	Log *slog.Logger

	site     atomic.Pointer[Site]
	stopping atomic.Bool
}

// A Site is what is served once it is ready.
type Site struct {
	http.Handler
	Ping   func(context.Context) error // nil when the database answers
	Listed func(context.Context) error // nil when all that was imported is listed and found
}

// A Condition says in a few words why a site is not healthy. Strangers may read it.
type Condition string

func (c Condition) Error() string { return string(c) }

var (
	errStarting = errors.New("starting")
	errStopping = errors.New("stopping")
)

// Ready lets requests through to s.
func (g *Readiness) Ready(s *Site) { g.site.Store(s) }

// Stopping makes the health checks fail, so that a balancer sends requests elsewhere;
// requests that still come are answered until the server has stopped.
func (g *Readiness) Stopping() { g.stopping.Store(true) }

func (g *Readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case urls.Health:
		r.Pattern = urls.Health
		g.answer(w, r, g.healthy(r.Context()))
		return
	case urls.Ready:
		r.Pattern = urls.Ready
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
func (g *Readiness) ready(ctx context.Context) error {
	s := g.site.Load()
	if s == nil {
		return errStarting
	}
	if g.stopping.Load() {
		return errStopping
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return s.Ping(ctx)
}

// healthy is nil while all that was imported is listed and found.
func (g *Readiness) healthy(ctx context.Context) error {
	if err := g.ready(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return g.site.Load().Listed(ctx)
}

// probeTimeout is how long a health check waits for the database.
const probeTimeout = 5 * time.Second

// answer is the response to a health check. Strangers may ask, so they are told the
// [Condition] that the cause names, if there is one, and the cause goes to the log.
func (g *Readiness) answer(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n")) // who asked has gone: nobody is left to tell
	case errors.Is(err, errStarting), errors.Is(err, errStopping):
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		word := Condition("not ready")
		errors.As(err, &word)
		if err != error(word) {
			g.Log.WarnContext(r.Context(), "health check failed", "err", err)
		}
		http.Error(w, string(word), http.StatusServiceUnavailable)
	}
}

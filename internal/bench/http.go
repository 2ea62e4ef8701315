package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"broadsheet/internal/store"
	"broadsheet/internal/urls"
)

// HTTPOptions says what [HTTP] measures. Zero values stand for what the fields say.
type HTTPOptions struct {
	Queries int           // to make of titles; 0: 300
	Repeat  time.Duration // how long repeated queries are asked; 0: 3 s
	Clients int           // that ask them at a time; 0: 4
}

// An HTTPRow is what a client met at one address.
type HTTPRow struct {
	What     string  `json:"what"` // "api" or "page", and "-repeated" where the queries were asked before
	Mean     float64 `json:"mean_ms"`
	P50      float64 `json:"p50_ms"`
	P95      float64 `json:"p95_ms"`
	P99      float64 `json:"p99_ms"`
	Rate     float64 `json:"requests_per_second"`
	Requests int     `json:"requests"`
}

// repeatedQueries is how many queries are asked again and again.
const repeatedQueries = 20

// HTTP measures how long a site takes to answer searches over HTTP on a loopback port,
// facets, names and marks of the papers found and compression included: every query once by
// one client, then a few by several clients again and again.
func HTTP(ctx context.Context, db *store.DB, site http.Handler, o HTTPOptions) (rows []HTTPRow, err error) {
	if o.Queries == 0 {
		o.Queries = 300
	}
	if o.Repeat == 0 {
		o.Repeat = 3 * time.Second
	}
	if o.Clients == 0 {
		o.Clients = 4
	}
	queries, err := titleQueries(ctx, db, o.Queries)
	if err != nil {
		return nil, err
	}
	if len(queries) == 0 {
		return nil, errors.New("there are no papers in the store to take queries from; see `broadsheet import --help`")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a loopback port: %w", err)
	}
	srv := &http.Server{Handler: site, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	defer func() {
		err = errors.Join(err, srv.Close())
		<-served
	}()
	h := &httpBench{site: "http://" + l.Addr().String(), clients: o.Clients, client: &http.Client{
		Timeout: pageTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{MaxIdleConnsPerHost: o.Clients, DisableCompression: true},
	}}
	defer h.client.CloseIdleConnections()
	for _, what := range []struct{ name, path string }{
		{"api", urls.V1 + "/search?facets=true&q="}, {"page", urls.Papers + "?q="},
	} {
		var paths []string
		for _, q := range queries {
			paths = append(paths, what.path+url.QueryEscape(q.text))
		}
		once, err := h.once(ctx, what.name, paths)
		if err != nil {
			return rows, err
		}
		again, err := h.again(ctx, what.name+"-repeated", paths[:min(len(paths), repeatedQueries)], o.Repeat)
		if err != nil {
			return rows, err
		}
		rows = append(rows, once, again)
	}
	return rows, nil
}

// An httpBench is one run of [HTTP].
type httpBench struct {
	site    string
	clients int
	client  *http.Client
}

// ask asks for a path, as browsers do.
func (h *httpBench) ask(ctx context.Context, path string) (time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.site+path, http.NoBody)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	began := time.Now()
	resp, err := h.client.Do(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	took := time.Since(began)
	if err = errors.Join(err, resp.Body.Close()); err == nil && resp.StatusCode >= 400 {
		err = fmt.Errorf("%s: %s", path, resp.Status)
	}
	return took, err
}

// once asks for each path once, one behind the other.
func (h *httpBench) once(ctx context.Context, what string, paths []string) (HTTPRow, error) {
	took := make([]time.Duration, len(paths))
	for i, path := range paths {
		var err error
		if took[i], err = h.ask(ctx, path); err != nil {
			return HTTPRow{}, err
		}
	}
	sum := time.Duration(0)
	for _, t := range took {
		sum += t
	}
	return httpRow(what, took, sum), nil
}

// again has several clients ask for the paths by turns, as fast as they are answered, until
// so much time has gone by.
func (h *httpBench) again(ctx context.Context, what string, paths []string, long time.Duration) (HTTPRow, error) {
	for range 2 { // what is asked for the second time is kept
		for _, path := range paths {
			if _, err := h.ask(ctx, path); err != nil {
				return HTTPRow{}, err
			}
		}
	}
	took := make([][]time.Duration, h.clients)
	failed := make([]error, h.clients)
	var asking sync.WaitGroup
	began := time.Now()
	for c := range h.clients {
		asking.Go(func() {
			for i := c; time.Since(began) < long; i++ {
				t, err := h.ask(ctx, paths[i%len(paths)])
				if err != nil {
					failed[c] = err
					return
				}
				took[c] = append(took[c], t)
			}
		})
	}
	asking.Wait()
	return httpRow(what, slices.Concat(took...), time.Since(began)), errors.Join(failed...)
}

// httpRow sums up requests that took so long each, and together.
func httpRow(what string, took []time.Duration, together time.Duration) HTTPRow {
	t := timings(took, SearchRow{})
	return HTTPRow{What: what, Mean: t.Mean, P50: t.P50, P95: t.P95, P99: t.P99, Rate: float64(len(took)) / together.Seconds(), Requests: len(took)}
}

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	v1 "broadsheet/internal/api/v1"
	"broadsheet/internal/app"
	"broadsheet/internal/indexer"
	"broadsheet/internal/store"
)

// A client asks a site through its API: one that runs somewhere or, over the same API
// but no network, the data that lies here.
type client struct {
	base string
	http *http.Client
	lag  bool // the search index does not hold all papers yet
}

// clientTimeout bounds one question to a site.
const clientTimeout = 30 * time.Second

// mostAnswered is how many bytes of an answer are read.
const mostAnswered = 64 << 20

// newClient asks the site at endpoint.
func newClient(endpoint string) (*client, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, usageError("--endpoint: %q is not the address of a site: write http://HOST or https://HOST", endpoint)
	}
	return &client{strings.TrimRight(endpoint, "/"), &http.Client{Timeout: clientTimeout}, false}, nil
}

// localClient asks the site that h answers for.
func localClient(h http.Handler, base string, lag bool) *client {
	return &client{strings.TrimRight(base, "/"), &http.Client{Transport: inProcess{h}}, lag}
}

// withClient runs f with the client of an endpoint; "" is the data of this machine, whose
// search index is brought up to date for a search.
func (s *settings) withClient(ctx context.Context, endpoint string, search bool, f func(*client) error) error {
	if endpoint != "" {
		c, err := newClient(endpoint)
		if err != nil {
			return err
		}
		return f(c)
	}
	cfg, err := s.load()
	if err != nil {
		return err
	}
	base := cfg.BaseURL
	if base == "" {
		base = "http://" + cfg.Listen
	}
	ask := func(db *store.DB, idx *indexer.Index, lag bool) error {
		site, err := app.Local(ctx, cfg, s.log(cfg, s.err), db, idx)
		if err != nil {
			return err
		}
		return f(localClient(site, base, lag))
	}
	if search {
		return s.withReader(ctx, cfg, ask)
	}
	return s.onIndex(ctx, cfg, func(db *store.DB, idx *indexer.Index) error { return ask(db, idx, false) })
}

// inProcess answers requests by a handler.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &written{header: http.Header{}, status: http.StatusOK}
	asked := r.Clone(r.Context())
	asked.RequestURI, asked.RemoteAddr, asked.Host = r.URL.RequestURI(), "127.0.0.1:0", r.URL.Host
	t.handler.ServeHTTP(w, asked)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: -1,
	}, nil
}

// written is what a handler wrote.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *written) Header() http.Header         { return w.header }
func (w *written) WriteHeader(status int)      { w.status = status }
func (w *written) Write(p []byte) (int, error) { return w.body.Write(p) }

// get returns what stands at a path of the site.
func (c *client) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "broadsheet/"+app.Version())
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%s does not answer: %w", c.base, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswered))
	if err != nil {
		return nil, fmt.Errorf("%s broke off: %w", c.base, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, c.refused(path, resp, body)
	}
	return body, nil
}

// A refusal is what a site answers instead of what was asked for.
type refusal struct {
	status int
	msg    string
}

func (r *refusal) Error() string { return r.msg }

// refused says why a site does not answer, in its own words if it has any.
func (c *client) refused(path string, resp *http.Response, body []byte) error {
	var told struct{ Detail, Error string }
	msg := resp.Status
	if json.Unmarshal(body, &told) == nil && told.Detail+told.Error != "" {
		msg = told.Detail + told.Error
	}
	if wait, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && resp.StatusCode == http.StatusTooManyRequests {
		msg += fmt.Sprintf(" (ask again in %d seconds)", wait)
	}
	if resp.StatusCode == http.StatusNotFound && told.Detail == "" && strings.HasPrefix(path, "/api/v1/") {
		msg = "this is not a Broadsheet site: it has no " + path
	}
	return &refusal{resp.StatusCode, fmt.Sprintf("%s: %s", c.base, msg)}
}

// A clientPaper is a paper as /api/v1 sends it, read and whole.
type clientPaper struct {
	v1.Paper
	whole json.RawMessage
}

func (p *clientPaper) UnmarshalJSON(b []byte) error {
	p.whole = bytes.Clone(b)
	return json.Unmarshal(b, &p.Paper)
}

// A clientPage is a page of a list.
type clientPage struct {
	Papers []clientPaper
	Cursor string

	// Of editions and searches, where they have them:
	Period, State, DidYouMean, Named string
	Total, Some                      int
	Relaxed                          bool
	TookMS                           float64
	Hints                            []v1.Hint
	Narrowings                       []v1.Narrowing
	Author                           *v1.Author
	Index                            *v1.Index
}

// papers returns the first papers of a list, limit of them, and the list's first page.
func (c *client) papers(ctx context.Context, path string, query url.Values, limit int) ([]clientPaper, *clientPage, error) {
	var all []clientPaper
	var first *clientPage
	for {
		query.Set("limit", strconv.Itoa(min(limit-len(all), mostInPage)))
		body, err := c.get(ctx, path, query)
		if err != nil {
			return nil, nil, err
		}
		page := new(clientPage)
		if err := json.Unmarshal(body, page); err != nil {
			return nil, nil, fmt.Errorf("%s%s: this is not what a Broadsheet site answers: %w", c.base, path, err)
		}
		if first == nil {
			first = page
		}
		all = append(all, page.Papers...)
		if page.Cursor == "" || len(all) >= limit || len(page.Papers) == 0 {
			return all[:min(len(all), limit)], first, nil
		}
		query.Set("cursor", page.Cursor)
	}
}

// mostInPage is how many papers are asked for at a time.
const mostInPage = 100

package httpserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

// A database is what versions come from; while it hangs, whoever asks waits.
type database struct {
	version atomic.Int64
	hung    atomic.Bool
	down    atomic.Bool
}

func (d *database) Version(ctx context.Context) (int64, error) {
	switch {
	case d.down.Load():
		return 0, fmt.Errorf("connection refused: %w", paper.ErrUnavailable)
	case d.hung.Load():
		<-ctx.Done()
		return 0, ctx.Err()
	}
	return d.version.Load(), nil
}

func newTestCache(d *database) *Cache {
	d.version.Add(1)
	return NewCache(CacheOptions{Version: d.Version})
}

// text renders a body.
func text(body string) RenderFunc {
	return func(context.Context, Viewer) (*Response, error) { return &Response{Body: []byte(body)}, nil }
}

// failing renders nothing.
func failing(err error) RenderFunc {
	return func(context.Context, Viewer) (*Response, error) { return nil, err }
}

func hanging(ctx context.Context, _ Viewer) (*Response, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// got is what the cache gives under a key to somebody anonymous.
func got(t *testing.T, c *Cache, key string, render RenderFunc) string {
	t.Helper()
	k, err := c.Get(t.Context(), key, Viewer{}, render)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(k.Body)
}

func TestOneResponseIsMadeOnce(t *testing.T) {
	c := newTestCache(&database{})
	made := 0
	var wg sync.WaitGroup
	started := make(chan bool)
	for range 20 {
		wg.Go(func() {
			_, err := c.Get(t.Context(), "key", Viewer{}, func(context.Context, Viewer) (*Response, error) {
				made++
				<-started
				return &Response{Body: []byte("page")}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(started)
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}

func TestVersionsAndAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &database{}
		c := newTestCache(d)
		for _, step := range []struct {
			render, want string
			wait         time.Duration
			change       bool
		}{
			{"first", "first", 0, false},
			{"second", "first", 59 * time.Second, false},
			{"third", "third", time.Second, false},
			{"fourth", "fourth", 0, true},
		} {
			time.Sleep(step.wait)
			if step.change {
				d.version.Add(1)
			}
			if body := got(t, c, "key", text(step.render)); body != step.want {
				t.Errorf("%q, want %q", body, step.want)
			}
		}
	})
}

// Of a response that is no others', each who asks at one time gets their own.
func TestNobodyGetsAnothersResponse(t *testing.T) {
	for _, tt := range []struct {
		name     string
		response Response
		viewer   func(i int) Viewer
	}{
		{"no-store", Response{NoStore: true}, func(int) Viewer { return Viewer{} }},
		{"no-cache", Response{NoCache: true}, func(int) Viewer { return Viewer{} }},
		{"known viewers", Response{}, func(i int) Viewer { return Viewer{ID: fmt.Sprint(i)} }},
		{"one viewer of many roles", Response{}, func(i int) Viewer { return Viewer{Roles: Roles(i + 1)} }},
	} {
		c := newTestCache(&database{})
		var mine atomic.Int64
		bodies := make([]string, 50)
		start := make(chan bool)
		var wg sync.WaitGroup
		for i := range bodies {
			wg.Go(func() {
				<-start
				k, err := c.Get(t.Context(), "key", tt.viewer(i), func(_ context.Context, v Viewer) (*Response, error) {
					time.Sleep(time.Millisecond)
					if v != tt.viewer(i) {
						t.Errorf("%s: rendered for %v, asked by %v", tt.name, v, tt.viewer(i))
					}
					a := tt.response
					a.Body = fmt.Append(nil, mine.Add(1), " for ", i)
					return &a, nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				bodies[i] = string(k.Body)
			})
		}
		close(start)
		wg.Wait()
		for i, body := range bodies {
			if !strings.HasSuffix(body, fmt.Sprint(" for ", i)) {
				t.Errorf("%s: number %d got %q", tt.name, i, body)
			}
		}
		if len(c.byKey) != 0 {
			t.Errorf("%s: %d responses are cached", tt.name, len(c.byKey))
		}
	}
}

// A known viewer neither gets what is cached for the anonymous nor leaves anything there.
func TestViewersAreApart(t *testing.T) {
	c := newTestCache(&database{})
	got(t, c, "key", text("for all"))
	k, err := c.Get(t.Context(), "key", Viewer{ID: "ada"}, text("for Ada"))
	if err != nil || string(k.Body) != "for Ada" || !k.NoStore {
		t.Errorf("%v, %v", k, err)
	}
	w := httptest.NewRecorder()
	k.Write(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if control := w.Header().Get("Cache-Control"); control != "private, no-store" {
		t.Errorf("Cache-Control is %q", control)
	}
	if body := got(t, c, "key", text("new")); body != "for all" {
		t.Errorf("anonymous: %q", body)
	}
}

// Who asks is known from the argument alone.
func TestContextsHaveNoViewer(t *testing.T) {
	c := newTestCache(&database{})
	var r *http.Request
	m := &Middleware{Timeout: time.Minute, Log: silent, Metrics: NewMetrics("test"), Identify: func(*http.Request) Viewer { return Viewer{ID: "ada"} },
		Next: http.HandlerFunc(func(_ http.ResponseWriter, got *http.Request) { r = got })}
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if ViewerOf(r) != (Viewer{ID: "ada"}) || !ViewerOf(httptest.NewRequest(http.MethodGet, "/", nil)).Anonymous() {
		t.Fatalf("the viewer is %v", ViewerOf(r))
	}
	_, err := c.Get(context.WithoutCancel(r.Context()), "key", Viewer{}, func(ctx context.Context, _ Viewer) (*Response, error) {
		if v := ViewerOf((&http.Request{}).WithContext(ctx)); !v.Anonymous() {
			t.Errorf("a shared response may depend on %v", v)
		}
		return &Response{}, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// What a shared response is made of has no header in it, however deep, and each part of
// it is a part of its key.
func TestRequestsAreTheirKeys(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(reflect.Type, string)
	look = func(typ reflect.Type, path string) {
		if seen[typ] || typ == reflect.TypeFor[context.Context]() {
			return
		}
		seen[typ] = true
		switch typ {
		case reflect.TypeFor[http.Request](), reflect.TypeFor[http.Header](), reflect.TypeFor[Viewer]():
			t.Errorf("%s is a %s", path, typ)
		}
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			look(typ.Elem(), path+"[]")
		case reflect.Struct:
			for f := range typ.Fields() {
				look(f.Type, path+"."+f.Name)
			}
		case reflect.Interface, reflect.Func, reflect.Chan:
			t.Errorf("%s is a %s, which may hold anything", path, typ)
		}
	}
	look(reflect.TypeFor[Request](), "Request")
	keys := map[string]bool{}
	for _, r := range []Request{
		{Path: "/a"}, {Path: "/b"}, {Path: "/a", Base: "https://a.example"}, {Path: "/a", Form: "md"},
		{Path: "/a", Query: url.Values{"q": {"x"}}}, {Path: "/a", Query: url.Values{"q": {""}}},
	} {
		if keys[r.Key()] {
			t.Errorf("%+v has the key of another: %s", r, r.Key())
		}
		keys[r.Key()] = true
	}
}

func TestWildcards(t *testing.T) {
	for pattern, want := range map[string][]string{
		"/": nil, "/{$}": nil, "/papers/{id...}": {"id"}, "GET /a/{b}/c/{d}": {"b", "d"},
	} {
		if got := Wildcards(pattern); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q", pattern, got)
		}
	}
}

// While the database hangs, who asks gets the old response or an error in time.
func TestHungDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &database{}
		c := newTestCache(d)
		got(t, c, "/old", text("old"))
		time.Sleep(2 * time.Minute)
		d.hung.Store(true)

		start := time.Now()
		k, err := c.Get(t.Context(), "/old", Viewer{}, hanging)
		if took := time.Since(start); err != nil || string(k.Body) != "old" || took > 2*time.Second {
			t.Fatalf("%v after %s", err, took)
		}
		w := httptest.NewRecorder()
		k.Write(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Header().Get("Age") != "121" || w.Header().Get("ETag") != Tag([]byte("old")) {
			t.Errorf("header: %v", w.Header())
		}

		start = time.Now()
		if body := got(t, c, "/old", hanging); body != "old" || time.Since(start) > 0 {
			t.Errorf("the next one gets %q after %s", body, time.Since(start))
		}
		start = time.Now()
		_, err = c.Get(t.Context(), "/new", Viewer{}, hanging)
		if took := time.Since(start); StatusOf(err) != http.StatusServiceUnavailable || took > 2*time.Second {
			t.Errorf("nothing is cached: %v after %s", err, took)
		}
		time.Sleep(staleFor)
		if body := got(t, c, "/old", hanging); !strings.HasPrefix(body, "error: ") {
			t.Errorf("too old: %q", body)
		}

		d.hung.Store(false)
		time.Sleep(probeEvery)
		if body := got(t, c, "/old", text("new")); body != "new" {
			t.Errorf("the database is back: %q", body)
		}
	})
}

// The database may fall silent when the version has just been told.
func TestDatabaseHangsWhileRendering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &database{}
		c := newTestCache(d)
		start := time.Now()
		_, err := c.Get(t.Context(), "/", Viewer{}, func(ctx context.Context, v Viewer) (*Response, error) {
			d.hung.Store(true)
			return hanging(ctx, v)
		})
		if took := time.Since(start); StatusOf(err) != http.StatusServiceUnavailable || took > 2*time.Second {
			t.Errorf("%v after %s", err, took)
		}
		d.hung.Store(false)
		time.Sleep(2 * probeEvery)
		if body := got(t, c, "/", text("page")); body != "page" { // it waits for none of those that hang
			t.Errorf("the database is back: %q", body)
		}
		synctest.Wait()
		time.Sleep(renderTime)
	})
}

// What is slow may come, as long as the database is there.
func TestSlowResponses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestCache(&database{})
		body := got(t, c, "/", func(context.Context, Viewer) (*Response, error) {
			time.Sleep(10 * time.Second)
			return &Response{Body: []byte("at last")}, nil
		})
		if body != "at last" {
			t.Error(body)
		}
	})
}

// A database that is down, and an error of the site's own, bring the old response; what
// is a client's own fault does not.
func TestStaleOnErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &database{}
		c := newTestCache(d)
		got(t, c, "/", text("old"))
		d.version.Add(1)
		if body := got(t, c, "/", failing(errors.New("out of ink"))); body != "old" {
			t.Errorf("an error: %q", body)
		}
		if body := got(t, c, "/", failing(paper.ErrNotFound)); !strings.Contains(body, "not found") {
			t.Errorf("it is gone: %q", body)
		}
		if body := got(t, c, "/", failing(catalog.ErrNoSearch)); !strings.HasPrefix(body, "error: ") {
			t.Errorf("search is switched off: %q", body)
		}
		d.down.Store(true)
		if body := got(t, c, "/", text("new")); body != "old" {
			t.Errorf("the database is down: %q", body)
		}
	})
}

func TestTheCacheIsBounded(t *testing.T) {
	c := newTestCache(&database{})
	c.Bytes = 10_000
	for i := range 100 {
		got(t, c, fmt.Sprint(i), text(strings.Repeat("x", 1000)))
		c.look("0", 1) // which keeps it
	}
	if c.size > c.Bytes || c.size != c.recent.Len()*(1500+entryBytes) || len(c.byKey) != c.recent.Len() {
		t.Errorf("size %d with %d pages, limit %d", c.size, c.recent.Len(), c.Bytes)
	}
	if c.look("0", 1) == nil || c.look("50", 1) != nil {
		t.Error("what was asked for last did not stay, or the rest did")
	}
}

// A panic is an error, and whoever goes away takes no response from others.
func TestRenderingMayFail(t *testing.T) {
	c := newTestCache(&database{})
	_, err := c.Get(t.Context(), "key", Viewer{}, func(context.Context, Viewer) (*Response, error) { panic("out of ink") })
	if err == nil || !strings.Contains(err.Error(), "out of ink") || !strings.Contains(err.Error(), "cache_test.go") {
		t.Errorf("%v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	_, err = c.Get(gone, "key", Viewer{}, func(ctx context.Context, _ Viewer) (*Response, error) {
		leave()
		return &Response{Body: []byte("for others")}, ctx.Err()
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("a client who went away: %v", err)
	}
	if body := got(t, c, "key", text("new")); body != "for others" {
		t.Errorf("the next one gets %q", body)
	}
}

func TestStatuses(t *testing.T) {
	for err, want := range map[error]int{
		fmt.Errorf("paper: %w", paper.ErrNotFound):      http.StatusNotFound,
		fmt.Errorf("day: %w", paper.Invalid("day", "")): http.StatusBadRequest,
		paper.ErrConflict:               http.StatusConflict,
		paper.ErrForbidden:              http.StatusForbidden,
		paper.ErrUnavailable:            http.StatusServiceUnavailable,
		context.DeadlineExceeded:        http.StatusServiceUnavailable,
		&http.MaxBytesError{}:           http.StatusRequestEntityTooLarge,
		ErrMethod:                       http.StatusMethodNotAllowed,
		errors.New("something"):         http.StatusInternalServerError,
		fmt.Errorf("own: %w", teapot{}): http.StatusTeapot,
	} {
		if got := StatusOf(err); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
}

type teapot struct{}

func (teapot) Error() string   { return "short and stout" }
func (teapot) HTTPStatus() int { return http.StatusTeapot }

func TestOrigin(t *testing.T) {
	for host, want := range map[string]string{
		"papers.example:8080": "http://papers.example:8080", "[::1]:80": "http://[::1]:80", "": "http://localhost",
		`a"b`: "http://localhost", "a/b": "http://localhost",
	} {
		if got := Origin(&http.Request{Host: host}); got != want {
			t.Errorf("%q: %s, want %s", host, got, want)
		}
	}
	if got := Origin(&http.Request{Host: "a.example", TLS: &tls.ConnectionState{}}); got != "https://a.example" {
		t.Errorf("with TLS: %s", got)
	}
}

// A response that something better will replace is cached until that comes, here and
// nowhere else.
func TestProvisionalResponses(t *testing.T) {
	c := newTestCache(&database{})
	behind := true
	provisional := func(body string) RenderFunc {
		return func(context.Context, Viewer) (*Response, error) {
			a := &Response{Body: []byte(body), MaxAge: time.Minute}
			if behind {
				a.Provisional = func(context.Context) bool { return behind }
			}
			return a, nil
		}
	}
	for _, step := range []struct {
		render, want, control string
		behind                bool
	}{
		{"some papers", "some papers", "no-cache", true},
		{"more papers", "some papers", "no-cache", true},
		{"all papers", "all papers", "public, max-age=60", false},
		{"unasked", "all papers", "public, max-age=60", false},
	} {
		behind = step.behind
		k, err := c.Get(t.Context(), "key", Viewer{}, provisional(step.render))
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		k.Write(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if got := w.Header().Get("Cache-Control"); w.Body.String() != step.want || got != step.control {
			t.Errorf("%q with %q, want %q with %q", w.Body, got, step.want, step.control)
		}
	}
}

func TestChangedResponses(t *testing.T) {
	c := newTestCache(&database{})
	made, changed := 0, false
	render := func(context.Context, Viewer) (*Response, error) {
		made++
		return &Response{Body: fmt.Append(nil, made), Changed: func(context.Context) bool { return changed }}, nil
	}
	for range 3 {
		if body := got(t, c, "key", render); body != "1" {
			t.Errorf("nothing has changed: %s", body)
		}
	}
	changed = true
	if body := got(t, c, "key", render); body != "2" {
		t.Errorf("changed: %s", body)
	}
}

func TestRareResponses(t *testing.T) {
	c := newTestCache(&database{})
	made := 0
	render := func(context.Context, Viewer) (*Response, error) {
		made++
		return &Response{Body: fmt.Append(nil, made), Rare: made == 1}, nil
	}
	for _, want := range []string{"1", "2", "2"} {
		if body := got(t, c, "key", render); body != want {
			t.Errorf("got %s, want %s", body, want)
		}
	}
}

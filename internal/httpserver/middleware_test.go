package httpserver

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// outer returns h behind the outermost handler, and what it logs.
func outer(h http.HandlerFunc, level slog.Level) (http.Handler, *Metrics, *bytes.Buffer) {
	out := &bytes.Buffer{}
	m := NewMetrics("test")
	log := slog.New(WithRequestIDs(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level})))
	return &Middleware{Next: h, Timeout: time.Minute, Log: log, Metrics: m}, m, out
}

func TestRequestIDs(t *testing.T) {
	h, _, _ := outer(func(http.ResponseWriter, *http.Request) {}, slog.LevelInfo)
	for _, tt := range []struct {
		name, given string
		kept        bool
	}{
		{"none", "", false},
		{"a good one", "abc-123_x.y", true},
		{"a line break", "a\nb", false},
		{"a quote", `a"b`, false},
		{"too long", strings.Repeat("a", 65), false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["X-Request-Id"] = []string{tt.given}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Header().Get("X-Request-Id")
		if got == "" || (got == tt.given) != tt.kept {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

func TestPanicsAreAnswered(t *testing.T) {
	h, _, log := outer(func(http.ResponseWriter, *http.Request) { panic(errors.New("broken")) }, slog.LevelInfo)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
	id := w.Header().Get("X-Request-Id")
	if w.Code != 500 || !strings.Contains(w.Body.String(), id) || strings.Contains(w.Body.String(), "broken") {
		t.Errorf("answer: %d %s", w.Code, w.Body)
	}
	for _, want := range []string{"panic", "broken", "middleware_test.go", "request=" + id, "status=500"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

func TestPanicInTheMiddleEndsTheConnection(t *testing.T) {
	h, _, _ := outer(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("half a page", 10_000))
		panic("broken")
	}, slog.LevelError)
	srv := httptest.NewServer(h)
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Error("half a page looks whole")
	}
}

func TestAccessLogLevels(t *testing.T) {
	for _, tt := range []struct {
		level  slog.Level
		status int
		want   bool
	}{
		{slog.LevelInfo, 200, false},
		{slog.LevelDebug, 200, true},
		{slog.LevelInfo, 404, false},
		{slog.LevelInfo, 503, true},
		{slog.LevelError, 503, false},
	} {
		h, _, log := outer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tt.status) }, tt.level)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/papers", nil))
		if got := strings.Contains(log.String(), "path=/papers"); got != tt.want {
			t.Errorf("level %v, status %d: logged is %v", tt.level, tt.status, got)
		}
	}
}

func TestMetrics(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /papers/{id}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") })
	h, m, _ := outer(mux.ServeHTTP, slog.LevelError)
	for _, target := range []string{"/papers/1", "/papers/2", "/nowhere"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("BREW", "/papers/1", nil))
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`broadsheet_http_requests_total{method="GET",route="/papers/{id}",status="200"} 2`,
		`broadsheet_http_requests_total{method="GET",route="other",status="404"} 1`,
		`broadsheet_http_requests_total{method="other",route="other",status="405"} 1`,
		`broadsheet_http_request_seconds_count{route="/papers/{id}"} 2`,
		`broadsheet_build_info{version="test"} 1`,
		"go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s in\n%s", want, w.Body)
		}
	}
}

func BenchmarkMiddleware(b *testing.B) {
	h := &Middleware{
		Next:    http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) }),
		Timeout: time.Minute, Log: slog.New(WithRequestIDs(slog.NewTextHandler(io.Discard, nil))), Metrics: NewMetrics("test"),
	}
	r := httptest.NewRequest("GET", "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

package httpserver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var silent = slog.New(slog.DiscardHandler)

func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Listen(t.Context(), "metrics_listen", l.Addr().String(), 1)
	if err == nil || !strings.Contains(err.Error(), "--metrics-listen HOST:PORT") || !strings.Contains(err.Error(), "taken") {
		t.Errorf("got %v", err)
	}
}

func TestForeignAddress(t *testing.T) {
	_, err := Listen(t.Context(), "listen", "192.0.2.1:8080", 1)
	if err == nil || !strings.Contains(err.Error(), "no address of this machine") {
		t.Errorf("got %v", err)
	}
}

func TestSiteURL(t *testing.T) {
	for _, tt := range []struct{ listen, host string }{
		{"127.0.0.1:0", "http://127.0.0.1:"},
		{":0", "http://127.0.0.1:"},
		{"0.0.0.0:0", "http://127.0.0.1:"},
	} {
		l, err := Listen(t.Context(), "listen", tt.listen, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := URL(l); !strings.HasPrefix(got, tt.host) || strings.HasSuffix(got, ":0") {
			t.Errorf("%s: %s", tt.listen, got)
		}
		l.Close()
	}
}

// TestStopLetsRequestsFinish holds that a request under way when the server is told
// to stop is still answered, and that none is afterwards.
func TestStopLetsRequestsFinish(t *testing.T) {
	began, finish := make(chan bool), make(chan bool)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		began <- true
		<-finish
		_, _ = io.WriteString(w, "whole")
	})
	ctx, stop := context.WithCancel(t.Context())
	l, err := Listen(ctx, "listen", "127.0.0.1:0", 8)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, NewServer(h, time.Minute, silent), l, Grace, func() { close(finish) })
	}()
	answer := make(chan string, 1)
	go func() { answer <- get(URL(l)) }()
	<-began
	stop()
	if got := <-answer; got != "200 whole" {
		t.Errorf("got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := get(URL(l)); !strings.Contains(got, "refused") {
		t.Errorf("after the stop: %s", got)
	}
}

// TestStopCutsOff holds that a request which never ends does not hold up the stop.
func TestStopCutsOff(t *testing.T) {
	began, never := make(chan bool), make(chan bool)
	defer close(never)
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		began <- true
		<-never
	})
	ctx, stop := context.WithCancel(t.Context())
	l, err := Listen(ctx, "listen", "127.0.0.1:0", 8)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, NewServer(h, time.Minute, silent), l, 50*time.Millisecond, func() {})
	}()
	response := make(chan string, 1)
	go func() { response <- get(URL(l)) }()
	<-began
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "after 50ms and were cut off") {
		t.Errorf("the stop says %v", err)
	}
	if got := <-response; !strings.Contains(got, "EOF") && !strings.Contains(got, "reset") {
		t.Errorf("the connection is left open: %s", got)
	}
}

func get(url string) string {
	resp, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return resp.Status[:3] + " " + string(body)
}

func TestReadiness(t *testing.T) {
	fine := func(context.Context) error { return nil }
	broken := func(context.Context) error { return errors.New("password is hunter2") }
	lags := func(context.Context) error { return Condition("index: behind") }
	damaged := func(context.Context) error {
		return errors.Join(Condition("database: damaged"), errors.New("password is hunter2"))
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") })
	words := map[string]string{
		"the index lags": "index: behind", "the database is damaged": "database: damaged", "the database is away": "not ready",
	}
	for _, tt := range []struct {
		name                 string
		site                 *Site
		stopping             bool
		page, healthz, ready int
	}{
		{"starting", nil, false, 503, 503, 503},
		{"open", &Site{page, fine, fine}, false, 200, 200, 200},
		{"something is not listed yet", &Site{page, fine, broken}, false, 200, 503, 200},
		{"the database is away", &Site{page, broken, fine}, false, 200, 503, 503},
		{"the index lags", &Site{page, fine, lags}, false, 200, 503, 200},
		{"the database is damaged", &Site{page, damaged, fine}, false, 200, 503, 503},
		{"stopping", &Site{page, fine, fine}, true, 200, 503, 503},
	} {
		g := &Readiness{Log: silent}
		if tt.site != nil {
			g.Ready(tt.site)
		}
		if tt.stopping {
			g.Stopping()
		}
		for path, want := range map[string]int{"/": tt.page, "/healthz": tt.healthz, "/readyz": tt.ready} {
			w := httptest.NewRecorder()
			g.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			if w.Code != want || strings.Contains(w.Body.String(), "hunter2") {
				t.Errorf("%s: %s answers %d %q, want %d", tt.name, path, w.Code, w.Body, want)
			}
			if said := w.Body.String(); path == "/healthz" && words[tt.name] != "" && said != words[tt.name]+"\n" {
				t.Errorf("%s: it says %q", tt.name, said)
			}
		}
	}
}

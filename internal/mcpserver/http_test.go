package mcpserver

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const listTools = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`

func TestHTTP(t *testing.T) {
	h := newServer(t, Options{BaseURL: "https://papers.example.org/"}).Handler()
	loop := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	wide := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8080}
	for _, c := range []struct {
		about, method, host, origin string
		at                          net.Addr
		status                      int
	}{
		{"a program here", "POST", "127.0.0.1:8080", "", loop, 200},
		{"a page of this machine", "POST", "localhost:8080", "http://localhost:6274", loop, 200},
		{"a page of the site", "POST", "localhost:8080", "https://papers.example.org", loop, 200},
		{"a page elsewhere", "POST", "localhost:8080", "https://evil.example", loop, 403},
		{"a page of nowhere", "POST", "[::1]:8080", "null", loop, 403},
		{"another name for this machine", "POST", "evil.example", "", loop, 403},
		{"behind a proxy", "POST", "papers.example.org", "https://other.example", loop, 200},
		{"from outside", "POST", "203.0.113.5:8080", "https://other.example", wide, 200},
		{"before a script asks", "OPTIONS", "papers.example.org", "https://other.example", wide, 204},
		{"a reader", "GET", "papers.example.org", "", wide, 405},
		{"the end of a session", "DELETE", "papers.example.org", "", wide, 405},
	} {
		r := httptest.NewRequest(c.method, "/mcp", strings.NewReader(listTools))
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, c.at))
		r.Host = c.host
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d: %s", c.about, w.Code, c.status, w.Body)
		}
		if open := w.Header().Get("Access-Control-Allow-Origin") == "*"; open != (c.status != 403) {
			t.Errorf("%s: scripts may read: %v", c.about, open)
		}
		if c.status == 200 && (!strings.Contains(w.Body.String(), "search_papers") || w.Header().Get("Content-Type") != "application/json") {
			t.Errorf("%s: %v %s", c.about, w.Header(), w.Body)
		}
	}
}

// TestHTTPBodies sends what is no request.
func TestHTTPBodies(t *testing.T) {
	web := httptest.NewServer(newServer(t, Options{}).Handler())
	defer web.Close()
	for body, want := range map[string]int{
		"":                                400,
		"{":                               400,
		strings.Repeat(" ", maxRequest+1): 413,
		`{"jsonrpc":"2.0"}`:               400,
		listTools:                         200,
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`:                                   202,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"cite","arguments":[1]}}`:  200,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"cite","arguments":"id"}}`: 200,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":7}`:                                200,
	} {
		r, err := http.NewRequestWithContext(t.Context(), "POST", web.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%.60q: %d, want %d: %s", body, resp.StatusCode, want, answer)
		}
	}
}

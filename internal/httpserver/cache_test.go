package httpserver

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)

func TestOneAnswerIsMadeOnce(t *testing.T) {
	c := NewCache(1 << 20)
	made := 0
	var wg sync.WaitGroup
	started := make(chan bool)
	for range 20 {
		wg.Go(func() {
			_, err := c.Get(t.Context(), "key", 1, noon, func(context.Context) (*Response, error) {
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

func TestTheCacheIsBounded(t *testing.T) {
	c := NewCache(10_000)
	for i := range 100 {
		_, _ = c.Get(t.Context(), fmt.Sprint(i), 1, noon, func(context.Context) (*Response, error) { return &Response{Body: make([]byte, 1000)}, nil })
		c.find("0", 1, noon) // which keeps it
	}
	if c.size > c.limit || c.size != c.recent.Len()*(1500+entryBytes) || len(c.byKey) != c.recent.Len() {
		t.Errorf("size %d with %d pages, limit %d", c.size, c.recent.Len(), c.limit)
	}
	if c.find("0", 1, noon) == nil || c.find("50", 1, noon) != nil {
		t.Error("what was asked for last did not stay, or the rest did")
	}
}

// A panic is an error, and whoever goes away takes no answer from others.
func TestMakersMayFail(t *testing.T) {
	c := NewCache(10_000)
	_, err := c.Get(t.Context(), "key", 1, noon, func(context.Context) (*Response, error) { panic("out of ink") })
	if err == nil || !strings.Contains(err.Error(), "out of ink") || !strings.Contains(err.Error(), "cache_test.go") {
		t.Errorf("%v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := c.Get(gone, "key", 1, noon, func(ctx context.Context) (*Response, error) { return &Response{}, ctx.Err() }); err != nil {
		t.Errorf("a client who went away: %v", err)
	}
}

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

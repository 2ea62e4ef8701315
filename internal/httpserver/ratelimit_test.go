package httpserver

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-chi/httprate"
)

var proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}

// newLimit lets two requests through in each window.
func newLimit(counter httprate.LimitCounter) *RateLimit {
	return NewRateLimit(2, NewClientAddress(proxies), counter, silent)
}

func send(l *RateLimit, from string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, "/api/papers", nil)
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	l.Limit(ok, func(w http.ResponseWriter, _ *http.Request, sentence string) {
		http.Error(w, sentence, http.StatusTooManyRequests)
	}).ServeHTTP(w, r)
	return w.Result()
}

// untilInto waits until 90 seconds of a window have passed.
func untilInto() {
	now := time.Now()
	time.Sleep(now.Truncate(limitWindow).Add(limitWindow + 90*time.Second).Sub(now))
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		untilInto()
		l := newLimit(nil)
		for i, want := range []string{`"api";r=1;t=210`, `"api";r=0;t=210`, `"api";r=0;t=210`} {
			res := send(l, "198.51.100.7:5000")
			if got := res.Header.Get("RateLimit"); got != want {
				t.Errorf("request %d: RateLimit is %s, want %s", i, got, want)
			}
			if got := res.Header.Get("RateLimit-Policy"); got != `"fixed window";"api";q=2;w=300` {
				t.Errorf("request %d: RateLimit-Policy is %s", i, got)
			}
			if i < 2 && res.StatusCode != http.StatusOK || i == 2 && (res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "210") {
				t.Errorf("request %d: %s, Retry-After %q", i, res.Status, res.Header.Get("Retry-After"))
			}
		}
		if res := send(l, "198.51.100.8:5000"); res.StatusCode != http.StatusOK {
			t.Errorf("another address: %s", res.Status)
		}
		time.Sleep(210 * time.Second)
		if res := send(l, "198.51.100.7:5000"); res.StatusCode != http.StatusOK || res.Header.Get("RateLimit") != `"api";r=1;t=300` {
			t.Errorf("in the next window: %s, %s", res.Status, res.Header.Get("RateLimit"))
		}
	})
}

func TestThisMachineIsNotLimited(t *testing.T) {
	l := newLimit(nil)
	for _, from := range []string{"127.0.0.1:5000", "[::1]:5000", "[::ffff:127.0.0.1]:5000"} {
		for range 5 {
			if res := send(l, from); res.StatusCode != http.StatusOK || res.Header.Get("RateLimit") != "" {
				t.Errorf("%s: %s", from, res.Status)
			}
		}
	}
}

func TestNoLimit(t *testing.T) {
	l := NewRateLimit(0, NewClientAddress(nil), nil, silent)
	for range 5 {
		if res := send(l, "198.51.100.7:5000"); res.StatusCode != http.StatusOK || res.Header.Get("RateLimit") != "" {
			t.Error(res.Status)
		}
	}
}

// A counter of several servers that is away limits nobody.
func TestCounterFails(t *testing.T) {
	l := newLimit(awayCounter{})
	for range 5 {
		if res := send(l, "198.51.100.7:5000"); res.StatusCode != http.StatusOK {
			t.Error(res.Status)
		}
	}
}

type awayCounter struct{}

var errAway = errors.New("away")

func (awayCounter) Config(int, time.Duration)                          {}
func (awayCounter) Increment(string, time.Time) error                  { return errAway }
func (awayCounter) IncrementBy(string, time.Time, int) error           { return errAway }
func (awayCounter) Get(string, time.Time, time.Time) (int, int, error) { return 1000, 1000, errAway }

func TestClientBehindProxies(t *testing.T) {
	clients := NewClientAddress(proxies)
	for _, tt := range []struct{ what, from, forwarded, want string }{
		{"no proxy", "198.51.100.7:1", "", "198.51.100.7"},
		{"a stranger's word", "198.51.100.7:1", "203.0.113.9", "198.51.100.7"},
		{"one proxy", "127.0.0.1:1", "203.0.113.9", "203.0.113.9"},
		{"two proxies", "127.0.0.1:1", "203.0.113.9, 10.1.2.3", "203.0.113.9"},
		{"a proxy with IPv6", "[2001:db8:ffff::1]:1", "203.0.113.9", "203.0.113.9"},
		{"a client that lies", "127.0.0.1:1", "192.0.2.1, 203.0.113.9", "203.0.113.9"},
		{"a port", "127.0.0.1:1", "203.0.113.9:4711", "203.0.113.9"},
		{"nonsense", "127.0.0.1:1", "unknown", "127.0.0.1"},
		{"proxies alone", "127.0.0.1:1", "10.1.2.3", "127.0.0.1"},
		{"IPv6", "127.0.0.1:1", "2001:db8::1", "2001:db8::1"},
		{"IPv6 in brackets", "127.0.0.1:1", "[2001:db8::1]:99", "2001:db8::1"},
		{"IPv4 as IPv6", "[::ffff:127.0.0.1]:1", "::ffff:203.0.113.9", "203.0.113.9"},
		{"no address", "@", "203.0.113.9", "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.from
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := clients.Of(r).String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
		}
	}
}

func TestNetworksCountAsOne(t *testing.T) {
	for a, want := range map[string]string{
		"198.51.100.7": "198.51.100.7", "2001:db8:1:2:3::4": "2001:db8:1:2::", "fe80::1%eth0": "fe80::",
	} {
		if got := network(netip.MustParseAddr(a)).String(); got != want {
			t.Errorf("%s counts as %s, want %s", a, got, want)
		}
	}
}

func TestCountsAreBounded(t *testing.T) {
	c, window := &windowCounter{}, time.Unix(0, 0)
	for i := range mostCounted + 10 {
		_ = c.Increment(strconv.Itoa(i), window)
	}
	if n := len(c.counts); n > mostCounted+1 {
		t.Errorf("%d addresses counted", n)
	}
	if used, _, _ := c.Get("late", window, window); used < 10 {
		t.Errorf("a late address has a count of its own: %d", used)
	}
}

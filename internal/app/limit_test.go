package app

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// newLimiter lets two requests through in each window.
func newLimiter(now *time.Time) *limiter {
	return &limiter{
		most:    2,
		proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")},
		now:     func() time.Time { return *now },
	}
}

func send(l *limiter, path, from, forwarded string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = from
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	w := httptest.NewRecorder()
	l.before(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })).ServeHTTP(w, r)
	return w.Result()
}

func TestLimit(t *testing.T) {
	now := time.Date(2026, 5, 27, 12, 1, 30, 0, time.UTC)
	l := newLimiter(&now)
	for i, want := range []string{`"api";r=1;t=210`, `"api";r=0;t=210`, `"api";r=0;t=210`} {
		res := send(l, "/api/papers", "198.51.100.7:5000", "")
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
	if res := send(l, "/api/papers", "198.51.100.8:5000", ""); res.StatusCode != http.StatusOK {
		t.Errorf("another address: %s", res.Status)
	}
	now = now.Add(210 * time.Second)
	if res := send(l, "/api/papers", "198.51.100.7:5000", ""); res.StatusCode != http.StatusOK {
		t.Errorf("in the next window: %s", res.Status)
	}
}

func TestLimitsAreToldInTheFormOfEachAPI(t *testing.T) {
	now := time.Now()
	for path, kind := range map[string]string{
		"/api/daily_papers": "application/json; charset=utf-8",
		"/api/v1/papers":    "application/problem+json",
	} {
		l := newLimiter(&now)
		for range l.most {
			send(l, path, "198.51.100.7:5000", "")
		}
		res := send(l, path, "198.51.100.7:5000", "")
		if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %s, %s", path, res.Status, res.Header.Get("Content-Type"))
		}
		if told := res.Header.Get("X-Error-Message"); (told != "") != !strings.Contains(path, "v1") {
			t.Errorf("%s: X-Error-Message is %q", path, told)
		}
	}
}

func TestThisMachineIsNotLimited(t *testing.T) {
	now := time.Now()
	l := newLimiter(&now)
	for _, from := range []string{"127.0.0.1:5000", "[::1]:5000", "[::ffff:127.0.0.1]:5000"} {
		for range 5 {
			if res := send(l, "/api/papers", from, ""); res.StatusCode != http.StatusOK || res.Header.Get("RateLimit") != "" {
				t.Errorf("%s: %s", from, res.Status)
			}
		}
	}
}

func TestClientBehindProxies(t *testing.T) {
	now := time.Now()
	l := newLimiter(&now)
	for _, tt := range []struct{ what, from, forwarded, want string }{
		{"no proxy", "198.51.100.7:1", "", "198.51.100.7"},
		{"a stranger's word", "198.51.100.7:1", "203.0.113.9", "198.51.100.7"},
		{"one proxy", "127.0.0.1:1", "203.0.113.9", "203.0.113.9"},
		{"two proxies", "127.0.0.1:1", "203.0.113.9, 10.1.2.3", "203.0.113.9"},
		{"a client that lies", "127.0.0.1:1", "192.0.2.1, 203.0.113.9", "203.0.113.9"},
		{"a port", "127.0.0.1:1", "203.0.113.9:4711", "203.0.113.9"},
		{"nonsense", "127.0.0.1:1", "unknown", "127.0.0.1"},
		{"IPv6", "127.0.0.1:1", "2001:db8::1", "2001:db8::1"},
		{"IPv6 in brackets", "127.0.0.1:1", "[2001:db8::1]:99", "2001:db8::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.from
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := clientAddr(r, l.proxies).String(); got != tt.want {
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
	now := time.Now()
	l := newLimiter(&now)
	for i := range mostCounted + 10 {
		l.count(netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if n := len(l.counts); n > mostCounted+1 {
		t.Errorf("%d addresses counted", n)
	}
	if used, _ := l.count(netip.MustParseAddr("203.0.113.200")); used < 10 {
		t.Errorf("a late address has a count of its own: %d", used)
	}
}

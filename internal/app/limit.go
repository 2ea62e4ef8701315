package app

import (
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// limitWindow is the time in which requests are counted; then counting starts anew, for
// all addresses at once.
const limitWindow = 5 * time.Minute

// mostCounted is how many addresses are counted in a window. Those that come later
// share one count: a flood from everywhere costs no more memory than this.
const mostCounted = 200_000

// A limiter stands before what programs ask, and lets each address through so many
// times in a window. The header tells clients where they stand, in the form of the
// public Daily Papers site.
type limiter struct {
	most    int            // requests in a window; 0: any number
	proxies []netip.Prefix // whose X-Forwarded-For is believed
	now     func() time.Time

	mu     sync.Mutex
	window int64 // number of the current one
	counts map[netip.Addr]int
}

// before is next behind the limiter. All that one limiter stands before is counted
// together.
func (l *limiter) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.admit(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// admit reports whether a request may be answered; if not, it has been refused.
func (l *limiter) admit(w http.ResponseWriter, r *http.Request) bool {
	client := clientAddr(r, l.proxies)
	if l.most == 0 || client.IsLoopback() {
		return true
	}
	used, left := l.count(client)
	seconds := int(math.Ceil(left.Seconds()))
	h := w.Header()
	h.Set("RateLimit", fmt.Sprintf(`"api";r=%d;t=%d`, max(0, l.most-used), seconds))
	h.Set("RateLimit-Policy", fmt.Sprintf(`"fixed window";"api";q=%d;w=%d`, l.most, int(limitWindow.Seconds())))
	if used > l.most {
		refuse(w, r, l.most, seconds)
		return false
	}
	return true
}

// count notes a request, and returns how many there were in this window and how long
// it still lasts.
func (l *limiter) count(client netip.Addr) (used int, left time.Duration) {
	now := l.now()
	window := now.UnixNano() / int64(limitWindow)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.window != window {
		l.window, l.counts = window, map[netip.Addr]int{}
	}
	key := network(client)
	if _, known := l.counts[key]; !known && len(l.counts) >= mostCounted {
		key = netip.Addr{}
	}
	l.counts[key]++
	return l.counts[key], time.Duration((window+1)*int64(limitWindow) - now.UnixNano())
}

// network is what is counted as one client: an IPv4 address, or the network of an IPv6
// address, all of which a household or a server has.
func network(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}

// clientAddr is the address that a request comes from: the sender's or, where that is a
// trusted proxy, the last one in X-Forwarded-For that is not. What stands before it
// there is the client's own word, which nobody need believe.
func clientAddr(r *http.Request, proxies []netip.Prefix) netip.Addr {
	client := parseAddr(r.RemoteAddr)
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && trusted(client, proxies); i-- {
		before := parseAddr(strings.TrimSpace(chain[i]))
		if !before.IsValid() {
			break
		}
		client = before
	}
	return client
}

// parseAddr reads an address with or without a port.
func parseAddr(text string) netip.Addr {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

func trusted(a netip.Addr, proxies []netip.Prefix) bool {
	for _, p := range proxies {
		if p.Contains(a.WithZone("")) {
			return true
		}
	}
	return false
}

// refuse tells a client to wait, in the form of errors that it knows.
func refuse(w http.ResponseWriter, r *http.Request, most, seconds int) {
	msg := fmt.Sprintf("Too many requests: %d in five minutes are answered. Please wait %d seconds.", most, seconds)
	h := w.Header()
	h.Set("Retry-After", strconv.Itoa(seconds))
	h.Set("Cache-Control", "no-store")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "RateLimit, RateLimit-Policy, Retry-After, X-Error-Code, X-Error-Message, X-Request-Id")
	var body any = map[string]string{"error": msg}
	h.Set("Content-Type", "application/json; charset=utf-8")
	if ownAPI(r.URL.Path) {
		h.Set("Content-Type", "application/problem+json")
		body = struct {
			Type   string `json:"type"`
			Title  string `json:"title"`
			Status int    `json:"status"`
			Detail string `json:"detail"`
			Code   string `json:"code"`
		}{"about:blank", http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests, msg, "TooManyRequests"}
	} else {
		h.Set("X-Error-Code", "TooManyRequests")
		h.Set("X-Error-Message", msg)
	}
	w.WriteHeader(http.StatusTooManyRequests)
	_ = json.NewEncoder(w).Encode(body) // a client that went away misses nothing
}

package httpserver

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-chi/httprate"
)

// limitWindow is the time in which requests are counted; then counting starts anew, for
// all addresses at once, as the public Daily Papers site does it.
const limitWindow = 5 * time.Minute

// A RateLimit lets each address send so many requests in a window. The headers RateLimit
// and RateLimit-Policy tell clients where they stand, in the form of the public Daily
// Papers site. This machine itself is not limited.
type RateLimit struct {
	most    int
	clients *ClientAddress
	limiter *httprate.RateLimiter
}

// NewRateLimit returns a limit of most requests in a window; 0 is no limit. The counter
// is one of this process where it is nil; servers that share one count together. While
// it fails, nobody is limited.
func NewRateLimit(most int, clients *ClientAddress, counter httprate.LimitCounter, log *slog.Logger) *RateLimit {
	if counter == nil {
		counter = &windowCounter{}
	}
	return &RateLimit{most, clients, httprate.NewRateLimiter(most, limitWindow,
		httprate.WithLimitCounter(lenientCounter{counter, log}), httprate.WithResponseHeaders(httprate.ResponseHeaders{}))}
}

// A RefuseFunc answers a request that is over the limit, in the form of errors that its
// client knows. Retry-After is set already.
type RefuseFunc func(w http.ResponseWriter, r *http.Request, sentence string)

// Limit is next behind the limit. All that one RateLimit stands before is counted together.
func (l *RateLimit) Limit(next http.Handler, refuse RefuseFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := l.clients.Of(r)
		if l.most == 0 || client.IsLoopback() {
			next.ServeHTTP(w, r)
			return
		}
		key := network(client).String()
		over := l.limiter.OnLimit(w, r, key)
		_, used, _ := l.limiter.Status(key) // the counter's errors are nobody's
		now := time.Now()
		seconds := int(math.Ceil(now.Truncate(limitWindow).Add(limitWindow).Sub(now).Seconds()))
		h := w.Header()
		h.Set("RateLimit", fmt.Sprintf(`"api";r=%d;t=%d`, max(0, l.most-int(used)), seconds))
		h.Set("RateLimit-Policy", fmt.Sprintf(`"fixed window";"api";q=%d;w=%d`, l.most, int(limitWindow.Seconds())))
		if over {
			h.Set("Retry-After", strconv.Itoa(seconds))
			h.Set("Cache-Control", "no-store")
			refuse(w, r, fmt.Sprintf("Too many requests: %d in five minutes are answered. Please wait %d seconds.", l.most, seconds))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// mostCounted is how many addresses are counted in a window. Those that come later
// share one count: a flood from everywhere costs no more memory than this.
const mostCounted = 200_000

// A windowCounter counts in this process. It knows the current window alone, which makes
// the limiter's sliding window the fixed one that clients are told of.
type windowCounter struct {
	mu     sync.Mutex
	window time.Time
	counts map[string]int
}

func (c *windowCounter) Config(int, time.Duration) {}

func (c *windowCounter) Increment(key string, window time.Time) error {
	return c.IncrementBy(key, window, 1)
}

func (c *windowCounter) IncrementBy(key string, window time.Time, n int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.window.Equal(window) {
		c.window, c.counts = window, map[string]int{}
	}
	c.counts[c.slot(key)] += n
	return nil
}

func (c *windowCounter) Get(key string, window, _ time.Time) (current, previous int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.window.Equal(window) {
		return 0, 0, nil
	}
	return c.counts[c.slot(key)], 0, nil
}

// slot is what a key is counted under.
func (c *windowCounter) slot(key string) string {
	if _, known := c.counts[key]; !known && len(c.counts) >= mostCounted {
		return ""
	}
	return key
}

// A lenientCounter logs the errors of a counter, and counts nothing then.
type lenientCounter struct {
	httprate.LimitCounter
	log *slog.Logger
}

func (c lenientCounter) IncrementBy(key string, window time.Time, n int) error {
	if err := c.LimitCounter.IncrementBy(key, window, n); err != nil {
		c.log.Warn("a request is not counted", "err", err)
	}
	return nil
}

func (c lenientCounter) Get(key string, window, before time.Time) (current, previous int, err error) {
	current, previous, err = c.LimitCounter.Get(key, window, before)
	if err != nil {
		c.log.Warn("nobody is limited", "err", err)
		return 0, 0, nil
	}
	return current, previous, nil
}

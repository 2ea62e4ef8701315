package httpserver

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/gzip"
)

// A Response is what a front end makes, before it is sent.
type Response struct {
	Status   int               // 0 means 200
	Kind     string            // media type; "" means HTML
	Filename string            // the name to save it under; "" means that it is shown
	Location string            // where to go instead
	Header   map[string]string // what else stands in the header
	Body     []byte
	NoCache  bool          // true at this moment alone: not cached here, and others ask before they use it again
	NoStore  bool          // for one viewer alone: stored nowhere
	Volatile string        // a part of the body that two equal responses may differ in
	Modified time.Time     // when what it tells of last changed; zero where nobody knows
	MaxAge   time.Duration // how long others may use it without asking; 0: they ask each time, with its tag

	// Provisional makes it a response that something better will replace while the version
	// stays the same, such as one made while the search index lags. It reports whether that
	// is still to come, before each use of the cached response; others ask each time. nil: the response is final.
	Provisional func(context.Context) bool

	// Changed reports, before each use of the cached response, whether another one would be
	// made now though the version stays the same. nil: the version says all.
	Changed func(context.Context) bool

	// Rare means that few will ask for it again: it is not cached here, where it would
	// crowd others out. Those who ask for it at one time share it.
	Rare bool
}

// Forever is the MaxAge of what never changes under its address.
const Forever = 365 * 24 * time.Hour

// stable is the body without its volatile part, in two pieces: what the entity tag stands
// for.
func (a *Response) stable() (before, after []byte) {
	at := -1
	if a.Volatile != "" {
		at = bytes.Index(a.Body, []byte(a.Volatile))
	}
	if at < 0 {
		return a.Body, nil
	}
	return a.Body[:at], a.Body[at+len(a.Volatile):]
}

// A RenderFunc makes a response for a viewer.
type RenderFunc func(context.Context, Viewer) (*Response, error)

// renderTime bounds the making of one response.
const renderTime = 15 * time.Second

// Render calls a RenderFunc, for [renderTime] at the most, and makes an error of its
// panic. Whoever asks is known from the Viewer alone, not from the context.
func Render(ctx context.Context, viewer Viewer, render RenderFunc) (a *Response, err error) {
	ctx, cancel := context.WithTimeout(withViewer(ctx, Viewer{}), renderTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return render(ctx, viewer)
}

// A CachedResponse is a response as it is sent, and how long it is true.
type CachedResponse struct {
	*Response
	key     string
	version int64
	made    time.Time
	age     time.Duration // where it is served though it may no longer be true
	etag    string
	size    int
	gzipped *gzipped
}

// Uncached prepares a response for sending.
func Uncached(a *Response) *CachedResponse { return newCached(a, time.Time{}) }

// newCached prepares a for sending. Its weight counts the compressed form in advance,
// which is made when the first reader asks for it.
func newCached(a *Response, made time.Time) *CachedResponse {
	a.Status = cmp.Or(a.Status, http.StatusOK)
	a.Kind = cmp.Or(a.Kind, htmlKind)
	before, after := a.stable()
	writers := gzipWriters
	if a.Rare {
		writers = fastGzipWriters
	}
	return &CachedResponse{
		Response: a, made: made, etag: Tag(before, after), gzipped: &gzipped{writers: writers},
		size: len(a.Body) + len(a.Body)/2 + entryBytes,
	}
}

const htmlKind = "text/html; charset=utf-8"

// Tag is the weak entity tag of a body, given in pieces: packed or not, it says the same.
func Tag(body ...[]byte) string {
	h := xxhash.New()
	for _, piece := range body {
		_, _ = h.Write(piece) // a hash takes everything
	}
	return `W/"` + strconv.FormatUint(h.Sum64(), 36) + `"`
}

// gzipped is a body in gzip, made once.
type gzipped struct {
	writers *sync.Pool
	once    sync.Once
	body    []byte // nil when that is no shorter
}

func (z *gzipped) of(body []byte) []byte {
	z.once.Do(func() {
		var b bytes.Buffer
		zw := z.writers.Get().(*gzip.Writer)
		defer z.writers.Put(zw)
		zw.Reset(&b)
		_, err := zw.Write(body)
		if err == nil && zw.Close() == nil && b.Len() < len(body) {
			z.body = bytes.Clone(b.Bytes())
		}
	})
	return z.body
}

// Writers of gzip, kept as their tables are large. What is sent once is packed in less time:
// it becomes a twentieth longer.
var (
	gzipWriters     = newGzipWriters(3)
	fastGzipWriters = newGzipWriters(gzip.BestSpeed)
)

func newGzipWriters(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		zw, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err) // the levels are constants
		}
		return zw
	}}
}

// Write sends the response, or that nothing has changed.
func (k *CachedResponse) Write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range k.Header {
		h.Set(name, value)
	}
	h.Set("Cache-Control", k.control())
	if k.age > 0 {
		h.Set("Age", strconv.Itoa(int(k.age.Seconds())))
	}
	if k.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryAfter)
	}
	if k.Location != "" {
		http.Redirect(w, r, k.Location, k.Status)
		return
	}
	if k.Status == http.StatusNoContent {
		w.WriteHeader(k.Status)
		return
	}
	h.Set("Content-Type", k.Kind)
	h.Add("Vary", "Accept-Encoding")
	if k.Filename != "" {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", k.Filename))
	}
	if k.Status == http.StatusOK && k.unchanged(h, r) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	k.writeBody(w, r)
}

// unchanged puts tag and time into the header, and reports whether the client has the
// response already. As RFC 9110 has it, a tag goes before a time.
func (k *CachedResponse) unchanged(h http.Header, r *http.Request) bool {
	h.Set("ETag", k.etag)
	if !k.Modified.IsZero() {
		h.Set("Last-Modified", k.Modified.UTC().Format(http.TimeFormat))
	}
	if tags := r.Header.Get("If-None-Match"); tags != "" {
		return matches(tags, k.etag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !k.Modified.IsZero() && !k.Modified.Truncate(time.Second).After(since)
}

// gzipFrom is the size in bytes from which responses are compressed.
const gzipFrom = 1000

func (k *CachedResponse) writeBody(w http.ResponseWriter, r *http.Request) {
	body, h := k.Body, w.Header()
	if len(body) > gzipFrom && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if z := k.gzipped.of(k.Body); z != nil {
			body = z
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(k.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away misses nothing
	}
}

// control is the header Cache-Control: how others may use the response again.
func (k *CachedResponse) control() string {
	switch {
	case k.NoStore:
		return "private, no-store"
	case k.Status == http.StatusMovedPermanently:
		return "public, max-age=3600"
	case k.Status != http.StatusOK:
		return "no-cache"
	case k.NoCache:
		return "private, no-cache"
	case k.MaxAge == 0, k.Provisional != nil:
		return "no-cache"
	}
	control := "public, max-age=" + strconv.Itoa(int(k.MaxAge.Seconds()))
	if k.MaxAge == Forever {
		control += ", immutable"
	}
	return control
}

// matches reports whether an If-None-Match header names the tag.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || one != "" && strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

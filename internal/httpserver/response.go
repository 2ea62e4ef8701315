// Package httpserver is how the faces of the site answer: an [Response] is what is said to a
// request, a [Cache] keeps answers while what they were made of stays the same, and
// [CachedResponse.Write] sends one with its entity tag, packed where the client can unpack it, or
// says that nothing has changed.
//
// Start with [NewCache] and [Cache.Get]; what is not to be kept goes through [Uncached].
// Callers name answers by keys: two requests with one key get the same answer. One
// cache may serve several faces, if their keys differ.
//
// It knows nothing of what is in an answer, and nothing of errors: each face has its
// own words for these.
package httpserver

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// An Response is what is said to a request, before it is sent.
type Response struct {
	Status   int               // 0 means 200
	Kind     string            // media type; "" means HTML
	Filename string            // the name to save it under; "" means that it is shown
	Location string            // where to go instead
	Header   map[string]string // what else stands in the header
	Body     []byte
	NoStore  bool          // made for this client only: neither kept here nor by others
	Volatile string        // a part of the body that two equal answers may differ in
	Modified time.Time     // when what it tells of last changed; zero where nobody knows
	MaxAge   time.Duration // how long others may keep it; 0 means a minute
}

// Forever is the MaxAge of what never changes under its address.
const Forever = 365 * 24 * time.Hour

// stable is the body without what is passing: what the tag of the answer stands for.
func (a *Response) stable() []byte {
	if a.Volatile == "" {
		return a.Body
	}
	return bytes.Replace(a.Body, []byte(a.Volatile), nil, 1)
}

// A RenderFunc makes an answer.
type RenderFunc func(context.Context) (*Response, error)

// renderTime bounds the making of one answer.
const renderTime = 15 * time.Second

// Render calls a RenderFunc, for [renderTime] at the most, and makes an error of its panic.
func Render(ctx context.Context, makeIt RenderFunc) (a *Response, err error) {
	ctx, cancel := context.WithTimeout(ctx, renderTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return makeIt(ctx)
}

// CachedResponse is an answer as it is sent, and what it was true for.
type CachedResponse struct {
	*Response
	key     string
	version int64
	until   time.Time
	etag    string
	size    int

	squeeze sync.Once
	gzipped []byte // nil when that is no shorter
}

// Uncached prepares an answer for sending.
func Uncached(a *Response) *CachedResponse { return newCached(a, 0, time.Time{}) }

// newCached prepares a for sending. Its weight counts the packed form in advance,
// which is made when the first reader asks for it.
func newCached(a *Response, version int64, until time.Time) *CachedResponse {
	a.Status = cmp.Or(a.Status, http.StatusOK)
	a.Kind = cmp.Or(a.Kind, "text/html; charset=utf-8")
	return &CachedResponse{
		Response: a, version: version, until: until, etag: Tag(a.stable()),
		size: len(a.Body) + len(a.Body)/2 + entryBytes,
	}
}

// Tag is the weak entity tag of a body: packed or not, it says the same.
func Tag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// gzip is the body in gzip, nil when that is no shorter.
func (k *CachedResponse) gzip() []byte {
	k.squeeze.Do(func() {
		var b bytes.Buffer
		zw := gzipWriters.Get().(*gzip.Writer)
		defer gzipWriters.Put(zw)
		zw.Reset(&b)
		_, err := zw.Write(k.Body)
		if err == nil && zw.Close() == nil && b.Len() < len(k.Body) {
			k.gzipped = bytes.Clone(b.Bytes())
		}
	})
	return k.gzipped
}

// gzipWriters saves the tables of the compressor, which are large.
var gzipWriters = sync.Pool{New: func() any {
	zw, err := gzip.NewWriterLevel(nil, 3)
	if err != nil {
		panic(err) // the level is a constant
	}
	return zw
}}

// Write sends the answer, or that nothing has changed.
func (k *CachedResponse) Write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range k.Header {
		h.Set(name, value)
	}
	h.Set("Cache-Control", k.control())
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
// answer already. As RFC 9110 has it, a tag goes before a time.
func (k *CachedResponse) unchanged(h http.Header, r *http.Request) bool {
	h.Set("ETag", k.etag)
	if !k.Modified.IsZero() {
		h.Set("Last-Modified", k.Modified.UTC().Format(http.TimeFormat))
	}
	if tags := r.Header.Get("If-None-Match"); tags != "" {
		return Matches(tags, k.etag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !k.Modified.IsZero() && !k.Modified.Truncate(time.Second).After(since)
}

// gzipFrom is the size in bytes from which answers are packed.
const gzipFrom = 1000

func (k *CachedResponse) writeBody(w http.ResponseWriter, r *http.Request) {
	body, h := k.Body, w.Header()
	if len(body) > gzipFrom && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if z := k.gzip(); z != nil {
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

// control says how long others may keep the answer.
func (k *CachedResponse) control() string {
	switch {
	case k.Status == http.StatusMovedPermanently:
		return "public, max-age=3600"
	case k.Status != http.StatusOK:
		return "no-cache"
	case k.NoStore:
		return "private, no-cache"
	}
	control := "public, max-age=" + strconv.Itoa(int(cmp.Or(k.MaxAge, time.Minute).Seconds()))
	if k.MaxAge == Forever {
		control += ", immutable"
	}
	return control
}

// Matches reports whether an If-None-Match header names the tag.
func Matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || one != "" && strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// acceptsGzip reads an Accept-Encoding header.
func acceptsGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(one), ";")
		if name = strings.TrimSpace(name); name == "gzip" || name == "*" {
			q = strings.TrimSpace(strings.ReplaceAll(q, " ", ""))
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

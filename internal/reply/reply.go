// Package reply is how the faces of the site answer: an [Answer] is what is said to a
// request, a [Cache] keeps answers while what they were made of stays the same, and
// [Kept.Write] sends one with its entity tag, packed where the client can unpack it, or
// says that nothing has changed.
//
// Start with [NewCache] and [Cache.Get]; what is not to be kept goes through [New].
// Callers name answers by keys: two requests with one key get the same answer. One
// cache may serve several faces, if their keys differ.
//
// It knows nothing of what is in an answer, and nothing of errors: each face has its
// own words for these.
package reply

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

// An Answer is what is said to a request, before it is sent.
type Answer struct {
	Status   int               // 0 means 200
	Kind     string            // media type; "" means HTML
	Filename string            // the name to save it under; "" means that it is shown
	Location string            // where to go instead
	Header   map[string]string // what else stands in the header
	Body     []byte
	Fresh    bool          // made for this client only: neither kept here nor by others
	Passing  string        // a part of the body that two equal answers may differ in
	Modified time.Time     // when what it tells of last changed; zero where nobody knows
	MaxAge   time.Duration // how long others may keep it; 0 means a minute
}

// Forever is the MaxAge of what never changes under its address.
const Forever = 365 * 24 * time.Hour

// lasting is the body without what is passing: what the tag of the answer stands for.
func (a *Answer) lasting() []byte {
	if a.Passing == "" {
		return a.Body
	}
	return bytes.Replace(a.Body, []byte(a.Passing), nil, 1)
}

// A Maker makes an answer.
type Maker func(context.Context) (*Answer, error)

// makeTime bounds the making of one answer.
const makeTime = 15 * time.Second

// Make calls a Maker, for [makeTime] at the most, and makes an error of its panic.
func Make(ctx context.Context, makeIt Maker) (a *Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, makeTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return makeIt(ctx)
}

// Kept is an answer as it is sent, and what it was true for.
type Kept struct {
	*Answer
	key     string
	version int64
	until   time.Time
	etag    string
	size    int

	squeeze sync.Once
	gzipped []byte // nil when that is no shorter
}

// New prepares an answer for sending.
func New(a *Answer) *Kept { return newKept(a, 0, time.Time{}) }

// newKept prepares a for sending. Its weight counts the packed form in advance,
// which is made when the first reader asks for it.
func newKept(a *Answer, version int64, until time.Time) *Kept {
	a.Status = cmp.Or(a.Status, http.StatusOK)
	a.Kind = cmp.Or(a.Kind, "text/html; charset=utf-8")
	return &Kept{
		Answer: a, version: version, until: until, etag: Tag(a.lasting()),
		size: len(a.Body) + len(a.Body)/2 + entryBytes,
	}
}

// Tag is the weak entity tag of a body: packed or not, it says the same.
func Tag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// packed is the body in gzip, nil when that is no shorter.
func (k *Kept) packed() []byte {
	k.squeeze.Do(func() {
		var b bytes.Buffer
		zw := packers.Get().(*gzip.Writer)
		defer packers.Put(zw)
		zw.Reset(&b)
		_, err := zw.Write(k.Body)
		if err == nil && zw.Close() == nil && b.Len() < len(k.Body) {
			k.gzipped = bytes.Clone(b.Bytes())
		}
	})
	return k.gzipped
}

// packers saves the tables of the compressor, which are large.
var packers = sync.Pool{New: func() any {
	zw, err := gzip.NewWriterLevel(nil, 3)
	if err != nil {
		panic(err) // the level is a constant
	}
	return zw
}}

// Write sends the answer, or that nothing has changed.
func (k *Kept) Write(w http.ResponseWriter, r *http.Request) {
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
func (k *Kept) unchanged(h http.Header, r *http.Request) bool {
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

// packFrom is the size in bytes from which answers are packed.
const packFrom = 1000

func (k *Kept) writeBody(w http.ResponseWriter, r *http.Request) {
	body, h := k.Body, w.Header()
	if len(body) > packFrom && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if z := k.packed(); z != nil {
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
func (k *Kept) control() string {
	switch {
	case k.Status == http.StatusMovedPermanently:
		return "public, max-age=3600"
	case k.Status != http.StatusOK:
		return "no-cache"
	case k.Fresh:
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

package web

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/singleflight"
)

const (
	cacheBytes = 16 << 20         // the most that kept pages weigh together
	keptFor    = 60 * time.Second // how long a page is kept while nothing changes: it may speak of the time
	entryBytes = 512              // what a kept page weighs beside its text, roughly
)

// A cache keeps answers while the catalogue's version stays the same, the least
// recently asked for falling out first. It is safe for concurrent use.
type cache struct {
	limit  int
	flight singleflight.Group

	mu     sync.Mutex
	size   int
	recent *list.List               // of *kept, the most recently asked for first
	byKey  map[string]*list.Element // into recent
}

// kept is an answer as it is sent, and what it was true for.
type kept struct {
	*answer
	key     string
	version int64
	until   time.Time
	etag    string
	size    int

	squeeze sync.Once
	gzipped []byte // nil when that is no shorter
}

func newCache(limit int) *cache {
	return &cache{limit: limit, recent: list.New(), byKey: map[string]*list.Element{}}
}

// get is the answer kept under key if it is still true, else what makeIt returns.
// However many ask for one key at a time, makeIt is called once.
func (c *cache) get(key string, version int64, now time.Time, makeIt func() (*answer, error)) (*kept, error) {
	if k := c.find(key, version, now); k != nil {
		return k, nil
	}
	v, err, _ := c.flight.Do(key+" "+strconv.FormatInt(version, 10), func() (any, error) {
		if k := c.find(key, version, now); k != nil { // made while this one came here
			return k, nil
		}
		a, err := makeIt()
		if err != nil {
			return nil, err
		}
		k := newKept(a, version, now.Add(keptFor))
		if k.key = key; !a.fresh {
			c.put(k)
		}
		return k, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*kept), nil
}

func (c *cache) find(key string, version int64, now time.Time) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	k := e.Value.(*kept)
	if k.version != version || !now.Before(k.until) {
		c.drop(e)
		return nil
	}
	c.recent.MoveToFront(e)
	return k
}

func (c *cache) put(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.byKey[k.key]; old != nil {
		c.drop(old)
	}
	c.byKey[k.key] = c.recent.PushFront(k)
	c.size += k.size
	for c.size > c.limit {
		c.drop(c.recent.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	k := c.recent.Remove(e).(*kept)
	delete(c.byKey, k.key)
	c.size -= k.size
}

// newKept prepares a for sending. Its weight counts the packed form in advance,
// which is made when the first reader asks for it.
func newKept(a *answer, version int64, until time.Time) *kept {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.kind == "" {
		a.kind = "text/html; charset=utf-8"
	}
	sum := sha256.Sum256(a.lasting())
	return &kept{
		answer: a, version: version, until: until,
		etag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		size: len(a.body) + len(a.body)/2 + entryBytes,
	}
}

// packed is the body in gzip, nil when that is no shorter.
func (k *kept) packed() []byte {
	k.squeeze.Do(func() {
		var b bytes.Buffer
		zw := packers.Get().(*gzip.Writer)
		defer packers.Put(zw)
		zw.Reset(&b)
		_, err := zw.Write(k.body)
		if err == nil && zw.Close() == nil && b.Len() < len(k.body) {
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

// write sends the answer, or that nothing has changed.
func (k *kept) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", k.control())
	if k.location != "" {
		http.Redirect(w, r, k.location, k.status)
		return
	}
	h.Set("Content-Type", k.kind)
	h.Set("Vary", "Accept-Encoding")
	if k.filename != "" {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", k.filename))
	}
	if k.status == http.StatusOK {
		h.Set("ETag", k.etag)
		if matches(r.Header.Get("If-None-Match"), k.etag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	k.writeBody(w, r)
}

func (k *kept) writeBody(w http.ResponseWriter, r *http.Request) {
	body, h := k.body, w.Header()
	if len(body) > 1000 && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if z := k.packed(); z != nil {
			body = z
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(k.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who went away misses nothing
	}
}

// control says how long others may keep the answer.
func (k *kept) control() string {
	switch {
	case k.status == http.StatusMovedPermanently:
		return "public, max-age=3600"
	case k.status != http.StatusOK:
		return "no-cache"
	case k.fresh:
		return "private, no-cache"
	}
	return "public, max-age=60"
}

// matches reports whether an If-None-Match header names the tag.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
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

package api

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// answer is a response before it is sent.
type answer struct {
	status int    // 0 means 200
	kind   string // media type; "" means JSON
	body   []byte
	header map[string]string // besides those that every answer has
}

// freshFor is how long others may keep an answer: papers come at any time, but what a
// page of many readers asks again and again need not be searched again.
const freshFor = "public, max-age=10"

// encode is v as compact JSON, with "<", ">" and "&" as they are: nobody puts these
// answers into HTML unseen, as they say of what type they are and forbid to sniff.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// found is an answer with v as its JSON.
func found(v any) (*answer, error) {
	body, err := encode(v)
	return &answer{body: body}, err
}

// open adds the headers that every answer has, those that let scripts of other sites
// read it among them.
func open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Error-Code, X-Error-Message, X-Request-Id")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", methods)
			h.Set("Access-Control-Allow-Headers", "*, Authorization") // the star does not stand for this one
			h.Set("Access-Control-Max-Age", "86400")
		}
		next.ServeHTTP(w, r)
	})
}

// write sends the answer, or that nothing has changed.
func (a *answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for k, v := range a.header {
		h.Set(k, v)
	}
	if a.status == http.StatusNoContent {
		h.Set("Allow", methods)
		w.WriteHeader(a.status)
		return
	}
	h.Set("Content-Type", cmp.Or(a.kind, "application/json; charset=utf-8"))
	h.Set("Cache-Control", "no-store")
	if a.status == 0 {
		h.Set("Cache-Control", freshFor)
		h.Set("ETag", tag(a.body))
		if matches(r.Header.Get("If-None-Match"), tag(a.body)) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(cmp.Or(a.status, http.StatusOK))
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body) // a client that went away misses nothing
	}
}

// tag is the weak entity tag of a body: packed or not, it says the same.
func tag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
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

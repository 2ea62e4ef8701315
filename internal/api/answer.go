package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"broadsheet/internal/httpserver"
)

// jsonKind is the media type of every answer.
const jsonKind = "application/json; charset=utf-8"

// maxAge is how long others may use a response without asking: papers come at any time,
// but what many clients ask again and again need not travel again.
const maxAge = 10 * time.Second

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

// found is an answer with v as its JSON. It names the page that follows, unless next is "".
func found(v any, next string) (*httpserver.Response, error) {
	body, err := encode(v)
	a := &httpserver.Response{Body: body}
	if next != "" {
		a.Header = map[string]string{"Link": "<" + next + `>; rel="next"`}
	}
	return a, err
}

// address is an absolute one, with parameters in the order of their names.
func address(base, path string, query url.Values) string { return base + path + "?" + query.Encode() }

// methods are what every address takes.
const methods = "GET, HEAD, OPTIONS"

// open adds the headers that every answer has, those that let scripts of other sites
// read it among them.
func open(h http.Header, r *http.Request) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Error-Code, X-Error-Message, X-Request-Id, "+indexHeader)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", methods)
		h.Set("Access-Control-Allow-Headers", "*, Authorization") // the star does not stand for this one
		h.Set("Access-Control-Max-Age", "86400")
	}
}

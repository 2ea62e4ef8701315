package api

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSuggest(t *testing.T) {
	s := newShelf()
	resp := ask(t, newHandler(t, s), "GET", "/api/v1/suggest?q=kite+")
	const want = `{"suggestions":[` +
		`{"kind":"term","text":"sparse & dense","url":"/papers?q=sparse+%26+dense"},` +
		`{"kind":"title","text":"Kites at night","id":"hep-th/9901001","url":"/papers/hep-th/9901001"},` +
		`{"kind":"author","text":"Zoë Example","id":"zoe-example","url":"/authors/zoe-example"},` +
		`{"kind":"organization","text":"The Kite Lab","id":"kite-lab","url":"/kite-lab/papers"},` +
		`{"kind":"category","text":"Computation and Language","id":"cs.CL","url":"/papers?q=cat%3Acs.CL"}]}`
	if got := read(t, resp); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.prefix != "kite " || s.limit != usualSuggestions {
		t.Errorf("asked for %q, %d", s.prefix, s.limit)
	}
	if got := resp.Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("Access-Control-Allow-Origin is %q", got)
	}
	if got := read(t, ask(t, newHandler(t, s), "GET", "/api/v1/suggest?q=k&limit=1")); strings.Count(got, "kind") != 1 {
		t.Errorf("limit=1: got %s", got)
	}
}

func TestProblems(t *testing.T) {
	type details struct {
		Type, Title, Detail, Code, Parameter string
		Status                               int
	}
	for _, tt := range []struct {
		method, target string
		want           details
	}{
		{"GET", "/api/v1/suggest", details{"about:blank", "Bad Request", "q is missing", "InvalidParameter", "q", 400}},
		{"GET", "/api/v1/suggest?q=" + strings.Repeat("x", 251), details{"about:blank", "Bad Request", "250", "InvalidParameter", "q", 400}},
		{"GET", "/api/v1/suggest?q=a&limit=21", details{"about:blank", "Bad Request", "1 to 20", "InvalidParameter", "limit", 400}},
		{"GET", "/api/v1/suggest?q=a&limit=0", details{"about:blank", "Bad Request", "1 to 20", "InvalidParameter", "limit", 400}},
		{"GET", "/api/v1/unheard", details{"about:blank", "Not Found", "nothing", "NotFound", "", 404}},
		{"GET", "/api/v1", details{"about:blank", "Not Found", "nothing", "NotFound", "", 404}},
		{"POST", "/api/v1/suggest?q=a", details{"about:blank", "Method Not Allowed", "use GET", "MethodNotAllowed", "", 405}},
	} {
		resp := ask(t, newHandler(t, newShelf()), tt.method, tt.target)
		var got details
		if err := json.Unmarshal([]byte(read(t, resp)), &got); err != nil {
			t.Errorf("%s %.50s: %v", tt.method, tt.target, err)
			continue
		}
		if !strings.Contains(got.Detail, tt.want.Detail) {
			t.Errorf("%s %.50s: the detail is %q", tt.method, tt.target, got.Detail)
		}
		got.Detail = tt.want.Detail
		if got != tt.want || resp.StatusCode != tt.want.Status || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %.50s: got %s %v %+v", tt.method, tt.target, resp.Status, resp.Header, got)
		}
	}
}

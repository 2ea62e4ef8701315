package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

func TestSearch(t *testing.T) {
	s := newShelf()
	for _, id := range []paper.ID{"2605.10000", "2605.00001"} {
		s.entries = append(s.entries, catalog.Entry{Paper: paper.Paper{ID: id, Title: "Strings", Published: id.Month()}})
	}
	for _, tt := range []struct{ query, want string }{
		{"q=kites", "hep-th/9901001 2605.12345"},
		{"q=kites&limit=1", "hep-th/9901001"},
		{"q=kites" + strings.Repeat("+x", 5000), "2605.12345 hep-th/9901001"}, // the first 250 characters count
		{"q=kites&limit=1&limit=x&other=1", "hep-th/9901001"},
		{"q=hep-th/9901001", "hep-th/9901001"},
		{"q=2605.12345&limit=120", "2605.12345"},
		{"q=2605.1", "2605.10000 2605.00001"}, // as an identifier that has lost its zeros
		{"q=2605.1&limit=1", "2605.10000"},
		{"q=2605.99999", ""},
		{"q=kites;fly", "2605.12345 hep-th/9901001"},
		{"q=%ff%00%0a", ""},                        // has no words
		{"q=" + strings.Repeat("%C3%BC", 250), ""}, // no word of any paper, and none is near in meaning
	} {
		if got := strings.Join(ids(t, get(t, s, "/api/papers/search?"+tt.query)), " "); got != tt.want {
			t.Errorf("%.40s: got %s, want %s", tt.query, got, tt.want)
		}
	}
}

// A text is handed on as it came, and a search gives twenty papers if nobody says how many.
func TestQuestion(t *testing.T) {
	s := long(60)
	s.entries[7].Paper.Categories = []string{"cs.CL"}
	if got := ids(t, get(t, s, "/api/papers/search?q=+cat:cs.CL+kite%20")); len(got) != 1 || got[0] != "2605.00007" {
		t.Errorf("in a category: %v", got)
	}
	if got := ids(t, get(t, s, "/api/papers/search?q=kite")); len(got) != usualHits {
		t.Errorf("%d papers", len(got))
	}
}

func TestPaper(t *testing.T) {
	for _, tt := range []struct {
		path   string
		status int
		starts string
	}{
		{"/api/papers/2605.12345", 200, `{"id":"2605.12345",`},
		{"/api/papers/2605.12345v2", 200, `{"id":"2605.12345",`},
		{"/api/papers/arXiv:2605.12345", 200, `{"id":"2605.12345",`},
		{"/api/papers/hep-th/9901001", 200, `{"id":"hep-th/9901001",`},
		{"/api/papers/hep-th/9901001v1", 200, `{"id":"hep-th/9901001",`},
		{"/api/papers/2605.12346", 404, `{"error":"There is no paper 2605.12346 here."}`},
		{"/api/papers/2605.123456", 404, `{"error":`},
		{"/api/papers/2605.12345/", 404, `{"error":`},
		{"/api/papers/2605.12345/links", 404, `{"error":`},
		{"/api/papers/foo", 404, `{"error":`},
		{"/api/papers/index", 404, `{"error":`},
		{"/api/papers/", 404, `{"error":`},
		{"/api/papers/10.1145/3292500", 404, `{"error":`},
		{"/api/papers/2605.12345?field=comments", 200, `{"id":"2605.12345",`},
		{"/api/papers/2605.12346?field=comments", 404, `{"error":`},
		{"/api/papers/2605.12345?field=", 200, `{"id":"2605.12345",`},
		{"/api/papers/2605.12345?field=title", 400, `{"error":"The parameter field`},
		{"/api/arxiv/2605.12345/repos", 200, `{"models":[],"datasets":[],"spaces":[]}`},
		{"/api/arxiv/hep-th/9901001/repos", 200, `{"models":[],"datasets":[],"spaces":[]}`},
		{"/api/arxiv/2605.12346/repos", 404, `{"error":`},
		{"/api/arxiv/foo/repos", 404, `{"error":`},
		{"/api/arxiv/2605.12345", 404, `{"error":`},
		{"/api/models?filter=arxiv:2605.12345", 200, `[]`},
		{"/api/datasets?filter=arxiv:2605.12345", 200, `[]`},
		{"/api/spaces?filter=arxiv:2605.12345&limit=x", 200, `[]`},
		{"/api/models", 200, `[]`},
		{"/api/models/some/model", 404, `{"error":`},
		{"/api/collections?paper=2605.12345", 200, `[]`},
		{"/api/agent-harnesses", 200, `{"standardEnvVars":[],"harnesses":{}}`},
		{"/api/whoami-v2", 401, `{"error":`},
		{"/api/papers?cursor=", 200, `[{"id":"2605.12345",`},
		{"/api/papers?cursor=x", 400, `{"error":"The parameter cursor`},
		{"/api/papers?cursor=eA", 400, `{"error":"The parameter cursor`},
		{"/api/papers?cursor=%00", 400, `{"error":"The parameter cursor`},
		{"/api/papers?limit=101", 400, `{"error":"The parameter limit`},
	} {
		resp := ask(t, newHandler(t, newShelf()), "GET", tt.path, "Authorization", "Bearer hf_of_elsewhere")
		if body := read(t, resp); resp.StatusCode != tt.status || !strings.HasPrefix(body, tt.starts) {
			t.Errorf("%s: got %s %.100s", tt.path, resp.Status, body)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		method, target string
		status         int
		code, says     string
	}{
		{"GET", "/api/papers/search", 400, "InvalidParameter", "q is missing"},
		{"GET", "/api/papers/search?q=%20", 400, "InvalidParameter", "q is missing"},
		{"GET", "/api/papers/search?q=a&limit=0", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=121", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=1e1", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=99999999999999999999", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=100%", 400, "InvalidParameter", "damaged"},
		{"GET", "/api/daily_papers?date=2025-13-40", 400, "InvalidParameter", "date"},
		{"GET", "/api/whoami-v2", 401, "Unauthorized", "no accounts"},
		{"GET", "/api/papers/search/", 404, "NotFound", "nothing at this address"},
		{"GET", "/api/unheard", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/unheard", 404, "NotFound", "nothing at this address"},
		{"OPTIONS", "/api/unheard", 404, "NotFound", "nothing at this address"},
		{"GET", "/api//daily_papers", 404, "NotFound", "nothing at this address"},
		{"GET", "/api/../api/daily_papers", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/index", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/submit", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/2605.12345/links", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/2605.12345/comment", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/2605.12345/comment/1/reply", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/2605.12345/upvote", 404, "NotFound", "nothing at this address"},
		{"DELETE", "/api/papers/2605.12345/upvote", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/settings/papers/claim", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/search?q=a", 405, "MethodNotAllowed", "use GET"},
		{"DELETE", "/api/papers/2605.12345", 405, "MethodNotAllowed", "use GET"},
		{"PUT", "/api/daily_papers", 405, "MethodNotAllowed", "use GET"},
		{"POST", "/api/whoami-v2", 405, "MethodNotAllowed", "use GET"},
	} {
		resp := ask(t, newHandler(t, newShelf()), tt.method, tt.target)
		var body map[string]string
		if err := json.Unmarshal([]byte(read(t, resp)), &body); err != nil {
			t.Errorf("%s %.50s: %v", tt.method, tt.target, err)
			continue
		}
		h := resp.Header
		if resp.StatusCode != tt.status || h.Get("X-Error-Code") != tt.code || h.Get("X-Error-Message") != body["error"] ||
			!strings.Contains(body["error"], tt.says) || len(body) != 1 || h.Get("Content-Type") != jsonKind {
			t.Errorf("%s %.50s: got %s %v %v", tt.method, tt.target, resp.Status, h, body)
		}
		if allow := h.Get("Allow"); (allow == methods) != (tt.status == 405) {
			t.Errorf("%s %.50s: Allow is %q", tt.method, tt.target, allow)
		}
	}
}

// failed checks the answer to a request that could not be answered.
func failed(t *testing.T, name string, resp *http.Response, status int) {
	t.Helper()
	body := read(t, resp)
	if resp.StatusCode != status || strings.Contains(body, "fire") || strings.Contains(body, "sql") || !json.Valid([]byte(body)) {
		t.Errorf("%s: got %s %s", name, resp.Status, body)
	}
	if m := resp.Header.Get("X-Error-Message"); m == "" || strings.ContainsFunc(m, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("%s: X-Error-Message is %q", name, m)
	}
	if busy := resp.Header.Get("Retry-After") != ""; busy != (status == 503) {
		t.Errorf("%s: Retry-After is %v", name, busy)
	}
}

func TestFailures(t *testing.T) {
	s := newShelf()
	h := newHandler(t, s)
	for _, tt := range []struct {
		err    error
		status int
	}{
		{fmt.Errorf("search: %w", catalog.ErrNoSearch), 503},
		{fmt.Errorf("search: %w", context.DeadlineExceeded), 503},
		{paper.Invalid("after", "line\none – two"), 400},
		{fmt.Errorf("search: %w", paper.ErrNotFound), 404},
		{errors.New("the disk is on fire"), 500},
	} {
		s.Engine.Fail(tt.err)
		failed(t, tt.err.Error(), ask(t, h, "GET", "/api/papers/search?q=kites"), tt.status)
	}
	s.WithoutSearch()
	failed(t, "no engine", ask(t, h, "GET", "/api/papers/search?q=kites"), 503)
}

// readers are addresses that read the database.
var readers = []string{"/api/papers/search?q=kites", "/api/daily_papers", "/api/papers", "/api/papers/2605.12345", "/api/arxiv/2605.12345/repos"}

func TestBrokenDatabase(t *testing.T) {
	s := newShelf()
	h := newHandler(t, s)
	s.Break(t)
	for _, path := range readers {
		failed(t, path, ask(t, h, "GET", path), 500)
	}
}

// Who stops waiting gets no answer, and nobody else suffers.
func TestOutOfTime(t *testing.T) {
	h := newHandler(t, newShelf())
	for _, path := range readers {
		r := httptest.NewRequest("GET", path, nil)
		ctx, cancel := context.WithTimeout(r.Context(), 0)
		defer cancel()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(ctx))
		failed(t, path, w.Result(), 503)
		if resp := ask(t, h, "GET", path); resp.StatusCode != 200 {
			t.Errorf("%s: then %s", path, resp.Status)
		}
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	s := newShelf()
	h := newHandler(t, s)
	s.Engine.Answer(func(search.Request, *search.Result) { panic("oh") })
	failed(t, "panic", ask(t, h, "GET", "/api/papers/search?q=kites"), 500)
}

func TestHeaders(t *testing.T) {
	h := newHandler(t, newShelf())
	for _, target := range []string{"/api/papers/search?q=kites", "/api/daily_papers", "/api/papers/2605.12345"} {
		resp := ask(t, h, "GET", target, "Origin", "https://elsewhere.example")
		body := read(t, resp)
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=10",
			"Content-Length": fmt.Sprint(len(body)),
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if !strings.Contains(resp.Header.Get("Access-Control-Expose-Headers"), "X-Error-Message") {
			t.Error("scripts cannot read X-Error-Message")
		}
		again := ask(t, h, "GET", target, "If-None-Match", `"x", `+resp.Header.Get("ETag"))
		if got := read(t, again); again.StatusCode != 304 || got != "" {
			t.Errorf("If-None-Match: got %s and %d bytes", again.Status, len(got))
		}
		head := ask(t, h, "HEAD", target)
		if got := read(t, head); head.StatusCode != 200 || got != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(body)) {
			t.Errorf("HEAD: got %s, %v and %d bytes", head.Status, head.Header, len(got))
		}
		packed := ask(t, h, "GET", target, "Accept-Encoding", "gzip")
		if got := read(t, packed); packed.Header.Get("Content-Encoding") != "gzip" || len(got) >= len(body) {
			t.Errorf("packed: got %v and %d bytes", packed.Header, len(got))
		}
		pre := ask(t, h, "OPTIONS", target, "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET")
		if pre.StatusCode != 204 || pre.Header.Get("Access-Control-Allow-Methods") != methods || pre.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("preflight: got %s %v", pre.Status, pre.Header)
		}
	}
}

func TestBase(t *testing.T) {
	s := newShelf()
	s.entries[0].Submission.By.Avatar = ""
	s.fill(t)
	routes, err := New(Options{Catalog: s.Catalog})
	if err != nil {
		t.Fatal(err)
	}
	h := httpserver.NewRouter(routes...)
	server := httptest.NewTLSServer(h)
	defer server.Close()
	if body := read(t, ask(t, h, "GET", "/api/daily_papers")); !strings.Contains(body, `"avatarUrl":"http://example.com/favicon.ico"`) {
		t.Errorf("not example.com: %s", body)
	}
	resp, err := server.Client().Get(server.URL + "/api/daily_papers")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body := read(t, resp); !strings.Contains(body, `"avatarUrl":"`+server.URL+`/favicon.ico"`) {
		t.Errorf("not %s: %s", server.URL, body)
	}
}

func TestNew(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("no error without a catalog")
	}
}

// hostile are queries that nobody means well with.
var hostile = []string{
	"q", "=", "&", "q=&q=a", "q=%", "q=%zz", "q=%00", "q=%ff%fe", "q=a&limit=%00", "q=a&limit=٣", "q=%F0%9F%A4%B7", "q[]=a", "limit=5",
	"q=\"a", "q=((((((((", "q=author:", "q=-", "q=OR+OR+OR", "q=../../etc/passwd", "q='; drop table papers; --", "q=<script>alert(1)</script>",
	"q=" + strings.Repeat("(", 250), "q=" + strings.Repeat("%E2%80%AE", 250), strings.Repeat("q=a&", 3000), strings.Repeat("&", 20_000),
	"date=2026-05-27&week=2026-W22&p=3", "date=0000-00-00", "date=-1-1-1", "month=2026-5&sort=trending&submitter=%00", "p=18446744073709551616&limit=1",
	"week=2199-W53", "week=1991-W00", "cursor=MTA&limit=7", "cursor=LTE", "cursor=%2B%2F%3D", "field=comments", "submitter=%ED%A0%80",
}

func FuzzQuery(f *testing.F) {
	for _, q := range hostile {
		f.Add(q)
	}
	h := newHandler(f, newShelf())
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/api/papers/search", "/api/daily_papers", "/api/papers", "/api/papers/2605.12345", "/api/models"} {
			resp := ask(t, h, "GET", path+"?"+query)
			body := read(t, resp)
			if !slices.Contains([]int{200, 400}, resp.StatusCode) || !json.Valid([]byte(body)) {
				t.Errorf("%s?%q: got %s %s", path, query, resp.Status, body)
			}
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"papers/2605.12345", "papers/hep-th/9901001v2", "arxiv/2605.12345/repos", "arxiv//repos", "papers/", "papers/..%2f", "papers/10.1/\x00", "v1/suggest", ""} {
		f.Add(s)
	}
	h := newHandler(f, newShelf())
	f.Fuzz(func(t *testing.T, path string) {
		for _, method := range []string{"GET", "POST"} {
			resp := ask(t, h, method, "/api/"+path)
			body := read(t, resp)
			if !slices.Contains([]int{200, 400, 401, 404, 405}, resp.StatusCode) || !json.Valid([]byte(body)) {
				t.Errorf("%s %q: got %s %s", method, path, resp.Status, body)
			}
		}
	})
}

func BenchmarkDaily(b *testing.B) {
	s := &shelf{}
	for i := range 50 {
		e := full()
		e.Paper.ID = paper.ID(fmt.Sprintf("2605.%05d", i))
		e.Paper.Abstract = strings.Repeat("We let kites fly in the dark. They come back. ", 30)
		s.entries = append(s.entries, e)
	}
	h := newHandler(b, s)
	for _, name := range []string{"made", "kept"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if name == "made" {
					s.Later(time.Hour) // until what was kept is too old
				}
				read(b, ask(b, h, "GET", "/api/daily_papers"))
			}
		})
	}
}

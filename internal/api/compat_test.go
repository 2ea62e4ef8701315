package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

var update = flag.Bool("update", false, "write the answers in testdata anew")

func read(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSearchGolden(t *testing.T) {
	resp := ask(t, newHandler(t, newShelf()), "GET", "/api/papers/search?q=flying+kites")
	got := read(t, resp)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("got %s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	const file = "testdata/search.json"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// order is the keys of an object as the Daily Papers API sends them, ours behind.
var order = map[string]string{
	"": "paper publishedAt title summary mediaUrls thumbnail numComments submittedBy organization isAuthorParticipating " +
		"upvotes projectPage githubRepo ai_summary ai_keywords githubStars highlightedTitle highlightedSummary",
	"paper": "id authors mediaUrls publishedAt submittedOnDailyAt title submittedOnDailyBy summary upvotes discussionId projectPage " +
		"githubRepo githubRepoAddedBy ai_summary ai_summary_model ai_keywords githubStars organization withdrawnAt",
	"authors":            "_id name hidden user status statusLastChangedAt",
	"user":               "_id avatarUrl isPro fullname user type name",
	"submittedOnDailyBy": "_id avatarUrl isPro fullname user type name",
	"submittedBy":        "_id avatarUrl fullname name type isPro isHf isHfAdmin isMod followerCount isUserFollowing user",
	"organization":       "_id name fullname avatar",
	"highlightedTitle":   "type text", "highlightedSummary": "type text",
}

// keys gives the keys of every first object under its name, in their order.
func keys(t *testing.T, name string, data json.RawMessage, out map[string][]string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	first, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	next := func() (v json.RawMessage) {
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	switch first {
	case json.Delim('['):
		if d.More() {
			keys(t, name, next(), out)
		}
	case json.Delim('{'):
		out[name] = []string{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			out[name] = append(out[name], key.(string))
			keys(t, key.(string), next(), out)
		}
	}
}

func TestKeyOrder(t *testing.T) {
	got := map[string][]string{}
	body := read(t, ask(t, newHandler(t, newShelf()), "GET", "/api/papers/search?q=kites"))
	keys(t, "", json.RawMessage(body), got)
	for name, want := range order {
		if g := strings.Join(got[name], " "); g != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, g, want)
		}
	}
	for name := range got {
		if order[name] == "" {
			t.Errorf("unexpected object %s", name)
		}
	}
}

func TestLeftOut(t *testing.T) {
	s := newShelf()
	s.entries = s.entries[1:]
	body := read(t, ask(t, newHandler(t, s), "GET", "/api/papers/search?q=kites"))
	got := map[string][]string{}
	keys(t, "", json.RawMessage(body), got)
	for name, want := range map[string]string{
		"":        "paper publishedAt title summary numComments isAuthorParticipating upvotes highlightedTitle highlightedSummary",
		"paper":   "id authors publishedAt title summary upvotes discussionId",
		"authors": "_id name hidden",
	} {
		if g := strings.Join(got[name], " "); g != want {
			t.Errorf("%q: got %s, want %s", name, g, want)
		}
	}
	for _, want := range []string{`"upvotes":0`, `"numComments":0`, `"publishedAt":"1999-01-01T00:00:00.000Z"`, `"summary":""`, `"highlightedSummary":[]`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "null") {
		t.Errorf("null in %s", body)
	}
}

var (
	timeKey = regexp.MustCompile(`"(\w*(?:At))":"([^"]*)"`)
	form    = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	hexKey  = regexp.MustCompile(`^[0-9a-f]{24}$`)
)

func TestTimesAndKeys(t *testing.T) {
	body := read(t, ask(t, newHandler(t, newShelf()), "GET", "/api/papers/search?q=kites"))
	times := timeKey.FindAllStringSubmatch(body, -1)
	if len(times) < 5 {
		t.Errorf("only %d times", len(times))
	}
	for _, m := range times {
		if !form.MatchString(m[2]) {
			t.Errorf("%s is %s", m[1], m[2])
		}
	}
	var items []item
	if err := json.Unmarshal([]byte(body), &items); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, it := range items {
		for _, a := range it.Paper.Authors {
			if !hexKey.MatchString(a.Key) || seen[a.Key] {
				t.Errorf("%s has the key %q", a.Name, a.Key)
			}
			seen[a.Key] = true
		}
	}
	if again := read(t, ask(t, newHandler(t, newShelf()), "GET", "/api/papers/search?q=kites")); again != body {
		t.Error("the same question has another answer")
	}
}

func TestSubmitted(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    paper.Submission
		want string
	}{
		{"on the day", paper.Submission{Day: "2026-05-27", At: at("2026-05-27T01:04:48.148Z")}, "2026-05-27T01:04:48.148Z"},
		{"other zone", paper.Submission{Day: "2026-05-27", At: at("2026-05-26T21:31:00-04:00")}, "2026-05-27T01:31:00.000Z"},
		{"after midnight", paper.Submission{Day: "2026-05-27", At: at("2026-05-28T01:10:00Z")}, "2026-05-27T00:00:00.000Z"},
		{"the day alone", paper.Submission{Day: "2026-05-27"}, "2026-05-27T00:00:00.000Z"},
	} {
		if got := submitted(&tt.s); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestAvatar(t *testing.T) {
	w := writer{base: "https://papers.example", origin: "https://source.example"}
	const own = "https://papers.example/favicon.ico"
	for in, want := range map[string]string{
		"":                            own,
		"/avatars/a.svg":              "https://source.example/avatars/a.svg",
		"https://media.example/a.png": "https://media.example/a.png",
		"//media.example/a.png":       own,
		"javascript:alert(1)":         own,
		"/a\x7f%zz":                   own,
	} {
		if got := w.avatar(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestRepository(t *testing.T) {
	code := func(url string, g paper.Grade) paper.Link {
		return paper.Link{Kind: paper.LinkCode, URL: url, Grade: g}
	}
	for _, tt := range []struct {
		name     string
		links    []paper.Link
		url, who string
	}{
		{"none", nil, "", ""},
		{"elsewhere", []paper.Link{code("https://gitlab.com/a/b", paper.GradeReader)}, "", ""},
		{"in the text", []paper.Link{code("https://github.com/a/b", paper.GradeAuthors)}, "https://github.com/a/b", ""},
		{"by a program", []paper.Link{code("https://github.com/a/b", paper.GradeAuto)}, "https://github.com/a/b", "auto"},
		{"named before found", []paper.Link{code("https://github.com/a/b", paper.GradeAuthors), code("https://github.com/c/d", paper.GradeReader)}, "https://github.com/c/d", "user"},
		{"the first of equals", []paper.Link{code("https://github.com/a/b", paper.GradeListed), code("https://github.com/c/d", paper.GradeListed)}, "https://github.com/a/b", ""},
	} {
		if url, who := repository(tt.links); url != tt.url || who != tt.who {
			t.Errorf("%s: got %q, %q", tt.name, url, who)
		}
	}
}

// ids are the papers of an answer.
func ids(t *testing.T, resp *http.Response) string {
	t.Helper()
	var items []item
	if err := json.Unmarshal([]byte(read(t, resp)), &items); err != nil || items == nil {
		t.Fatalf("%s: no array of items: %v", resp.Status, err)
	}
	out := []string{}
	for _, it := range items {
		out = append(out, string(it.Paper.ID))
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"q=kites", "2605.12345 hep-th/9901001"},
		{"q=kites&limit=1", "2605.12345"},
		{"q=kites&limit=1&limit=x&other=1", "2605.12345"},
		{"q=hep-th/9901001", "hep-th/9901001"},
		{"q=2605.12345&limit=120", "2605.12345"},
		{"q=2605.1", "2605.12345 hep-th/9901001"},
		{"q=2605.1&limit=1", "2605.12345"},
		{"q=2605.99999", ""},
		{"q=a;b", "2605.12345 hep-th/9901001"},
		{"q=%ff%00%0a", "2605.12345 hep-th/9901001"},
		{"q=" + strings.Repeat("%C3%BC", 250), "2605.12345 hep-th/9901001"},
	} {
		if got := ids(t, ask(t, newHandler(t, newShelf()), "GET", "/api/papers/search?"+tt.query)); got != tt.want {
			t.Errorf("%.40s: got %s, want %s", tt.query, got, tt.want)
		}
	}
}

func TestNamedHasItsSubmission(t *testing.T) {
	h := newHandler(t, newShelf())
	body := read(t, ask(t, h, "GET", "/api/papers/search?q=2605.12345"))
	for _, want := range []string{`"submittedOnDailyAt":"2026-05-27T01:04:48.148Z"`, `"user":"cy"`,
		`"highlightedSummary":[{"type":"text","text":"We let kites fly in the dark. They come back."}]`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
}

func TestQuestion(t *testing.T) {
	s := newShelf()
	read(t, ask(t, newHandler(t, s), "GET", "/api/papers/search?q=+cat:cs.CL+kites%20"))
	want := catalog.Question{Text: " cat:cs.CL kites ", Limit: usualHits}
	if len(s.asked) != 1 || s.asked[0] != want {
		t.Errorf("got %+v, want %+v", s.asked, want)
	}
}

func TestErrors(t *testing.T) {
	long := strings.Repeat("x", longestQuery+1)
	for _, tt := range []struct {
		method, target string
		status         int
		code, says     string
	}{
		{"GET", "/api/papers/search", 400, "InvalidParameter", "q is missing"},
		{"GET", "/api/papers/search?q=%20", 400, "InvalidParameter", "q is missing"},
		{"GET", "/api/papers/search?q=" + long, 400, "InvalidParameter", "250"},
		{"GET", "/api/papers/search?q=" + strings.Repeat(long, 400), 400, "InvalidParameter", "250"},
		{"GET", "/api/papers/search?q=a&limit=0", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=121", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=-1", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=%2B5", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=1e1", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=a&limit=99999999999999999999", 400, "InvalidParameter", "1 to 120"},
		{"GET", "/api/papers/search?q=100%", 400, "InvalidParameter", "damaged"},
		{"GET", "/api/papers/search/", 404, "NotFound", "nothing at this address"},
		{"GET", "/api/unheard", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/unheard", 404, "NotFound", "nothing at this address"},
		{"OPTIONS", "/api/unheard", 404, "NotFound", "nothing at this address"},
		{"POST", "/api/papers/search?q=a", 405, "MethodNotAllowed", "use GET"},
		{"DELETE", "/api/papers/search?q=a", 405, "MethodNotAllowed", "use GET"},
	} {
		resp := ask(t, newHandler(t, newShelf()), tt.method, tt.target)
		var body map[string]string
		if err := json.Unmarshal([]byte(read(t, resp)), &body); err != nil {
			t.Errorf("%s %.50s: %v", tt.method, tt.target, err)
			continue
		}
		h := resp.Header
		if resp.StatusCode != tt.status || h.Get("X-Error-Code") != tt.code || h.Get("X-Error-Message") != body["error"] ||
			!strings.Contains(body["error"], tt.says) || len(body) != 1 || h.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s %.50s: got %s %v %v", tt.method, tt.target, resp.Status, h, body)
		}
		if allow := h.Get("Allow"); (allow == methods) != (tt.status == 405) {
			t.Errorf("%s %.50s: Allow is %q", tt.method, tt.target, allow)
		}
	}
}

func TestFailures(t *testing.T) {
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
		for _, path := range []string{"/api/papers/search?q=a", "/api/v1/suggest?q=a"} {
			s := newShelf()
			s.fail = tt.err
			resp := ask(t, newHandler(t, s), "GET", path)
			body := read(t, resp)
			if resp.StatusCode != tt.status || strings.Contains(body, "fire") {
				t.Errorf("%s, %v: got %s %s", path, tt.err, resp.Status, body)
			}
			if m := resp.Header.Get("X-Error-Message"); strings.ContainsFunc(m, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("X-Error-Message is %q", m)
			}
			if busy := resp.Header.Get("Retry-After") != ""; busy != (tt.status == 503) {
				t.Errorf("%s, %v: Retry-After is %v", path, tt.err, busy)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	h := newHandler(t, newShelf())
	const target = "/api/papers/search?q=kites"
	resp := ask(t, h, "GET", target, "Origin", "https://elsewhere.example")
	body := read(t, resp)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "Cache-Control": freshFor,
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

func TestBase(t *testing.T) {
	s := newShelf()
	s.entries[0].Submission.By.Avatar = ""
	h, err := New(Options{Catalog: s})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(h)
	defer server.Close()
	resp, err := server.Client().Get(server.URL + "/api/papers/search?q=kites")
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
		t.Error("no error without a catalogue")
	}
}

// hostile are queries that nobody means well with.
var hostile = []string{
	"q", "=", "&", "q=&q=a", "q=%", "q=%zz", "q=%00", "q=%ff%fe", "q=a&limit=%00", "q=a&limit=٣", "q=%F0%9F%A4%B7", "q[]=a", "limit=5",
	"q=\"a", "q=((((((((", "q=author:", "q=-", "q=OR+OR+OR", "q=../../etc/passwd", "q='; drop table papers; --", "q=<script>alert(1)</script>",
	"q=" + strings.Repeat("(", 250), "q=" + strings.Repeat("%E2%80%AE", 250), strings.Repeat("q=a&", 3000), strings.Repeat("&", 20_000),
}

func FuzzQuery(f *testing.F) {
	for _, q := range hostile {
		f.Add(q)
	}
	s := newShelf()
	h := newHandler(f, s)
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/api/papers/search", "/api/v1/suggest"} {
			s.asked = nil
			resp := ask(t, h, "GET", path+"?"+query)
			body := read(t, resp)
			if !slices.Contains([]int{200, 400}, resp.StatusCode) || !json.Valid([]byte(body)) {
				t.Errorf("%s?%q: got %s %s", path, query, resp.Status, body)
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	s := &shelf{}
	for range 50 {
		e := full()
		e.Paper.Abstract = strings.Repeat("We let kites fly in the dark. They come back. ", 30)
		s.entries = append(s.entries, e)
	}
	h := newHandler(b, s)
	for b.Loop() {
		read(b, ask(b, h, "GET", "/api/papers/search?q=kites&limit=50"))
	}
}

package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/papertest"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// A kiteSite is a site whose search index is brought up to date by hand.
type kiteSite struct {
	http.Handler
	db     *store.DB
	engine search.Engine
	now    time.Time
	papers int
}

func newKiteSite(t *testing.T) *kiteSite {
	t.Helper()
	s := &kiteSite{db: storetest.SQLite(t), engine: searchtest.NewPlain(), now: time.Date(2026, 5, 29, 16, 0, 0, 0, time.UTC)}
	cfg := config.Default()
	cfg.Data = t.TempDir()
	clock := papertest.Clock()
	cat := catalog.New(s.db, clock, func() time.Time { return s.now }).WithSearch(s.engine, embeddingtest.Model{})
	router, err := newRouter(&cfg, silent, cat, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = router
	return s
}

// add imports papers, and lets the catalog notice it.
func (s *kiteSite) add(t *testing.T, n int) {
	t.Helper()
	var batch []paper.Observation
	for range n {
		s.papers++
		p := paper.Paper{ID: paper.ID(fmt.Sprintf("2605.%05d", s.papers)), Title: fmt.Sprintf("Kites over water, part %d", s.papers), Abstract: "How kites fly over water."}
		p.Published = p.ID.Month()
		batch = append(batch, paper.Observation{Source: paper.SourceArXiv, Fingerprint: int64(s.papers), Paper: p})
	}
	if _, err := s.db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Second)
}

// catchUp brings the index up to date.
func (s *kiteSite) catchUp(t *testing.T) {
	t.Helper()
	x := &indexer.Follower{DB: s.db, Engine: s.engine, Model: embeddingtest.Model{}}
	if _, err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Second)
}

// rebuild begins the index anew; nothing can be found until it has come far enough.
func (s *kiteSite) rebuild(t *testing.T) {
	t.Helper()
	last, err := s.db.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.engine.Reset(t.Context(), search.Position{Site: "elsewhere", Seq: last.Seq}, "/var/lib/secret is damaged"); err != nil {
		t.Fatal(err)
	}
	if err := s.engine.Reset(t.Context(), search.Position(last), "/var/lib/secret is damaged"); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Second)
}

// get asks for an address; "agent TOOL ARGUMENTS" calls a tool.
func (s *kiteSite) get(address string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://papers.example"+strings.ReplaceAll(address, " ", "/"), nil)
	if call, ok := strings.CutPrefix(address, "agent "); ok {
		tool, arguments, _ := strings.Cut(call, " ")
		r = httptest.NewRequest(http.MethodPost, "http://papers.example/mcp", strings.NewReader(
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"`+tool+`","arguments":`+arguments+`}}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// A response is what a front end is expected to say.
type response struct {
	address string
	status  int
	says    string // in the body or the header; "" for nothing in particular
}

// check asks for everything, twice: what is cached is no better.
func (s *kiteSite) check(t *testing.T, about string, want []response, never ...string) {
	t.Helper()
	for range 2 {
		for _, want := range want {
			w := s.get(want.address)
			all := fmt.Sprint(w.Header()) + w.Body.String()
			if w.Code != want.status || !strings.Contains(all, want.says) {
				t.Errorf("%s, %s: status %d, want %d with %q in\n%s", about, want.address, w.Code, want.status, want.says, all)
			}
			for _, wrong := range append(never, "/var/lib", "max-age") {
				if strings.Contains(all, wrong) {
					t.Errorf("%s, %s: says %q", about, want.address, wrong)
				}
			}
			if want.status == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
				t.Errorf("%s, %s: does not say when to ask again", about, want.address)
			}
		}
	}
}

// facts are what only an index that holds everything may say.
var facts = []string{">0 papers", "No paper has all of that", "No paper is found", "Nothing here is similar", "There are no papers in this list"}

// While the index lacks papers, no front end says that there are none, and what was said then
// is not said any more once the index has caught up.
func TestIndexThatIsNotReady(t *testing.T) {
	const first, last = "/papers/2605.00001", "/papers/2605.00040"
	missing := []response{
		{"/papers?q=kites", 200, "The search index is being built: 0 of 8 papers are in it."},
		{"/papers?q=", 200, "The search index is being built: 0 of 8 papers are in it."},
		{first, 200, "The search index is being built: 0 of 8 papers are in it."},
		{first + "/similar", 200, "The search index is being built: 0 of 8 papers are in it."},
		{"/api/papers/search?q=kites", 200, "X-Search-Index:[building; behind=8]"},
		{"/api/v1/search?q=kites", 200, `"index":{"ready":false,"behind":8,"reason":"The search index is being built: 0 of 8 papers`},
		{"/api/v1/suggest?q=ki", 200, `"index":{"ready":false,"behind":8,`},
		{"/api/v1" + first + "/similar", 200, `"index":{"ready":false,"behind":8,`},
		{"/papers.rss?q=kites", 503, "The search index is being built"},
		{"/papers.atom?q=kites", 503, ""},
		{"/papers.bib?q=kites", 503, ""},
		{"/papers.md?q=kites", 503, ""},
		{first + "/similar.json", 503, "The search index is being built"},
		{`agent search_papers {"query":"kites"}`, 200, "Note: The search index is being built: 0 of 8 papers are in it."},
		{`agent similar_papers {"id":"2605.00001"}`, 200, "Note: The search index is being built: 0 of 8 papers are in it."},
	}
	s := newKiteSite(t)
	s.add(t, 8)
	s.check(t, "missing", missing, facts...)
	s.catchUp(t)
	s.checkReady(t, first, 8)

	s.add(t, 32)
	s.check(t, "behind", []response{
		{"/papers?q=kites", 200, "8 papers so far"},
		{"/papers?q=kites", 200, "8 of 40 papers are in it"},
		{"/papers?q=zebra", 200, "8 of 40 papers are in it"},
		{last, 200, "8 of 40 papers are in it"},
		{last + "/similar", 200, "8 of 40 papers are in it"},
		{"/api/papers/search?q=zebra", 200, "X-Search-Index:[building; behind=32]"},
		{"/api/v1/search?q=zebra", 200, `"index":{"ready":false,"behind":32,`},
		{"/papers.rss?q=kites", 503, ""},
		{`agent search_papers {"query":"zebra"}`, 200, "8 of 40 papers are in it"},
		{`agent similar_papers {"id":"2605.00040"}`, 200, "8 of 40 papers are in it"},
	}, facts...)
	s.catchUp(t)
	s.checkReady(t, last, 40)

	s.rebuild(t)
	s.check(t, "rebuilt", []response{
		{"/papers?q=kites", 200, "The search index is being built: 0 of 40 papers are in it."},
		{first + "/similar", 200, "The search index is being built"},
		{"/api/papers/search?q=kites", 200, "X-Search-Index:[building; behind=40]"},
		{"/api/v1/search?q=kites", 200, `"index":{"ready":false,"behind":40,`},
		{"/papers.rss?q=kites", 503, ""},
		{first + "/similar.atom", 503, ""},
		{`agent search_papers {"query":"kites"}`, 200, "Note: The search index is being built"},
	}, facts...)
	s.catchUp(t)
	s.checkReady(t, first, 40)
}

// checkReady asks for all of it again, at the same version: nothing is left of what was said
// before, and who finds nothing is told so.
func (s *kiteSite) checkReady(t *testing.T, one string, papers int) {
	t.Helper()
	for _, want := range []response{
		{"/papers?q=kites", 200, fmt.Sprintf("%d papers", papers)},
		{"/papers?q=", 200, fmt.Sprintf("among %d papers", papers)},
		{"/papers?q=%22zebra%22", 200, "No paper has all of that"},
		{one, 200, "more like this"},
		{one + "/similar", 200, "Kites over water"},
		{"/api/papers/search?q=kites", 200, "Kites over water"},
		{"/api/v1/search?q=kites", 200, `"index":{"ready":true,"behind":0}`},
		{"/api/v1/suggest?q=ki", 200, `"index":{"ready":true,"behind":0}`},
		{"/api/v1" + one + "/similar", 200, `"index":{"ready":true,"behind":0}`},
		{"/papers.rss?q=kites", 200, "Kites over water"},
		{"/papers.md?q=kites", 200, "Kites over water"},
		{one + "/similar.json", 200, "Kites over water"},
		{`agent search_papers {"query":"kites"}`, 200, "Kites over water"},
		{`agent similar_papers {"id":"2605.00001"}`, 200, "Kites over water"},
	} {
		w := s.get(want.address)
		all := fmt.Sprint(w.Header()) + w.Body.String()
		if w.Code != want.status || !strings.Contains(all, want.says) {
			t.Errorf("ready, %s: status %d, want %d with %q in\n%s", want.address, w.Code, want.status, want.says, all)
		}
		for _, wrong := range []string{"The search index is", "so far", "X-Search-Index:"} {
			if strings.Contains(all, wrong) {
				t.Errorf("ready, %s: says %q", want.address, wrong)
			}
		}
	}
}

// One change more or less hides nothing that was there before: feeds go on, and pages with
// papers say nothing of it.
func TestIndexThatIsAlmostReady(t *testing.T) {
	s := newKiteSite(t)
	s.add(t, 150)
	s.catchUp(t)
	s.add(t, 1)
	s.check(t, "one paper behind", []response{
		{"/papers?q=kites", 200, "150 of 151 papers are in it"},
		{"/papers/2605.00151", 200, "150 of 151 papers are in it"},
		{"/papers/2605.00151/similar", 200, "150 of 151 papers are in it"},
		{"/papers.md?q=kites", 200, "150 of 151 papers are in it"},
		{"/papers.rss?q=kites", 200, "Kites over water"},
		{"/papers/2605.00001/similar.json", 200, "Kites over water"},
		{"/papers.rss?q=%22zebra%22", 503, ""},
		{"/papers/2605.00151/similar.atom", 503, ""},
		{"/api/papers/search?q=kites", 200, "X-Search-Index:[building; behind=1]"},
	}, facts...)
	s.catchUp(t)
	vote := []paper.Observation{{Source: paper.SourceHub, Paper: paper.Paper{ID: "2605.00001"}, At: s.now, Signals: []paper.Signal{{Kind: paper.SignalVotes, At: s.now, Value: 3}}}}
	if _, err := s.db.Apply(t.Context(), vote); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Second)
	for address, says := range map[string]bool{"/papers?q=kites": false, "/papers?q=%22zebra%22": true, "/papers/2605.00001": false, "/papers.md?q=kites": false, "/papers.rss?q=kites": false} {
		if w := s.get(address); w.Code != http.StatusOK && address != "/papers.rss?q=kites" || strings.Contains(w.Body.String(), "The search index is") != says {
			t.Errorf("one vote behind, %s: status %d: %s", address, w.Code, w.Body)
		}
	}
	if got := s.get("/api/papers/search?q=kites").Header().Get("X-Search-Index"); got != "behind; behind=1" {
		t.Errorf("X-Search-Index: %q", got)
	}
}

// While an index is rebuilt and the one before still answers, lists are whole, feeds go on, and
// people are told.
func TestIndexThatIsRebuiltWhileItAnswers(t *testing.T) {
	s := newKiteSite(t)
	s.add(t, 20)
	s.catchUp(t)
	last, err := s.db.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.engine.Reset(t.Context(), search.Position(last), "/var/lib/secret is damaged"); err != nil {
		t.Fatal(err)
	}
	s.check(t, "rebuilt", []response{
		{"/papers?q=kites", 200, "20 papers so far"},
		{"/papers?q=kites", 200, "The search index is being rebuilt."},
		{"/papers/2605.00001/similar", 200, "The search index is being rebuilt."},
		{"/papers/2605.00001", 200, "more like this"},
		{"/papers.rss?q=kites", 200, "Kites over water"},
		{"/papers.md?q=kites", 200, "The search index is being rebuilt."},
		{"/papers/2605.00001/similar.atom", 200, "Kites over water"},
		{"/api/papers/search?q=kites", 200, "X-Search-Index:[building; behind=0]"},
		{"/api/v1/search?q=kites", 200, `"index":{"ready":false,"behind":0,"reason":"The search index is being rebuilt.`},
		{`agent search_papers {"query":"kites"}`, 200, "Note: The search index is being rebuilt."},
	}, facts...)
	s.catchUp(t)
	s.checkReady(t, "/papers/2605.00001", 20)
}

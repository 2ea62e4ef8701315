package mcpserver

import (
	"broadsheet/internal/urls"

	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalogtest"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/papertest"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store/storetest"
)

// A session is a way to the server.
type session struct {
	name string
	*mcp.ClientSession
	base string // of addresses
}

func sessions(t *testing.T) []session {
	s := newServer(t, Options{})
	web, base := overHTTP(t, s)
	return []session{{"pipe", piped(t, s), ""}, {"http", web, base}}
}

func (s session) call(t *testing.T, tool string, args any) *mcp.CallToolResult {
	t.Helper()
	res, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	return res
}

func text(t *testing.T, res *mcp.CallToolResult) string {
	t.Helper()
	if len(res.Content) != 1 {
		t.Fatalf("%d contents", len(res.Content))
	}
	return res.Content[0].(*mcp.TextContent).Text
}

// data decodes structured content.
func data[T any](t *testing.T, res *mcp.CallToolResult) T {
	t.Helper()
	var v T
	b, err := json.Marshal(res.StructuredContent)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || res.IsError {
		t.Fatalf("%v: %s", err, text(t, res))
	}
	return v
}

func ids(items []item) string {
	var all []string
	for _, it := range items {
		all = append(all, it.ID)
	}
	return strings.Join(all, " ")
}

func TestTools(t *testing.T) {
	for _, s := range sessions(t) {
		res, err := s.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, tool := range res.Tools {
			names = append(names, tool.Name)
			if a := tool.Annotations; a == nil || !a.ReadOnlyHint || *a.OpenWorldHint || tool.Title == "" || tool.Description == "" || tool.OutputSchema == nil {
				t.Errorf("%s: %s: %+v", s.name, tool.Name, tool)
			}
		}
		slices.Sort(names)
		if want := "cite get_paper list_edition search_papers similar_papers trending"; strings.Join(names, " ") != want {
			t.Errorf("%s: %v", s.name, names)
		}
		if caps := s.InitializeResult().Capabilities; caps.Tools == nil || caps.Resources == nil || s.InitializeResult().Instructions == "" {
			t.Errorf("%s: %+v", s.name, s.InitializeResult())
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, s := range sessions(t) {
		t.Run(s.name, func(t *testing.T) {
			e := data[edition](t, s.call(t, "list_edition", map[string]any{"date": "2026-05-27"}))
			if ids(e.Papers) != "2605.27003 2605.27002 2605.27001" || e.Total != 3 || e.State != "closed" || e.Next != "2026-05-29" {
				t.Errorf("edition: %+v", e)
			}
			first := e.Papers[0]
			want := s.base + "/papers/2605.27003"
			if s.base == "" {
				want = "https://arxiv.org/abs/2605.27003"
			}
			if first.URL != want || first.Votes != 21 || first.AuthorCount != 4 || len(first.Authors) != 3 || first.Organization != "Acme Labs" || first.Rank != 1 {
				t.Errorf("first paper: %+v", first)
			}
			latest := data[edition](t, s.call(t, "list_edition", nil))
			if latest.Date != "2026-05-29" || latest.State != "open" {
				t.Errorf("latest: %+v", latest)
			}
			if today := data[edition](t, s.call(t, "list_edition", map[string]any{"date": "today"})); today.Date != "2026-05-29" {
				t.Errorf("today: %+v", today)
			}
			if week := data[edition](t, s.call(t, "list_edition", map[string]any{"date": "2026-W22"})); week.Total != 6 {
				t.Errorf("week: %+v", week)
			}
			if l := data[list](t, s.call(t, "trending", map[string]any{"limit": 2})); len(l.Papers) != 2 || l.Cursor == "" {
				t.Errorf("trending: %+v", l)
			}
			f := data[found](t, s.call(t, "search_papers", map[string]any{"query": "coding of birdsong"}))
			if len(f.Papers) == 0 || f.Papers[0].ID != "2406.10500" {
				t.Errorf("search: %+v", f)
			}
			near := data[neighbors](t, s.call(t, "similar_papers", map[string]any{"id": "2605.27001", "limit": 3}))
			if len(near.Papers) != 3 || strings.Contains(ids(near.Papers), "2605.27001") {
				t.Errorf("similar: %+v", near)
			}
		})
	}
}

// TestText holds what an agent reads.
func TestText(t *testing.T) {
	s := sessions(t)[0]
	got := text(t, s.call(t, "list_edition", map[string]any{"date": "2026-05-27", "limit": 2}))
	const want = `Wednesday, 27 May 2026 (2026-05-27): 2 of 3 papers

1. Crows count on friends
   2605.27003 · Mira Holt et al. · Acme Labs · 2026-05 · 21 votes · https://arxiv.org/abs/2605.27003
2. Whales count to ten
   2605.27002 · Mira Holt et al. · Acme Labs · 2026-05 · 11 votes · https://arxiv.org/abs/2605.27002

There are more: ask again with cursor `
	if !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := text(t, s.call(t, "get_paper", map[string]any{"id": "2605.27003"})); !strings.HasPrefix(got, "---\n") || !strings.Contains(got, "## Abstract") {
		t.Errorf("get_paper:\n%s", got)
	}
	for format, want := range map[string]string{"": "@", "bibtex": "@", "ris": "TY  - ", "csl": "[{", "RIS": "TY  - "} {
		args := map[string]any{"id": "2605.27003", "format": format}
		if format == "" {
			delete(args, "format")
		}
		if got := text(t, s.call(t, "cite", args)); !strings.HasPrefix(strings.Join(strings.Fields(got), ""), strings.Join(strings.Fields(want), "")) {
			t.Errorf("cite as %q:\n%s", format, got)
		}
	}
}

// Every list, read with its cursors, is the whole list.
func TestCursors(t *testing.T) {
	s := sessions(t)[0]
	for tool, args := range map[string]map[string]any{
		"list_edition":  {"date": "2026-05"},
		"trending":      {},
		"search_papers": {"query": "count"},
	} {
		args["limit"] = 50
		whole := ids(data[list](t, s.call(t, tool, args)).Papers)
		args["limit"] = "2" // as some programs write numbers
		var got []item
		for range 20 {
			page := data[list](t, s.call(t, tool, args))
			got = append(got, page.Papers...)
			if args["cursor"] = page.Cursor; page.Cursor == "" {
				break
			}
		}
		if ids(got) != whole || whole == "" {
			t.Errorf("%s: %s, want %s", tool, ids(got), whole)
		}
	}
}

func TestIdentifiers(t *testing.T) {
	s := sessions(t)[0]
	for _, c := range []struct {
		id   any
		want string
	}{
		{"2605.27001", "2605.27001"},
		{"2605.27001v3", "2605.27001"},
		{"arXiv:2605.27001", "2605.27001"},
		{"https://arxiv.org/pdf/2605.27001v2", "2605.27001"},
		{"https://papers.example.org/papers/2605.27001", "2605.27001"},
		{"paper://2605.27001", "2605.27001"},
		{"10.48550/arXiv.2605.27001", "2605.27001"},
		{"1001.002", "1001.0020"},
		{json.RawMessage("1001.002"), "1001.0020"}, // a number
		{"2605.2700099999999", "2605.27001"},
		{"hep-th/9711200", "hep-th/9711200"},
		{" 2605.27001 ", "2605.27001"},
	} {
		for _, tool := range []string{"get_paper", "cite", "similar_papers"} {
			got := data[struct{ ID string }](t, s.call(t, tool, map[string]any{"id": c.id}))
			if got.ID != c.want {
				t.Errorf("%s %v is %q, want %q", tool, c.id, got.ID, c.want)
			}
		}
	}
}

func TestMistakes(t *testing.T) {
	s := sessions(t)[1]
	for _, c := range []struct {
		tool string
		args any
		want string
	}{
		{"get_paper", map[string]any{}, "id: get_paper needs it: the paper's identifier"},
		{"get_paper", map[string]any{"id": nil}, "id: get_paper needs it"},
		{"get_paper", map[string]any{"id": "attention"}, `id: "attention" is not one; use an arXiv identifier (2401.01234 or hep-th/9901001)`},
		{"get_paper", map[string]any{"id": strings.Repeat("x", 501)}, "id: at most 500 characters"},
		{"get_paper", map[string]any{"id": []int{1}}, "id: write it as one text or number"},
		{"get_paper", map[string]any{"ids": "2605.27001"}, `get_paper has no argument "ids"; did you mean id?`},
		{"get_paper", map[string]any{"paper_identifier": "2605.27001"}, "it takes id"},
		{"cite", map[string]any{"id": "2401.99999"}, "there is no paper 2401.99999 on this site; search_papers finds"},
		{"cite", map[string]any{"id": "2406.105"}, `"2406.105" has lost zeros and may be 2406.10500 (Sparse coding of birdsong) or 2406.00105 (No coding at all)`},
		{"cite", map[string]any{"id": "2605.27001", "format": "endnote"}, "format: \"endnote\" is none; use one of bibtex, ris, csl"},
		{"similar_papers", map[string]any{"id": "2605.27001", "limit": 51}, `limit: "51" will not do; use a number from 1 to 50`},
		{"similar_papers", map[string]any{"id": "2605.27001", "limit": 0}, "limit: "},
		{"trending", map[string]any{"limit": 1.5}, "limit: "},
		{"trending", map[string]any{"cursor": "zzz"}, "cursor: this is none"},
		{"list_edition", map[string]any{"date": "yesterday"}, `date: "yesterday" will not do; use today, latest, or a form like 2026-05-27`},
		{"list_edition", map[string]any{"date": "2026-05-28"}, "there are no papers in 2026-05-28; the nearest edition that has some is 2026-05-27"},
		{"list_edition", map[string]any{"date": "2026-W01"}, "the nearest edition that has some is 2026-W22"},
		{"list_edition", map[string]any{"date": "2026-05-27", "cursor": "x~y"}, "cursor: this is none"},
		{"search_papers", map[string]any{"query": "  "}, "query: search_papers needs it"},
		{"search_papers", map[string]any{"query": strings.Repeat("é", urls.LongestQuery+1)}, "query: at most 4000 characters"},
		{"search_papers", map[string]any{"query": "count", "cursor": "-1"}, "cursor: this is none"},
	} {
		res := s.call(t, c.tool, c.args)
		if got := text(t, res); !res.IsError || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s %v: error %v: %q, want %q", c.tool, c.args, res.IsError, got, c.want)
		}
	}
	if _, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: "drop_papers"}); err == nil {
		t.Error("an unknown tool answers")
	}
}

// What is found and what is missing is told, without being an error.
func TestFindings(t *testing.T) {
	s := sessions(t)[0]
	for query, want := range map[string]string{
		`"zzzqqq"`:                         `No paper is found for "\"zzzqqq\"".`,
		"2605.27001":                       "The paper of that identifier:",
		"https://arxiv.org/abs/2605.27001": "The paper of that identifier:",
		"2406.105":                         "it may be one of these:",
		"autor:Lee count":                  "Hint: autor:Lee: ",
		"cat:\x00":                         "",
		"birdsong has:code":                "There are 1 without has:code",
		"birdsong cat:cs.CL":               "Hint: cat:cs.CL: None of the papers here has categories.",
		"birdsong silence":                 "No paper has all of these words: these have some.",
	} {
		res := s.call(t, "search_papers", map[string]any{"query": query})
		if got := text(t, res); res.IsError || !strings.Contains(got, want) {
			t.Errorf("%q: %s", query, got)
		}
	}
}

// Papers with some of the words are counted, and found when they are asked for.
func TestSomeOfTheWords(t *testing.T) {
	s := sessions(t)[0]
	strict := text(t, s.call(t, "search_papers", map[string]any{"query": "sparse coding"}))
	if !strings.Contains(strict, "1 of 1 paper for") || !strings.Contains(strict, "2 papers have some of the words: ask with match=some.") {
		t.Errorf("all of the words: %s", strict)
	}
	if some := text(t, s.call(t, "search_papers", map[string]any{"query": "sparse coding", "match": "some"})); !strings.Contains(some, "2 of 2 papers for") || strings.Contains(some, "ask with") {
		t.Errorf("some of the words: %s", some)
	}
	if res := s.call(t, "search_papers", map[string]any{"query": "coding", "match": "none"}); !res.IsError {
		t.Error("a way to match that there is not")
	}
}

func TestResources(t *testing.T) {
	for _, s := range sessions(t) {
		templates, err := s.ListResourceTemplates(t.Context(), nil)
		if err != nil || len(templates.ResourceTemplates) != 1 {
			t.Fatalf("%s: %+v, %v", s.name, templates, err)
		}
		for _, uri := range []string{"paper://2605.27001", "paper://hep-th/9711200", "paper://hep-th%2F9711200", "paper://1001.002"} {
			res, err := s.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
			if err != nil {
				t.Errorf("%s: %s: %v", s.name, uri, err)
				continue
			}
			if c := res.Contents[0]; c.URI != uri || c.MIMEType != "text/markdown" || !strings.HasPrefix(c.Text, "---\n") {
				t.Errorf("%s: %+v", s.name, c)
			}
		}
		for _, uri := range []string{"paper://2401.99999", "paper://x", "file:///etc/passwd", "paper://"} {
			if _, err := s.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err == nil {
				t.Errorf("%s: %s can be read", s.name, uri)
			}
		}
	}
}

// TestSchemas holds all answers against what the tools promise.
func TestSchemas(t *testing.T) {
	s := sessions(t)[1]
	tools, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	args := map[string]map[string]any{
		"search_papers": {"query": "nothing like this zzz"}, "get_paper": {"id": "2605.27001"}, "list_edition": {},
		"trending": {"limit": 1}, "similar_papers": {"id": "2605.27001"}, "cite": {"id": "2406.00105"},
	}
	for _, tool := range tools.Tools {
		for _, raw := range []any{tool.InputSchema, tool.OutputSchema} {
			if b, _ := json.Marshal(raw); bytes.Contains(b, []byte("null")) {
				t.Errorf("%s: null in %s", tool.Name, b)
			}
		}
		valid(t, tool.InputSchema, args[tool.Name])
		valid(t, tool.OutputSchema, s.call(t, tool.Name, args[tool.Name]).StructuredContent)
	}
}

func valid(t *testing.T, schema, value any) {
	t.Helper()
	b, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	var js jsonschema.Schema
	if err := json.Unmarshal(b, &js); err != nil {
		t.Fatal(err)
	}
	rs, err := js.Resolve(nil)
	if err == nil {
		err = rs.Validate(value)
	}
	if err != nil {
		t.Errorf("%s: %v", b, err)
	}
}

func TestTrouble(t *testing.T) {
	site := catalogtest.New(t, noon, observations()...)
	for _, c := range []struct {
		err  error
		want string
		logs bool
	}{
		{nil, "something went wrong here", true}, // but a panic
		{errors.New("disk: secret path"), "something went wrong here", true},
		{fmt.Errorf("catalog: %w", context.DeadlineExceeded), "took too long", true},
		{catalog.ErrNoSearch, "no search engine", false},
	} {
		site.Engine.Fail(c.err)
		site.Engine.Answer(func(search.Request, *search.Result) { panic("secret: out of order") })
		var log bytes.Buffer
		client := session{ClientSession: piped(t, serverOf(t, site, Options{Log: slog.New(slog.NewTextHandler(&log, nil))}))}
		res := client.call(t, "search_papers", map[string]any{"query": "finches"})
		if got := text(t, res); !res.IsError || !strings.Contains(got, c.want) || strings.Contains(got, "secret") {
			t.Errorf("%v: %s", c.err, got)
		}
		if (log.Len() > 0) != c.logs {
			t.Errorf("%v: logged %q", c.err, &log)
		}
	}
}

func TestNewWantsACatalog(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("no catalog, and no error")
	}
}

// TestRunEnds answers what was asked before the input ended.
func TestRunEnds(t *testing.T) {
	s := newServer(t, Options{})
	in := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"cite","arguments":{"id":2605.27001}}}
`
	var out bytes.Buffer
	if err := s.Run(t.Context(), strings.NewReader(in), &out); err != nil {
		t.Errorf("at the end of input: %v", err)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || !strings.Contains(lines[1], "@") {
		t.Errorf("answered:\n%s", &out)
	}
	out.Reset()
	if err := s.Run(t.Context(), strings.NewReader("this is no message\n"), &out); err == nil {
		t.Error("nonsense ends well")
	}
}

// TestSilentDatabase tells an agent in time that a database does not answer.
func TestSilentDatabase(t *testing.T) {
	engine, ends := &catalogtest.Engine{Engine: searchtest.NewPlain()}, make(chan bool)
	engine.Answer(func(search.Request, *search.Result) { <-ends })
	defer close(ends)
	silent := httpserver.NewCache(httpserver.CacheOptions{Version: func(ctx context.Context) (int64, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	}})
	cat := catalog.New(storetest.SQLite(t), papertest.Clock(), func() time.Time { return noon }).WithSearch(engine, nil)
	s, err := New(Options{Catalog: cat, Cache: silent})
	if err != nil {
		t.Fatal(err)
	}
	client := session{ClientSession: piped(t, s)}
	start := time.Now()
	res := client.call(t, "search_papers", map[string]any{"query": "finches"})
	if got := text(t, res); !res.IsError || !strings.Contains(got, "took too long") || time.Since(start) > longest/2 {
		t.Errorf("%s after %s", got, time.Since(start))
	}
}

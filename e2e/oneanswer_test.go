package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Every front end of the site gives one answer: each edition, asked for as a page, through
// our own API, as RSS, as Markdown, by an agent and by the command line, has the same
// papers in the same order; the compatible API, which orders by publication, has the
// same set.
func TestOneAnswer(t *testing.T) {
	base := site(t)
	for _, day := range days {
		want := edition(t, day)
		for i, path := range want {
			want[i] = strings.TrimPrefix(path, "/papers/")
		}
		frontEnds := map[string][]string{
			"page":           linked(t, base+"/papers/date/"+day, `<h3[^>]*>(?:<span[^>]*>[^<]*</span> )?<a [^>]*href="/papers/([^"]+)"`),
			"own API":        ownAPI(t, base, day),
			"RSS":            rss(t, base, day),
			"Markdown":       linked(t, base+"/papers/date/"+day+".md", `(?m)^## .*\]\(<`+regexp.QuoteMeta(base)+`/papers/(.+?)>\)`),
			"agent":          askedAgent(t, base, day),
			"command":        commandLine(t, "--date", day),
			"remote command": commandLine(t, "--date", day, "--endpoint", base),
		}
		for frontEnd, got := range frontEnds {
			if !slices.Equal(got, want) {
				t.Errorf("%s of %s: %v, want %v", frontEnd, day, got, want)
			}
		}
		compatible := compatibleAPI(t, base, day)
		slices.Sort(compatible)
		slices.Sort(want)
		if !slices.Equal(compatible, want) {
			t.Errorf("compatible API of %s: %v, want the set %v", day, compatible, want)
		}
	}
}

// linked are the identifiers that a pattern finds in a text of the site.
func linked(t *testing.T, address, pattern string) []string {
	t.Helper()
	var ids []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(download(t, address), -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// download is what stands at an address.
func download(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, resp.Status, err)
	}
	return string(body)
}

func ownAPI(t *testing.T, base, day string) []string {
	t.Helper()
	var answer struct{ Papers []struct{ ID string } }
	if err := json.Unmarshal([]byte(download(t, base+"/api/v1/editions/"+day+"?limit=200")), &answer); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range answer.Papers {
		ids = append(ids, p.ID)
	}
	return ids
}

func rss(t *testing.T, base, day string) []string {
	t.Helper()
	feed, err := gofeed.NewParser().ParseString(download(t, base+"/papers/date/"+day+".rss"))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, entry := range feed.Items {
		ids = append(ids, strings.TrimPrefix(entry.Link, base+"/papers/"))
	}
	return ids
}

func askedAgent(t *testing.T, base, day string) []string {
	t.Helper()
	session := agent(t, &mcp.StreamableClientTransport{Endpoint: base + "/mcp"})
	res, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "list_edition", Arguments: map[string]any{"date": day, "limit": 50}})
	if err != nil || res.IsError {
		t.Fatalf("list_edition: %+v, %v", res, err)
	}
	text, err := json.Marshal(res.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Papers []struct{ ID string } }
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range answer.Papers {
		ids = append(ids, p.ID)
	}
	return ids
}

// commandLine is what `broadsheet papers list` says, beside the site that runs.
func commandLine(t *testing.T, args ...string) []string {
	t.Helper()
	p, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.command(append([]string{"papers", "list", "--format", "ids"}, args...)...).Output()
	if err != nil {
		if exit, ok := err.(*exec.ExitError); ok {
			t.Fatalf("papers list %v: %v\n%s", args, err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

func compatibleAPI(t *testing.T, base, day string) []string {
	t.Helper()
	var items []struct{ Paper struct{ ID string } }
	if err := json.Unmarshal([]byte(download(t, base+"/api/daily_papers?limit=100&date="+day)), &items); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, it := range items {
		ids = append(ids, it.Paper.ID)
	}
	return ids
}

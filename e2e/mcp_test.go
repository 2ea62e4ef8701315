package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// agent opens a session with the protocol's own client.
func agent(t *testing.T, via mcp.Transport) *mcp.ClientSession {
	t.Helper()
	s, err := mcp.NewClient(&mcp.Implementation{Name: "e2e", Version: "1"}, nil).Connect(t.Context(), via, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return s
}

// agents are sessions with `broadsheet mcp`, which runs beside the site on the same
// data, and with the site.
func agents(t *testing.T) map[string]*mcp.ClientSession {
	t.Helper()
	url := site(t)
	return map[string]*mcp.ClientSession{
		"pipe": agent(t, &mcp.CommandTransport{Command: started.command("mcp")}),
		"http": agent(t, &mcp.StreamableClientTransport{Endpoint: url + "/mcp", DisableStandaloneSSE: true}),
	}
}

// A toolAnswer is the data in a tool's answer, as far as the tests ask about it.
type toolAnswer struct {
	ID       string
	Papers   []struct{ ID, Title, URL string }
	Total    int
	Cursor   string
	Markdown string
	Citation string
}

func callTool(t *testing.T, s *mcp.ClientSession, tool string, args map[string]any) (toolAnswer, error) {
	t.Helper()
	res, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	text := res.Content[0].(*mcp.TextContent).Text
	if res.IsError {
		return toolAnswer{}, errors.New(text)
	}
	b, err := json.Marshal(res.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	return answerOf(t, b), nil
}

func answerOf(t *testing.T, b []byte) (a toolAnswer) {
	t.Helper()
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return a
}

// paths are the addresses of the papers in an answer.
func (a toolAnswer) paths() []string {
	var all []string
	for _, p := range a.Papers {
		all = append(all, "/papers/"+p.ID)
	}
	return all
}

// Both ways to ask give the editions as their pages have them.
func TestAgentsListEditions(t *testing.T) {
	for name, s := range agents(t) {
		for _, day := range days {
			var got []string
			args := map[string]any{"date": day, "limit": 7}
			for {
				a, err := callTool(t, s, "list_edition", args)
				if err != nil {
					t.Fatalf("%s: %s: %v", name, day, err)
				}
				got = append(got, a.paths()...)
				if args["cursor"] = a.Cursor; a.Cursor == "" {
					break
				}
			}
			if want := edition(t, day); !slices.Equal(got, want) {
				t.Errorf("%s: %s: %v, want %v", name, day, got, want)
			}
		}
	}
}

// Both find papers.
func TestAgentsFindPapers(t *testing.T) {
	title := paperOf(t, plainPaper).Paper.Title
	for name, s := range agents(t) {
		if a, err := callTool(t, s, "search_papers", map[string]any{"query": title}); err != nil || len(a.Papers) == 0 || a.Papers[0].ID != plainPaper {
			t.Errorf("%s: searching %q: %+v, %v", name, title, a, err)
		}
		if a, err := callTool(t, s, "trending", map[string]any{"limit": 5}); err != nil || len(a.Papers) != 5 {
			t.Errorf("%s: trending: %+v, %v", name, a, err)
		}
		if a, err := callTool(t, s, "similar_papers", map[string]any{"id": plainPaper, "limit": 4}); err != nil || len(a.Papers) != 4 {
			t.Errorf("%s: similar: %+v, %v", name, a, err)
		}
	}
}

// Both know papers by all that identifies them; a number has lost its zeros.
func TestAgentsReadPapers(t *testing.T) {
	lost := json.Number(strings.TrimRight(plainPaper, "0"))
	for name, s := range agents(t) {
		for _, id := range []any{oldPaper, plainPaper + "v2", site(t) + "/papers/" + plainPaper, lost} {
			a, err := callTool(t, s, "get_paper", map[string]any{"id": id})
			if err != nil || !strings.HasPrefix(a.Markdown, "---\n") {
				t.Errorf("%s: %v: %+v, %v", name, id, a, err)
			}
		}
		if _, err := callTool(t, s, "cite", map[string]any{"id": "2401.99999"}); err == nil || !strings.Contains(err.Error(), "there is no paper 2401.99999") {
			t.Errorf("%s: an unknown paper: %v", name, err)
		}
		res, err := s.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "paper://" + oldPaper})
		if err != nil || !strings.Contains(res.Contents[0].Text, "# ") {
			t.Errorf("%s: resource: %+v, %v", name, res, err)
		}
	}
}

// Without the site, mcp makes findable what was imported, and a search beside it works.
func TestAgentAlone(t *testing.T) {
	p, err := newProgram("alone", "BROADSHEET_DEMO=false")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.run("import", "hf", "--no-index", "testdata/items.jsonl"); err != nil {
		t.Fatal(err)
	}
	s := agent(t, &mcp.CommandTransport{Command: p.command("mcp")})
	title := paperOf(t, plainPaper).Paper.Title
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		a, err := callTool(t, s, "search_papers", map[string]any{"query": title})
		if err == nil && len(a.Papers) > 0 && a.Papers[0].ID == plainPaper {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it never finds %q: %+v, %v", title, a, err)
		}
	}
	out, err := p.command("search", "--format", "ids", "--limit", "1", title).Output()
	if err != nil || strings.TrimSpace(string(out)) != plainPaper {
		t.Errorf("search beside it: %q, %v", out, err)
	}
	if err := p.serve(); err != nil {
		t.Fatalf("the site beside it: %v", err)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
}

// A signal ends mcp well, and it has written nothing but the protocol.
func TestAgentIsInterrupted(t *testing.T) {
	site(t)
	cmd := started.command("mcp")
	var out bytes.Buffer
	cmd.Stdout = &out
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
	time.AfterFunc(time.Second, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
	for line := range strings.Lines(out.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("on standard output: %s", line)
		}
	}
}

// inspector is the command of the MCP inspector, for both ways to ask.
func inspector(t *testing.T) map[string][]string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no Node.js: the MCP inspector needs it")
	}
	bin, err := filepath.Abs("node_modules/.bin/mcp-inspector")
	if err == nil {
		_, err = os.Stat(bin)
	}
	if err != nil {
		t.Skip("the MCP inspector is not installed in e2e/node_modules")
	}
	url := site(t)
	return map[string][]string{
		"pipe": {bin, "--cli", started.binary, "mcp", "--data", started.data},
		"http": {bin, "--cli", url + "/mcp", "--transport", "http"},
	}
}

// inspect runs one call of the inspector and returns the result that it prints.
func inspect(t *testing.T, command []string, args ...string) []byte {
	t.Helper()
	args = slices.Concat(command[1:], args)
	cmd := exec.CommandContext(t.Context(), command[0], args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir()) // it keeps a list of servers there
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("mcp-inspector %s: %v\n%s\n%s", strings.Join(args, " "), err, out, &stderr)
	}
	return out
}

// The inspector lists every tool, finds nothing wrong with them, and calls each.
func TestInspector(t *testing.T) {
	calls := map[string][]string{
		"search_papers":  {"query=language models", "limit=3"},
		"get_paper":      {"id=" + plainPaper},
		"list_edition":   {"date=" + days[0], "limit=2"},
		"trending":       {"limit=2"},
		"similar_papers": {"id=" + plainPaper, "limit=2"},
		"cite":           {"id=" + plainPaper, "format=ris"},
	}
	for name, command := range inspector(t) {
		t.Run(name, func(t *testing.T) {
			var listed struct{ Tools []struct{ Name string } }
			if err := json.Unmarshal(inspect(t, command, "--method", "tools/list", "--strict"), &listed); err != nil || len(listed.Tools) != len(calls) {
				t.Fatalf("%+v, %v", listed, err)
			}
			for _, tool := range listed.Tools {
				args := []string{"--method", "tools/call", "--tool-name", tool.Name, "--tool-arg"}
				var res struct {
					IsError           bool
					StructuredContent json.RawMessage
				}
				out := inspect(t, command, append(args, calls[tool.Name]...)...)
				if err := json.Unmarshal(out, &res); err != nil || res.IsError || res.StructuredContent == nil {
					t.Errorf("%s: %s, %v", tool.Name, out, err)
					continue
				}
				if a := answerOf(t, res.StructuredContent); len(a.Papers) == 0 && a.Markdown == "" && a.Citation == "" {
					t.Errorf("%s answers %s", tool.Name, out)
				}
			}
			read := inspect(t, command, "--method", "resources/read", "--uri", "paper://"+plainPaper)
			if !bytes.Contains(read, []byte("text/markdown")) {
				t.Errorf("resource: %s", read)
			}
		})
	}
}

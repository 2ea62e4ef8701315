package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A clientSite is a program that clients ask, and what it is known to hold.
type clientSite struct {
	url   string
	items string // the file that it was filled from; "" where clients are not to compare

	Day, Week, Month, Weekend, Future string
	Submitter, Paper, Unknown, Query  string
	Slash                             string // a paper with an identifier of the old form; "" when there is none
}

// fixtureFacts are of testdata/items.jsonl, realFacts of two years of the public site.
var (
	fixtureFacts = clientSite{
		Day: "2026-05-28", Week: "2026-W22", Month: "2026-05", Weekend: "2026-05-23", Future: "2031-01-06",
		Submitter: "tamsin", Paper: plainPaper, Unknown: "2612.09999", Query: "reasoning agents", Slash: oldPaper,
	}
	realFacts = clientSite{
		Day: "2025-10-29", Week: "2025-W09", Month: "2025-02", Weekend: "2025-10-25", Future: "2031-01-06",
		Submitter: "akhaliq", Paper: "2510.22795", Unknown: "2612.09999", Query: "vision language",
	}
)

// realItems is two years of what the public site has answered, beside the checkout.
const realItems = "../../shared/data/hf_daily_raw.jsonl.zst"

// environment tells a client all of it, as FACT_NAME.
func (s clientSite) environment() []string {
	return []string{
		"FACT_BASE=" + s.url, "FACT_ITEMS=" + s.items,
		"FACT_DAY=" + s.Day, "FACT_WEEK=" + s.Week, "FACT_MONTH=" + s.Month, "FACT_WEEKEND=" + s.Weekend,
		"FACT_FUTURE=" + s.Future, "FACT_SUBMITTER=" + s.Submitter, "FACT_PAPER=" + s.Paper,
		"FACT_UNKNOWN=" + s.Unknown, "FACT_QUERY=" + s.Query, "FACT_SLASH=" + s.Slash,
	}
}

// TestClients runs the programs that people have for the Daily Papers API against the
// real program: the client library at its newest and as it was a year before, its
// command line, and strict clients in four languages.
func TestClients(t *testing.T) {
	t.Run("fixture", func(t *testing.T) {
		s := fixtureFacts
		s.items = joined(t, "testdata/items.jsonl", "testdata/clients.jsonl")
		s.url = served(t, "clients", s.items)
		allClients(t, s)
	})
	t.Run("real", func(t *testing.T) {
		if testing.Short() {
			t.Skip("reads two years of items")
		}
		if _, err := os.Stat(realItems); err != nil {
			t.Skipf("no real data: %v", err)
		}
		s := realFacts
		s.url = served(t, "clients-real", realItems)
		allClients(t, s)
	})
}

// allClients are started together; each waits for answers most of its time.
func allClients(t *testing.T, s clientSite) {
	for name, run := range map[string]func(*testing.T, clientSite){
		"huggingface_hub":     func(t *testing.T, s clientSite) { hubClient(t, s, "venv") },
		"huggingface_hub-old": func(t *testing.T, s clientSite) { hubClient(t, s, "venv-old") },
		"hf":                  hfClient,
		"Python":              func(t *testing.T, s clientSite) { script(t, s, python(t), "strict.py") },
		"JavaScript":          func(t *testing.T, s clientSite) { script(t, s, node(t), "strict.mjs") },
		"Go":                  goClientOf,
		"bash":                func(t *testing.T, s clientSite) { script(t, s, bash(t), "strict.sh") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, s)
		})
	}
}

// served is the address of a program of its own with the items of a file. It ends with
// the test.
func served(t *testing.T, data, items string) string {
	t.Helper()
	p, err := newProgram(data, "BROADSHEET_DEMO=false")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.run("import", "hf", items); err != nil {
		t.Fatal(err)
	}
	if err := p.serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	return p.url
}

// joined is one file with the lines of several.
func joined(t *testing.T, names ...string) string {
	t.Helper()
	var all []byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	name := filepath.Join(t.TempDir(), "items.jsonl")
	if err := os.WriteFile(name, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// python, node and bash find what runs a client, or skip.

func python(t *testing.T) string {
	return needed(t, "python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))")
}

func node(t *testing.T) string {
	return needed(t, "node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)")
}

func bash(t *testing.T) string {
	needed(t, "curl", "--version")
	return needed(t, "bash", "-c", "[[ x =~ x ]]")
}

func needed(t *testing.T, program string, works ...string) string {
	t.Helper()
	if err := exec.Command(program, works...).Run(); err != nil {
		t.Skipf("no %s that could run this client: %v", program, err)
	}
	return program
}

// installed is a program of what scripts/setup-tests has installed from PyPI.
func installed(t *testing.T, environment, program string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", ".test", environment, "bin", program))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Skipf("not installed, run scripts/setup-tests: %v", err)
	}
	return path
}

// script runs a client of the folder clients, which lists what it finds wrong and then
// ends with an error.
func script(t *testing.T, s clientSite, interpreter, name string, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), interpreter, name)
	cmd.Dir = "clients"
	cmd.Env = clientEnvironment(append(s.environment(), env...))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), " 0 failed") {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

// clientEnvironment is the environment of a client: nothing of this machine's that
// would send it elsewhere.
func clientEnvironment(env []string) []string {
	var all []string
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !strings.HasPrefix(name, "HF_") && !strings.HasSuffix(strings.ToLower(name), "_proxy") {
			all = append(all, v)
		}
	}
	return append(append(all, "NO_PROXY=*", "PYTHONDONTWRITEBYTECODE=1"), env...)
}

// hubClient asks by the client library, as another name of the site: what leads on must
// lead there.
func hubClient(t *testing.T, s clientSite, environment string) {
	python := installed(t, environment, "python")
	var asked requests
	s.url = asked.proxy(t, s.url)
	script(t, s, python, "hub.py", "HF_ENDPOINT="+s.url, "HF_HOME="+t.TempDir(), "HF_HUB_DISABLE_TELEMETRY=1")
	if len(asked.all("/api/papers/")) == 0 {
		t.Error("the library has not asked this site")
	}
}

// requests are what clients have asked for.
type requests struct {
	mu   sync.Mutex
	list []*http.Request
}

// proxy starts a server that notes each request and hands it on, and returns its
// address. The site sees the name that the client has used.
func (r *requests) proxy(t *testing.T, site string) string {
	t.Helper()
	target, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		r.mu.Lock()
		r.list = append(r.list, p.In)
		r.mu.Unlock()
		p.SetURL(target)
		p.Out.Host = p.In.Host
	}}
	server := httptest.NewServer(forward)
	t.Cleanup(server.Close)
	return server.URL
}

// all are the requests for paths that start so.
func (r *requests) all(path string) []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	var some []*http.Request
	for _, req := range r.list {
		if strings.HasPrefix(req.URL.Path, path) {
			some = append(some, req)
		}
	}
	return some
}

func (r *requests) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, req := range r.list {
		fmt.Fprintln(&b, req.Method, req.URL, req.Header.Get("Authorization"))
	}
	return b.String()
}

package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// An hf is the command line of the client library, pointed at a site.
type hf struct {
	program string
	url     string
	home    string // where it keeps what it has saved
	site    *goClient
}

// savedToken is a token as a person has it from the public site.
const savedToken = "hf_savedByAnotherSite"

// hfClient runs every subcommand for papers with every flag; where there are more papers
// than that, those which find some.
func hfClient(t *testing.T, s clientSite) {
	for _, environment := range []string{"venv", "venv-old"} {
		h := &hf{program: installed(t, environment, "hf"), home: t.TempDir(), site: &goClient{s.url, &http.Client{Timeout: 30 * time.Second}}}
		var asked requests
		h.url = asked.proxy(t, s.url)
		if _, _, err := h.run("papers", "--help"); err != nil {
			t.Logf("%s: this version has no hf papers", environment)
			continue
		}
		t.Run("lists", func(t *testing.T) { h.lists(t, s) })
		t.Run("search", func(t *testing.T) { h.search(t, s) })
		if s.items != "" {
			t.Run("formats", func(t *testing.T) { h.formats(t, s) })
			t.Run("paper", func(t *testing.T) { h.paper(t, s) })
			t.Run("errors", func(t *testing.T) { h.errors(t, s) })
			t.Run("token", func(t *testing.T) { h.token(t, s) })
		}
		if len(asked.all("/api/agent-harnesses")) == 0 {
			t.Errorf("hf has not asked for /api/agent-harnesses, but for\n%s", &asked)
		}
	}
}

// run is what a command prints and what it says besides.
func (h *hf) run(args ...string) (out, said string, err error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(h.program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = clientEnvironment([]string{
		"HF_ENDPOINT=" + h.url, "HF_HOME=" + h.home, "HF_HUB_DISABLE_UPDATE_CHECK=1", "HF_HUB_DISABLE_TELEMETRY=1",
		"NO_COLOR=1", "COLUMNS=200",
	})
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}

// must is what a command prints that ends well.
func (h *hf) must(t *testing.T, args ...string) string {
	t.Helper()
	out, said, err := h.run(args...)
	if err != nil {
		t.Fatalf("hf %s: %v\n%s%s", strings.Join(args, " "), err, out, said)
	}
	return out
}

// ids are what a command prints with -q.
func (h *hf) ids(t *testing.T, args ...string) []string {
	t.Helper()
	return strings.Fields(h.must(t, append(args, "-q")...))
}

// served are the papers of an answer of the site.
func (h *hf) served(t *testing.T, path string) []string {
	t.Helper()
	var items []struct{ Paper struct{ ID string } }
	resp, err := h.site.http.Get(h.site.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&items); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.Paper.ID
	}
	return ids
}

// lists: each filter gives what the site serves for it.
func (h *hf) lists(t *testing.T, s clientSite) {
	for _, c := range []struct{ flags, query string }{
		{"", "limit=50"},
		{"--date " + s.Day, "limit=50&date=" + s.Day},
		{"--date " + s.Weekend, "date=" + s.Weekend},
		{"--week " + s.Week, "limit=50&week=" + s.Week},
		{"--month " + s.Month + " --limit 7", "limit=7&month=" + s.Month},
		{"--submitter " + s.Submitter + " --limit 5", "limit=5&submitter=" + s.Submitter},
		{"--sort trending", "limit=50&sort=trending"},
		{"--sort publishedAt --limit 100", "limit=100"},
		{"--date " + s.Day + " --submitter " + s.Submitter + " --sort trending --limit 2", "limit=2&sort=trending&date=" + s.Day + "&submitter=" + s.Submitter},
	} {
		t.Run(c.flags, func(t *testing.T) {
			t.Parallel()
			want := h.served(t, "/api/daily_papers?"+c.query)
			got := h.ids(t, append([]string{"papers", "list"}, strings.Fields(c.flags)...)...)
			if !slices.Equal(got, want) {
				t.Errorf("hf papers list %s: %v\nwant %v", c.flags, got, want)
			}
		})
	}
}

// formats: the same list in each form.
func (h *hf) formats(t *testing.T, s clientSite) {
	want := h.served(t, "/api/daily_papers?limit=3")
	for _, format := range []string{"--json", "--format json", "--format agent", "--format human", "--format quiet", "--format auto", "-q", "--no-truncate"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			out := h.must(t, append([]string{"papers", "ls", "--limit", "3"}, strings.Fields(format)...)...)
			for _, id := range want {
				if !strings.Contains(out, id) {
					t.Errorf("%s has no %s:\n%s", format, id, out)
				}
			}
			if strings.Contains(format, "json") {
				isPapers(t, out, len(want))
			}
		})
	}
	// On most days the site has nothing yet; that is no error.
	if out := h.must(t, "papers", "ls", "--date", "today", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("today: %s", out)
	}
}

// isPapers: out is a list of papers with all that hf shows of each.
func isPapers(t *testing.T, out string, n int) {
	t.Helper()
	var papers []struct {
		ID, Title, Summary string
		Upvotes, Comments  *int
		PublishedAt        time.Time `json:"published_at"`
		SubmittedAt        time.Time `json:"submitted_at"`
		SubmittedBy        struct{ Username, Fullname string }
	}
	if err := json.Unmarshal([]byte(out), &papers); err != nil || len(papers) != n {
		t.Fatalf("%d papers, %v:\n%s", len(papers), err, out)
	}
	for _, p := range papers {
		if p.ID == "" || p.Title == "" || p.Upvotes == nil || p.Comments == nil || p.PublishedAt.IsZero() || p.SubmittedAt.IsZero() {
			t.Errorf("%+v", p)
		}
	}
}

func (h *hf) search(t *testing.T, s clientSite) {
	for _, c := range []struct{ flags, query string }{
		{"", "limit=20"},
		{"--limit 3", "limit=3"},
		{"--limit 120", "limit=120"},
	} {
		t.Run(c.flags, func(t *testing.T) {
			t.Parallel()
			want := h.served(t, "/api/papers/search?"+c.query+"&q="+strings.ReplaceAll(s.Query, " ", "+"))
			got := h.ids(t, append([]string{"papers", "search", s.Query}, strings.Fields(c.flags)...)...)
			if !slices.Equal(got, want) || len(got) == 0 {
				t.Errorf("%v\nwant %v", got, want)
			}
		})
	}
	if out := h.must(t, "papers", "search", "zzqqzzqqxx", "--format", "json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("a word that nobody uses: %s", out)
	}
}

func (h *hf) paper(t *testing.T, s clientSite) {
	for _, id := range []string{s.Paper, s.Slash} {
		if id == "" {
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var info struct{ ID, Title string }
			if out := h.must(t, "papers", "info", id, "--json"); json.Unmarshal([]byte(out), &info) != nil || info.ID != id || info.Title == "" {
				t.Errorf("info: %s", out)
			}
			h.must(t, "papers", "info", id)
			text := h.must(t, "papers", "read", id)
			if !strings.HasPrefix(text, "---\n") || !strings.Contains(text, "/papers/"+id) {
				t.Errorf("read: %.300s", text)
			}
		})
	}
}

// errors: hf says what the site has said, and ends with an error.
func (h *hf) errors(t *testing.T, s clientSite) {
	for args, want := range map[string]string{
		"papers info " + s.Unknown:    "not found",
		"papers read " + s.Unknown:    "not found",
		"papers ls --date 2025-13-40": "2025-13-40",
		"papers ls --week 2025-W60":   "2025-W60",
		"papers ls --limit 101":       "limit",
		"papers search x --limit 121": "limit",
	} {
		t.Run(args[:min(len(args), 30)], func(t *testing.T) {
			t.Parallel()
			out, said, err := h.run(strings.Fields(args)...)
			if err == nil || !strings.Contains(said, want) || strings.Contains(said, "Traceback") {
				t.Errorf("hf %s: %v\n%s%s", args, err, out, said)
			}
		})
	}
}

// token: a saved token of another site, or one on the command line, changes nothing,
// though hf sends it.
func (h *hf) token(t *testing.T, s clientSite) {
	with := *h
	with.home = t.TempDir()
	var asked requests
	with.url = asked.proxy(t, h.site.base)
	if err := os.WriteFile(filepath.Join(with.home, "token"), []byte(savedToken), 0o600); err != nil {
		t.Fatal(err)
	}
	want := h.served(t, "/api/daily_papers?limit=3")
	for _, args := range [][]string{{"papers", "ls", "--limit", "3"}, {"papers", "ls", "--limit", "3", "--token", savedToken}} {
		if got := with.ids(t, args...); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", args, got, want)
		}
	}
	with.ids(t, "papers", "search", s.Query, "--token", savedToken)
	with.must(t, "papers", "info", s.Paper)
	with.must(t, "papers", "read", s.Paper)
	for _, path := range []string{"/api/daily_papers", "/api/papers/search"} {
		for _, r := range asked.all(path) {
			if r.Header.Get("Authorization") != "Bearer "+savedToken {
				t.Errorf("%s was asked with the authorization %q", path, r.Header.Get("Authorization"))
			}
		}
	}
	if len(asked.all("/api/agent-harnesses")) == 0 || len(asked.all("/papers/")) == 0 {
		t.Errorf("hf has asked for\n%s", &asked)
	}
}

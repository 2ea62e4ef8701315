package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// venv is where scripts/setup-tests puts the Python programs that the tests use.
const venv = "../.test/venv/bin"

// anExample is a program that a page shows.
type anExample struct{ name, language, code string }

// shownExamples are those of /developers.
func shownExamples(t *testing.T) []anExample {
	t.Helper()
	_, body := fetch(t, "/developers")
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out []anExample
	for n := range doc.Descendants() {
		about := map[string]string{}
		for _, a := range n.Attr {
			about[a.Key] = a.Val
		}
		if about["data-example"] != "" {
			out = append(out, anExample{about["data-example"], about["data-language"], n.FirstChild.Data})
		}
	}
	return out
}

// TestExamples runs every program that /developers shows, as it stands there.
func TestExamples(t *testing.T) {
	examples := shownExamples(t)
	if len(examples) < 10 {
		t.Fatalf("only %d examples", len(examples))
	}
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			switch e.language {
			case "bash":
				runExample(t, "bash", e.code, "-eu", "-o", "pipefail", "-s")
			case "python":
				needModule(t, e.code)
				runExample(t, filepath.Join(venv, "python"), e.code, "-")
			case "javascript":
				runExample(t, "node", e.code, "--input-type=module", "-")
			case "json":
				useConfiguration(t, e.code)
			default:
				t.Errorf("nobody knows how to run %q", e.language)
			}
		})
	}
}

// calls finds the programs that a shell example starts.
var calls = regexp.MustCompile(`(?m)^([a-z]+) `)

// runExample runs code, which must end well and say something.
func runExample(t *testing.T, program, code string, args ...string) {
	t.Helper()
	env := exampleEnv(t)
	if program == "bash" {
		for _, m := range calls.FindAllStringSubmatch(code, -1) {
			if m[1] != "export" {
				lookIn(t, env, m[1])
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, lookIn(t, env, program), args...)
	cmd.Env, cmd.Stdin = env, strings.NewReader(code)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil || strings.TrimSpace(out.String()) == "" {
		t.Errorf("%s: %v\n%s\n--- said\n%.1000s\n--- complained\n%.3000s", program, err, code, out.String(), complaints.String())
	}
}

// exampleEnv is the environment of somebody who tries examples: the programs they
// speak of are installed, and nothing is configured.
func exampleEnv(t *testing.T) []string {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	python, err := filepath.Abs(venv)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	return []string{
		"PATH=" + strings.Join([]string{filepath.Dir(binary), python, os.Getenv("PATH")}, string(os.PathListSeparator)),
		"HOME=" + home, "HF_HOME=" + home, "NO_PROXY=*", "LC_ALL=C.UTF-8", "HF_HUB_DISABLE_UPDATE_CHECK=1",
	}
}

// lookIn finds a program on the path of env; a test without it is skipped.
func lookIn(t *testing.T, env []string, program string) string {
	t.Helper()
	if strings.ContainsRune(program, filepath.Separator) {
		if _, err := os.Stat(program); err != nil {
			t.Skipf("no %s: run scripts/setup-tests", program)
		}
		return program
	}
	for _, dir := range filepath.SplitList(strings.TrimPrefix(env[0], "PATH=")) {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path
		}
	}
	t.Skipf("%s is not on this machine", program)
	return ""
}

// imports finds the library that a Python example is about.
var imports = regexp.MustCompile(`(?m)^(?:from|import) (\w+)`)

// needModule skips the test where a library is missing.
func needModule(t *testing.T, code string) {
	t.Helper()
	python := lookIn(t, nil, filepath.Join(venv, "python"))
	for _, m := range imports.FindAllStringSubmatch(code, -1) {
		if err := exec.Command(python, "-c", "import "+m[1]).Run(); err != nil {
			t.Skipf("no %s in %s", m[1], venv)
		}
	}
}

// initialize is how a client begins to speak with a server of tools.
const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"example","version":"1"}}}`

// useConfiguration does what an assistant does with a configuration of servers.
func useConfiguration(t *testing.T, code string) {
	t.Helper()
	var config struct {
		Servers map[string]struct {
			URL, Command string
			Args         []string
		} `json:"mcpServers"`
	}
	if err := json.Unmarshal([]byte(code), &config); err != nil || len(config.Servers) == 0 {
		t.Fatalf("%v: %s", err, code)
	}
	for name, s := range config.Servers {
		var answer string
		var err error
		if s.URL != "" {
			answer, err = beginOverHTTP(t, s.URL)
		} else {
			answer, err = beginOverPipes(t, s.Command, s.Args)
		}
		if err != nil || !strings.Contains(answer, `"serverInfo"`) {
			t.Errorf("%s: %v: %.500s", name, err, answer)
		}
	}
}

func beginOverHTTP(t *testing.T, url string) (string, error) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(initialize))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(resp.Body)
	return b.String(), err
}

func beginOverPipes(t *testing.T, command string, args []string) (string, error) {
	p, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	if at := slices.Index(args, "--data") + 1; at > 0 && at < len(args) {
		args[at] = p.data // the example names a folder that few have
	}
	env := exampleEnv(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, lookIn(t, env, command), args...)
	cmd.Env, cmd.Dir, cmd.Stdin = env, t.TempDir(), strings.NewReader(initialize+"\n")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		err = errors.Join(err, errors.New(complaints.String()))
	}
	return string(out), err
}

package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/papertest"
)

// killRounds is how often each command is killed: BROADSHEET_TEST_KILLS, or a few times.
func killRounds(t *testing.T) int {
	t.Helper()
	if testing.Short() {
		t.Skip("kills every command")
	}
	text := os.Getenv("BROADSHEET_TEST_KILLS")
	if text == "" {
		return 2
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A victim is a command that is killed at a random moment and run again.
type victim struct {
	name   string
	before [][]string // commands that are run first
	args   []string
	// index says that the search index is removed before the command.
	noIndex bool
	// result is what must be the same as without a kill.
	result func(t *testing.T, p *program) string
}

// Every command that is killed and run again ends as if it had not been killed.
func TestKilledCommands(t *testing.T) {
	rounds := killRounds(t)
	dir := t.TempDir()
	corpus := papertest.New(600)
	files, err := corpus.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	judged := filepath.Join(dir, "judged")
	if err := os.Mkdir(judged, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := papertest.New(200).WriteJudged(judged); err != nil {
		t.Fatal(err)
	}
	filled := [][]string{{"import", "hf", files.Hub}}
	model := filepath.Join(dir, "model.bin")
	for _, v := range []victim{
		{name: "import hf", args: []string{"import", "hf", files.Hub}, result: everything},
		{name: "import arxiv", args: []string{"import", "arxiv", files.ArXiv}, result: everything},
		{name: "import votes", before: filled, args: []string{"import", "votes", files.Votes}, result: everything},
		{name: "import votes first", args: []string{"import", "votes", files.Votes}, result: func(t *testing.T, p *program) string {
			if err := p.run("import", "hf", files.Hub); err != nil {
				t.Fatal(err)
			}
			return everything(t, p)
		}},
		{name: "import organizations", before: filled, args: []string{"import", "organizations", files.Organizations}, result: everything},
		{name: "search", before: filled, args: []string{"search", "--limit", "1000", "year:2000.."}, noIndex: true, result: everything},
		{name: "demo load", args: []string{"demo", "load"}, result: everything},
		{name: "demo remove", before: append(filled, []string{"demo", "load"}), args: []string{"demo", "remove"}, result: everything},
		{name: "serve", before: filled, args: []string{"serve"}, noIndex: true, result: everything},
		{name: "serve on a new folder", args: []string{"serve"}, result: everything},
		{
			name: "eval", args: []string{"eval", "--format", "json", judged},
			result: func(t *testing.T, p *program) string { return output(t, p, "eval", "--format", "json", judged) },
		},
		{
			name: "model train",
			args: []string{"model", "train", "--out", model, "--dimensions", "16", "--batch", "32", "--epochs", "3", "--workers", "1", files.ArXiv},
			result: func(t *testing.T, _ *program) string {
				b, err := os.ReadFile(model)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Remove(model); err != nil {
					t.Fatal(err)
				}
				return string(b)
			},
		},
	} {
		t.Run(v.name, func(t *testing.T) { v.kill(t, rounds) })
	}
}

// kill runs the command once to its end, and then rounds times so that it is killed at a
// random moment first.
func (v *victim) kill(t *testing.T, rounds int) {
	whole := v.prepare(t)
	began := time.Now()
	v.finish(t, whole)
	took := time.Since(began)
	want := v.result(t, whole)
	for i := range rounds {
		p := v.prepare(t)
		moment := time.Duration(rand.Int64N(int64(took)))
		cmd := p.command(v.arguments()...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(moment)
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		v.finish(t, p)
		if got := v.result(t, p); got != want {
			t.Errorf("round %d: killed after %s and run again: %s", i, moment, firstDifference(want, got))
		}
	}
}

// prepare makes a folder as it is before the command.
func (v *victim) prepare(t *testing.T) *program {
	t.Helper()
	p, err := newProgram(t.Name(), "TMPDIR="+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p.data = filepath.Join(t.TempDir(), "data")
	for _, args := range v.before {
		if err := p.run(args...); err != nil {
			t.Fatal(err)
		}
	}
	if v.noIndex {
		if err := os.RemoveAll(filepath.Join(p.data, "index")); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (v *victim) arguments() []string {
	if v.args[0] == "serve" {
		return append(v.args, "--listen", "127.0.0.1:0")
	}
	return v.args
}

// finish runs the command to its end; of serve that is when it is healthy and told to stop.
func (v *victim) finish(t *testing.T, p *program) {
	t.Helper()
	if v.args[0] != "serve" {
		if err := p.run(v.args...); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := p.serve(); err != nil {
		t.Fatal(err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
}

// everything is all that the API says of all papers, and which of them are found.
func everything(t *testing.T, p *program) string {
	t.Helper()
	listed := output(t, p, "papers", "list", "--new", "--limit", "10000", "--format", "json")
	ids := strings.Fields(output(t, p, "papers", "list", "--new", "--limit", "10000", "--format", "ids"))
	found := strings.Fields(output(t, p, "search", "--limit", "1000", "--format", "ids", "year:1900.."))
	slices.Sort(ids)
	slices.Sort(found)
	if !slices.Equal(ids, found) {
		t.Errorf("of %d papers %d are found", len(ids), len(found))
	}
	return listed
}

// output is what a command writes to standard output.
func output(t *testing.T, p *program, args ...string) string {
	t.Helper()
	cmd := p.command(args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("broadsheet %s: %v\n%s", strings.Join(args, " "), err, &said)
	}
	return out.String()
}

func firstDifference(want, got string) string {
	i := 0
	for i < min(len(want), len(got)) && want[i] == got[i] {
		i++
	}
	from := max(0, i-100)
	return fmt.Sprintf("%d bytes where %d are right; after byte %d\nwant %.300q\ngot  %.300q", len(got), len(want), i, want[from:], got[from:])
}

// Two commands that come first to a new folder, at the same time, both do their work.
func TestTwoFirstStarts(t *testing.T) {
	rounds := 2 * killRounds(t)
	files, err := papertest.New(40).Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := range rounds {
		p, err := newProgram("first")
		if err != nil {
			t.Fatal(err)
		}
		p.data = filepath.Join(t.TempDir(), "data")
		ended := make(chan error, 2)
		for _, args := range [][]string{{"import", "hf", files.Hub}, {"import", "votes", files.Votes}} {
			go func() { ended <- p.run(args...) }()
		}
		for range 2 {
			if err := <-ended; err != nil {
				t.Errorf("round %d: %v", i, err)
			}
		}
		everything(t, p)
	}
}

package cli

import (
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"broadsheet/internal/papertest"
)

// update rewrites the expected outputs in testdata/script: go test ./internal/cli -update.
var update = flag.Bool("update", false, "rewrite the goldens in the scripts")

// TestMain makes this test binary the broadsheet program when a script calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"broadsheet": func() { os.Exit(Main()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			// A free port for each script that serves.
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("ADDR", l.Addr().String())
			return l.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   status,
			"fetch":    fetch,
			"papers":   writePapers,
			"emptydir": emptyDir,
			"waitfor":  waitFor,
		},
	})
}

// exitStatus is how a command ended: a number, or what kept it from running.
func exitStatus(err error) string {
	if err == nil {
		return "0"
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}

// fetch WANT URL: asks until the answer has the status WANT, and shows its body.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fetch WANT URL")
	}
	got := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(args[1])
		if err != nil {
			got = err.Error()
			continue
		}
		body, err := io.ReadAll(resp.Body)
		ts.Check(errors.Join(err, resp.Body.Close()))
		if got = strconv.Itoa(resp.StatusCode); got == args[0] {
			_, err := ts.Stdout().Write(body)
			ts.Check(err)
			return
		}
	}
	ts.Fatalf("%s: got %s, want %s", args[1], got, args[0])
}

// status WANT COMMAND...: runs a command that must end with the exit status WANT.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status WANT COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	if got := exitStatus(err); got != args[0] {
		ts.Fatalf("%s ended with status %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// papers N DIR: writes N made papers in every format that is imported into DIR.
func writePapers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: papers N DIR")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	dir := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(dir, 0o755))
	_, err = papertest.New(n).Write(dir)
	ts.Check(err)
}

// emptydir DIR: nothing lies in DIR.
func emptyDir(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: emptydir DIR")
	}
	left, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(left) > 0 {
		ts.Fatalf("%s holds %v", args[0], left)
	}
}

// waitfor PATTERN: waits until there is a file that matches PATTERN.
func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitfor PATTERN")
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found, err := filepath.Glob(ts.MkAbs(args[0])); err == nil && len(found) > 0 {
			return
		}
	}
	ts.Fatalf("there is no %s", args[0])
}

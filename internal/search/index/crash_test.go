package index

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("INDEX_CRASH_DIR"); dir != "" {
		if err := applyUntilKilled(dir); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// applyUntilKilled applies batches of changing size and says each seq that was
// acknowledged.
func applyUntilKilled(dir string) error {
	e, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	corpus := searchtest.Corpus(1, 2000)
	at, err := e.Position(context.Background())
	if err != nil {
		return err
	}
	for seq := int(at.Seq); ; {
		n := 1 + seq*7%40
		if seq%11 == 0 {
			n = 600
		}
		var changes []search.Change
		for range n {
			changes = append(changes, numbered(corpus, seq))
			seq++
		}
		if err := e.Apply(context.Background(), changes, search.Position{Seq: int64(seq)}); err != nil {
			return err
		}
		fmt.Println("applied", seq)
	}
}

// numbered is the change of a seq: every fifth replaces an earlier paper.
func numbered(corpus []search.Change, seq int) search.Change {
	c := corpus[seq%len(corpus)]
	n := seq
	if seq%5 == 4 {
		n = seq - 4
	}
	c.ID = paper.ID(fmt.Sprintf("10.1/%d", n))
	return c
}

func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	dir := t.TempDir()
	acknowledged := 0
	for round := range 6 {
		acknowledged = max(acknowledged, killOne(t, dir, time.Duration(150+97*round)*time.Millisecond))
		e, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		cursor := int(status(t, e).Position.Seq)
		if cursor < acknowledged {
			t.Errorf("round %d: %d was acknowledged and only %d is there", round, acknowledged, cursor)
		}
		if got, want := status(t, e).Papers, cursor-cursor/5; got != want {
			t.Errorf("round %d: %d papers at %d, want %d", round, got, cursor, want)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if acknowledged == 0 {
		t.Error("nothing was applied")
	}
}

// killOne runs a process that applies and kills it after a while; it gives the last
// seq that the process saw applied.
func killOne(t *testing.T, dir string, after time.Duration) (last int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "INDEX_CRASH_DIR="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var timer *time.Timer
	for lines.Scan() {
		if timer == nil {
			timer = time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		word, n, _ := strings.Cut(lines.Text(), " ")
		if word != "applied" {
			t.Errorf("the process says %q", lines.Text())
			continue
		}
		if last, err = strconv.Atoi(n); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait()
	return last
}

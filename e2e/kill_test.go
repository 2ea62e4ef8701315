package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// rows writes n rows of arXiv metadata, some of them of one paper, and returns the
// file's name.
func rows(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	for i := range n {
		id := i % (n * 9 / 10)
		fmt.Fprintf(&b, `{"id":"2401.%05d","title":"Number %d of many","abstract":"It says %d.","authors":["A. Writer%d"],`+
			`"categories":["cs.CL"],"published":"2024-01-%02d"}`+"\n", id+1, id, i, id%997, id%28+1)
	}
	name := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// contents is what a data folder holds: every paper, and who has written it.
func contents(t *testing.T, data string) map[paper.ID]string {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(data, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[paper.ID]string{}
	for after := (store.Keyset{}); ; {
		page, err := db.Newest(t.Context(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, r := range page {
			n, err := db.CountByAuthor(t.Context(), paper.Slug(r.Paper.Authors[0].Name), 1000)
			if err != nil {
				t.Fatal(err)
			}
			all[r.Paper.ID] = fmt.Sprint(r.Paper.Title, r.Paper.Abstract, r.Paper.Published, n)
		}
		after = store.KeysetOf(&page[len(page)-1].Paper)
	}
}

// An import that is killed in the middle and run again ends like one that was not.
func TestKilledImport(t *testing.T) {
	file := rows(t, 40_000)
	whole, err := newProgram("whole")
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.run("import", "arxiv", file); err != nil {
		t.Fatal(err)
	}
	killed, err := newProgram("killed")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		cmd := killed.command("import", "arxiv", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitForPapers(t, killed.data, (i+1)*6000)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the import had ended before it was killed")
		}
	}
	out, err := killed.command("import", "arxiv", file).CombinedOutput()
	if err != nil || strings.Contains(string(out), " 36,000 new") {
		t.Fatalf("%v\n%s", err, out)
	}
	if d := cmp.Diff(contents(t, whole.data), contents(t, killed.data)); d != "" {
		t.Error(d)
	}
}

// waitForPapers waits until the database in data holds n papers.
func waitForPapers(t *testing.T, data string, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	url := "sqlite:" + filepath.Join(data, "broadsheet.db")
	for ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
		if _, err := os.Stat(filepath.Join(data, "broadsheet.db")); err != nil {
			continue
		}
		db, err := store.Open(ctx, url)
		if err != nil {
			continue // the import is just making it
		}
		have, err := db.Papers(ctx)
		db.Close()
		if err == nil && int(have) >= n {
			return
		}
	}
	t.Fatal("the import does not come on")
}

package ingest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/hub"
	"broadsheet/internal/source/record"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// items are n items of a Daily Papers API over several editions; some papers are
// seen twice, with more votes the second time.
func items(n int) string {
	var b strings.Builder
	for i := range n {
		id := i % (n * 3 / 4)
		day := 10 + id%7
		fmt.Fprintf(&b, `{"paper":{"id":"2605.%05d","title":"Paper number %d","summary":"It is about %d.",`+
			`"authors":[{"_id":"a%d","name":"Author %d","hidden":false}],"publishedAt":"2026-05-%02dT00:00:00.000Z","upvotes":%d},`+
			`"numComments":%d,"_list_date":"2026-05-%02d","_taken_at":"2026-05-%02dT%02d:00:00Z"}`+"\n",
			id+1, id, id, id, id%50, day-1, i%40, i%3, day, day+i/(n*3/4), 8+i%12)
	}
	return b.String()
}

// everything is all that readers can see of a store.
func everything(t *testing.T, db *store.DB) map[string]any {
	t.Helper()
	all := map[string]any{}
	rows, err := db.Newest(t.Context(), store.Keyset{}, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		p, err := db.Paper(t.Context(), r.Paper.ID)
		if err != nil {
			t.Fatal(err)
		}
		votes, err := db.Signals(t.Context(), p.ID, paper.SignalVotes)
		if err != nil {
			t.Fatal(err)
		}
		all[string(p.ID)] = []any{p, r.Submission, votes}
	}
	days, err := db.Days(t.Context(), "0000", "9999")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		rows, err := db.Edition(t.Context(), d.Day.Period(), nil, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		var order []paper.ID
		for _, r := range rows {
			order = append(order, r.Paper.ID)
		}
		all[string(d.Day)] = []any{d.Papers, order}
	}
	return all
}

func run(t *testing.T, db *store.DB, text string, o ingest.Options) (ingest.Summary, error) {
	t.Helper()
	return ingest.Run(t.Context(), db, hub.Items(source.Files{Names: []string{"-"}, Stdin: strings.NewReader(text)}), o)
}

func TestImportTwice(t *testing.T) {
	db := storetest.SQLite(t)
	text := items(400)
	first, err := run(t, db, text, ingest.Options{})
	if err != nil || first.Records != 400 || first.Added != 300 || first.Changed != 100 {
		t.Fatalf("%+v, %v", first, err)
	}
	before, version := everything(t, db), versionOf(t, db)
	second, err := run(t, db, text, ingest.Options{})
	if err != nil || second.Unchanged != 400 {
		t.Errorf("%+v, %v", second, err)
	}
	if versionOf(t, db) != version {
		t.Error("the change sequence moved")
	}
	if d := cmp.Diff(before, everything(t, db)); d != "" {
		t.Error(d)
	}
}

func versionOf(t *testing.T, db *store.DB) int64 {
	t.Helper()
	v, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestInterruptedAndRunAgain(t *testing.T) {
	text := items(5000)
	whole := storetest.SQLite(t)
	if _, err := run(t, whole, text, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	broken := storetest.SQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sum, err := ingest.Run(ctx, broken, hub.Items(source.Files{Names: []string{"-"}, Stdin: strings.NewReader(text)}), ingest.Options{
		Progress: func(p ingest.Progress) {
			if p.Records > 2000 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) || sum.Added == 0 || sum.Added == 3750 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if n, err := broken.Papers(t.Context()); int(n) != sum.Added || err != nil {
		t.Errorf("%d papers are there, %d were counted, %v", n, sum.Added, err)
	}
	if _, err := run(t, broken, text, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(everything(t, whole), everything(t, broken)); d != "" {
		t.Error(d)
	}
}

func TestBadLines(t *testing.T) {
	lines := strings.SplitAfter(items(20), "\n")
	lines[3] = "{\"paper\": 7}\n"
	lines[7] = "not JSON\n"
	lines[9] = strings.Replace(lines[9], "It is", "It \xff is", 1)
	lines[11] = strings.Replace(lines[11], `"_list_date":"2026-05-`, `"_list_date":"2026-13-`, 1)
	text := strings.Join(lines, "")

	db := storetest.SQLite(t)
	var bad []string
	sum, err := run(t, db, text, ingest.Options{Bad: func(err error) { bad = append(bad, err.Error()) }})
	if err != nil || sum.Records != 20 || sum.Bad != 4 {
		t.Fatalf("%+v, %v", sum, err)
	}
	for i, line := range []int{4, 8, 10, 12} {
		if want := fmt.Sprintf("stdin:%d: ", line); !strings.HasPrefix(bad[i], want) {
			t.Errorf("%q does not name line %d", bad[i], line)
		}
	}

	strict := storetest.SQLite(t)
	_, err = run(t, strict, text, ingest.Options{Strict: true})
	var le *record.LineError
	if !errors.As(err, &le) || le.Line != 4 {
		t.Errorf("strict: %v", err)
	}
	if n, err := strict.Papers(t.Context()); n != 0 || err != nil {
		t.Errorf("strict kept %d papers, %v", n, err)
	}
}

func TestMissingFileStopsBeforeAnythingIsRead(t *testing.T) {
	db := storetest.SQLite(t)
	good := filepath.Join(t.TempDir(), "good.jsonl")
	if err := os.WriteFile(good, []byte(items(8)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ingest.Run(t.Context(), db, hub.Items(source.Files{Names: []string{good, good + ".missing"}}), ingest.Options{})
	var unreadable *record.UnreadableError
	if !errors.As(err, &unreadable) {
		t.Errorf("error %v", err)
	}
	if n, err := db.Papers(t.Context()); n != 0 || err != nil {
		t.Errorf("%d papers, %v", n, err)
	}
}

func TestDemoComesOnceOnly(t *testing.T) {
	db := storetest.SQLite(t)
	if err := ingest.Demo(t.Context(), db, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	n, err := db.Forget(t.Context(), paper.SourceDemo)
	if err != nil || n != 65 {
		t.Fatalf("removed %d, %v", n, err)
	}
	if err := ingest.Demo(t.Context(), db, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Papers(t.Context()); n != 0 || err != nil {
		t.Errorf("it came back with %d papers, %v", n, err)
	}
}

// A part of a real export, read twice.
func TestRealItems(t *testing.T) {
	const name = "../../../shared/data/hf_daily_raw.jsonl.zst"
	f, err := os.Open(name)
	if err != nil {
		t.Skip("the real export is not here: " + err.Error())
	}
	defer f.Close()
	unpacked, err := zstd.NewReader(f, zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer unpacked.Close()
	var text strings.Builder
	lines := bufio.NewScanner(unpacked)
	lines.Buffer(nil, 1<<20)
	for n := 0; n < 1500 && lines.Scan(); n++ {
		text.Write(lines.Bytes())
		text.WriteByte('\n')
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first, err := run(t, db, text.String(), ingest.Options{})
		if err != nil || first.Bad != 0 || first.Records != 1500 {
			t.Fatalf("%+v, %v", first, err)
		}
		second, err := run(t, db, text.String(), ingest.Options{})
		if err != nil || second.Unchanged != 1500 {
			t.Errorf("%+v, %v", second, err)
		}
	})
}

package index

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

const sharedData = "../../../../shared/data"

// readCorpus calls f with up to n papers of the real corpus; it skips the test where
// that is absent.
func readCorpus(tb testing.TB, n int, f func(search.Change)) {
	tb.Helper()
	file, err := os.Open(filepath.Join(sharedData, "arxiv.jsonl.zst"))
	if err != nil {
		tb.Skipf("no corpus: %v", err)
	}
	defer file.Close()
	z, err := zstd.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<24)
	for ; n > 0 && lines.Scan(); n-- {
		var row struct {
			ID, Title, Abstract, Published string
			Authors, Categories            []string
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			tb.Fatal(err)
		}
		day, _ := time.Parse(time.DateOnly, row.Published)
		d := &search.Document{Title: row.Title, Abstract: row.Abstract, Authors: row.Authors, Categories: row.Categories}
		if !day.IsZero() {
			d.Published = day.UnixMicro()
		}
		f(search.Change{ID: paper.ID(row.ID), Document: d})
	}
}

// judgedQueries are the queries of the judged collections.
func judgedQueries(tb testing.TB) (out []string) {
	tb.Helper()
	files, _ := filepath.Glob(filepath.Join(sharedData, "ir/*/queries.jsonl"))
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Skipf("no queries: %v", err)
		}
		for line := range strings.Lines(string(b)) {
			var row struct{ Text string }
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				tb.Fatal(err)
			}
			out = append(out, row.Text)
		}
	}
	if len(out) == 0 {
		tb.Skip("no queries")
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(282, len(out))]
}

func plainWords(text string) search.Query {
	q := search.Query{Text: text}
	for _, w := range strings.Fields(text) {
		q.Should = append(q.Should, search.Clause{Text: w})
	}
	return q
}

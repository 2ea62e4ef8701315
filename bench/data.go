package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet/internal/papertest"
)

// A row is a paper of the corpus.
type row struct {
	ID, Title, Abstract, Published string
	Authors, Categories            []string
}

// papersOf reads the papers, or makes them up.
func papersOf(s settings) ([]row, error) {
	if s.corpus != "" {
		return readPapers(s.corpus, s.papers)
	}
	var all []row
	for _, p := range papertest.New(s.papers).Papers {
		all = append(all, row{ID: p.ID, Title: p.Title, Abstract: p.Abstract, Published: p.Published.Format(time.DateOnly), Authors: p.Authors, Categories: p.Categories})
	}
	return all, nil
}

// readPapers reads up to limit papers; 0 means all.
func readPapers(path string, limit int) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("-corpus: %w", err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".zst") {
		z, err := zstd.NewReader(f)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		in = z
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	var papers []row
	for (limit == 0 || len(papers) < limit) && lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, len(papers)+1, err)
		}
		papers = append(papers, r)
	}
	return papers, lines.Err()
}

// judgedQueries draws queries from all collections below dir, always the same ones.
func judgedQueries(dir string, n int) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "queries.jsonl"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no */queries.jsonl below %s; name a folder with -judged (%v)", dir, err)
	}
	var out []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(b)) {
			var q struct{ Text string }
			if err := json.Unmarshal([]byte(line), &q); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			out = append(out, q.Text)
		}
	}
	random := rand.New(rand.NewPCG(1, 1))
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(n, len(out))], nil
}

// titleQueries makes queries of one to four neighboring words of titles.
func titleQueries(papers []row, n int) (out []string) {
	random := rand.New(rand.NewPCG(2, 2))
	for range n {
		words := strings.Fields(papers[random.IntN(len(papers))].Title)
		if len(words) == 0 {
			continue
		}
		from := random.IntN(len(words))
		out = append(out, strings.Join(words[from:min(len(words), from+1+random.IntN(4))], " "))
	}
	return out
}

func summary(times []time.Duration) report {
	slices.Sort(times)
	if len(times) == 0 {
		return report{}
	}
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	at := func(p float64) float64 { return ms(times[int(p*float64(len(times)-1))]) }
	return report{Mean: ms(sum) / float64(len(times)), P50: at(.5), P95: at(.95), P99: at(.99)}
}

package source_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/record"
)

// numbered are lines with numbers, of which every hundredth is none.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		if i%100 == 99 {
			b.WriteString("{\n")
			continue
		}
		fmt.Fprintf(&b, "{\"n\":%d}\n", i)
	}
	return b.String()
}

func fromText(names []string, text string) source.Source {
	decode := func(data []byte) (int, error) {
		var v struct {
			N int `json:"n"`
		}
		err := record.Decode(data, &v)
		return v.N, err
	}
	return source.FromFiles("zoo", source.Files{Names: names, Stdin: strings.NewReader(text)}, decode, func(b *source.Batch, n int) {
		b.Observe(paper.Observation{Fingerprint: int64(n)})
	})
}

func TestRecordsComeInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "more.jsonl")
	if err := os.WriteFile(path, []byte(numbered(500)), 0o600); err != nil {
		t.Fatal(err)
	}
	const n = 10_000
	next, batches, bad := 0, 0, 0
	for b, err := range fromText([]string{"-", path}, numbered(n)).Observations(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		batches++
		bad += len(b.Bad)
		for _, o := range b.Observations {
			if next%100 == 99 {
				next++
			}
			if next == n {
				next = 0
			}
			if int(o.Fingerprint) != next {
				t.Fatalf("record %d comes where %d should", o.Fingerprint, next)
			}
			next++
		}
		for _, err := range b.Bad {
			var line *record.LineError
			if !errors.As(err, &line) || line.Line%100 != 0 {
				t.Errorf("bad: %v", err)
			}
		}
	}
	if next != 499 || batches != 6 || bad != 105 {
		t.Errorf("ended at %d after %d batches, %d bad", next, batches, bad)
	}
}

// Whoever has enough leaves nothing running.
func TestReadingMayStopAnywhere(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, err := range fromText([]string{"-"}, numbered(50_000)).Observations(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

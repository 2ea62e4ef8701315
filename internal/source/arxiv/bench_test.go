package arxiv

import (
	"bytes"
	"io"
	"os"
	"testing"

	"broadsheet/internal/source/record"
)

// sample is the first rows of the big file, each in its own memory.
func sample(tb testing.TB, n int) [][]byte {
	tb.Helper()
	r := openData(tb, "arxiv.jsonl.zst")
	rows := make([][]byte, 0, n)
	for len(rows) < n {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, bytes.Clone(rec.Data))
	}
	return rows
}

// openData opens a file of real data, and skips where it is not at hand.
func openData(tb testing.TB, name string) *record.Reader {
	tb.Helper()
	path := "../../../../shared/data/" + name
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no real data: %v", err)
	}
	r, err := record.Open(path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = r.Close() })
	return r
}

func BenchmarkDecodeSnapshot(b *testing.B) {
	rows := sample(b, 20_000)
	size := 0
	for _, row := range rows {
		size += len(row)
	}
	b.SetBytes(int64(size / len(rows)))
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if _, err := DecodeSnapshot(rows[i%len(rows)]); err != nil {
			b.Fatal(err)
		}
	}
}

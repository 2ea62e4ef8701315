package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/ingest"
)

func TestPlainLine(t *testing.T) {
	for _, tt := range []struct {
		name string
		now  ingest.Progress
		all  time.Duration
		open time.Duration
		want string
	}{
		{"half", ingest.Progress{Name: "a/b.jsonl", Done: 50, Total: 100, Records: 3000}, 10 * time.Second, 10 * time.Second,
			"b.jsonl: 3,000 records, 300/s, 50 %, 10s left"},
		{"second file", ingest.Progress{Name: "c.jsonl", Done: 25, Total: 100, Records: 4000}, 20 * time.Second, 10 * time.Second,
			"c.jsonl: 4,000 records, 200/s, 25 %, 30s left"},
		{"unknown length", ingest.Progress{Name: "stdin", Done: 25, Records: 10}, time.Second, time.Second,
			"stdin: 10 records, 10/s"},
	} {
		if got := plainLine(tt.now, tt.all, tt.open); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestBarOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out)
	p.terminal = true
	p.show(ingest.Progress{Name: "a.jsonl", Done: 10, Total: 100, Records: 5})
	p.bad(errors.New("a.jsonl:6: broken"))
	p.show(ingest.Progress{Name: "b.jsonl", Done: 10, Records: 7})
	p.end()
	for _, want := range []string{"a.jsonl: 5 records", "10%", "a.jsonl:6: broken\n", "b.jsonl: 7 records"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q", want, out.String())
		}
	}
}

func TestSummaryInWords(t *testing.T) {
	s := ingest.Summary{Records: 15055, Added: 11112, Changed: 3943, Repaired: 2, Waiting: 1, Bad: 1, Took: 4 * time.Second}
	const want = "15,055 records in 4s (3,763/s): 11,112 new, 3,943 changed, 0 unchanged, " +
		"2 with a repaired identifier, 1 kept for papers that are not known yet, 1 bad"
	if got := summary(s); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

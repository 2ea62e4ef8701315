package indexer

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/store/storetest"
)

// Whatever happens in a round, the next one comes; what went wrong is said once, and that it
// is over.
func TestRoundsGoOn(t *testing.T) {
	var log bytes.Buffer
	db := storetest.SQLite(t)
	idx, err := Open(t.Context(), "index:"+filepath.Join(t.TempDir(), "index"),
		Options{DB: db, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	if err := idx.Lock(); err != nil {
		t.Fatal(err)
	}
	before := idx.current.Load()
	ctx, stop := context.WithCancel(t.Context())
	var problems []string
	round := 0
	idx.repeat(ctx, time.Millisecond, func(context.Context) error {
		problems = append(problems, idx.state.problem())
		round++
		switch round {
		case 1:
			panic("a bug")
		case 2, 3:
			return errors.New("broken")
		case 5:
			stop()
		}
		return nil
	})
	const trouble = "cannot be written: an error that is in the log"
	if got := strings.Join(problems, "|"); got != "|"+trouble+"|"+trouble+"|"+trouble+"|" {
		t.Errorf("the problem of each round: %q", got)
	}
	for _, text := range []string{"panicked", "err=broken", "brought up to date again"} {
		if n := strings.Count(log.String(), text); n != 1 {
			t.Errorf("%d times %q in\n%s", n, text, &log)
		}
	}
	if after := idx.current.Load(); after == before || !idx.Writes() {
		t.Error("the index was not opened again after a panic")
	}
}

package store

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// A server that is away, and one that takes connections and says nothing, are unavailable
// as soon as that is certain. A reader who went away, and a query that is wrong, are not.
func TestUnavailable(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	brief, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	lite := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	for name, tt := range map[string]struct {
		ctx  context.Context
		url  string
		want bool
	}{
		"away":               {t.Context(), "postgres://u:p@" + gone.Addr().String() + "/d", true},
		"silent":             {brief, "postgres://u:p@" + silent.Addr().String() + "/d", true},
		"the reader is gone": {canceled, "postgres://u:p@" + silent.Addr().String() + "/d", false},
		"no such table":      {t.Context(), lite, false},
	} {
		db, err := connect(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Summary(tt.ctx); err == nil || errors.Is(err, paper.ErrUnavailable) != tt.want {
			t.Errorf("%s, a row: %v", name, err)
		}
		if _, err := db.Days(tt.ctx, "2026-01-01", "2026-12-31"); err == nil || errors.Is(err, paper.ErrUnavailable) != tt.want {
			t.Errorf("%s, rows: %v", name, err)
		}
	}
}

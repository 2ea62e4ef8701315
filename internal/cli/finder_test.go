package cli

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"broadsheet/internal/app"
	"broadsheet/internal/config"
	"broadsheet/internal/ingest"
)

// TestSearchBesideAWriter searches while another process holds the index and has not
// told it everything yet.
func TestSearchBesideAWriter(t *testing.T) {
	cfg := config.Default()
	cfg.Data = t.TempDir()
	log := slog.New(slog.DiscardHandler)
	db, err := app.OpenStore(t.Context(), &cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	writer, err := app.OpenFinder(&cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if err := ingest.Demo(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	ask := func() (found, told string) {
		var out, stderr bytes.Buffer
		s := streams{in: strings.NewReader(""), out: &out, err: &stderr}
		if status := run(t.Context(), s, []string{"--data", cfg.Data, "search", "--format", "ids", "scene graphs"}); status != 0 {
			t.Fatalf("status %d: %s", status, &stderr)
		}
		return out.String(), stderr.String()
	}
	if found, told := ask(); found != "" || !strings.Contains(told, "changes behind; the running site will catch up\n") {
		t.Errorf("before: %q, %q", found, told)
	}
	if _, err := writer.Indexer(db).CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if found, told := ask(); !strings.Contains(found, "2303.04634") || strings.Contains(told, "behind") {
		t.Errorf("after: %q, %q", found, told)
	}
}

package cli

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	db, err := app.OpenStore(t.Context(), &cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	writer, err := app.OpenIndex(t.Context(), &cfg, db, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if err := writer.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := ingest.Demo(t.Context(), db, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	ask := func(command ...string) (status int, found, told string) {
		var out, stderr bytes.Buffer
		s := streams{in: strings.NewReader(""), out: &out, err: &stderr}
		status = run(t.Context(), s, append(append([]string{"--data", cfg.Data}, command...), "--format", "ids", "scene graphs"))
		return status, out.String(), stderr.String()
	}
	for _, command := range [][]string{{"search"}, {"papers", "search"}} {
		status, found, told := ask(command...)
		if status != 3 || found != "" || !strings.Contains(told, "papers may be missing: the search index is not there yet, 66 changes behind\n") {
			t.Errorf("%q before: status %d, %q, %q", command, status, found, told)
		}
		if strings.Contains(told, "no paper is found") {
			t.Errorf("%q says that there is none: %q", command, told)
		}
	}
	if status, listed, told := askWith(t, cfg.Data, "papers", "list", "--limit", "1"); status != 0 || listed == "" {
		t.Errorf("a list, which needs no index: status %d, %q, %q", status, listed, told)
	}
	if _, err := writer.Update(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"search"}, {"papers", "search"}} {
		if status, found, told := ask(command...); status != 0 || !strings.Contains(found, "2303.04634") || strings.Contains(told, "behind") {
			t.Errorf("%q after: status %d, %q, %q", command, status, found, told)
		}
	}
}

func askWith(t *testing.T, data string, args ...string) (status int, out, stderr string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), streams{in: strings.NewReader(""), out: &o, err: &e}, append([]string{"--data", data}, args...))
	return status, o.String(), e.String()
}

// TestSearchOfALaggingSite asks a site whose index does not hold all papers yet.
func TestSearchOfALaggingSite(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"papers":[],"total":0,"index":{"ready":false,"behind":9,"reason":"It is 9 changes behind."}}`)
	}))
	defer site.Close()
	status, out, told := askWith(t, t.TempDir(), "papers", "search", "--endpoint", site.URL, "zebra")
	if status != 3 || out != "" || told != "broadsheet: papers may be missing. It is 9 changes behind.\n" {
		t.Errorf("status %d, %q, %q", status, out, told)
	}
}

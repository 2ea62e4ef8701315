package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestOpenAPI has schemathesis read the description of our own API and hold the running
// program against it with all its checks: right requests are answered as described,
// wrong ones are refused, addresses found in answers work, other methods are not taken.
func TestOpenAPI(t *testing.T) {
	tool, err := filepath.Abs(filepath.Join(venv, "schemathesis"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tool); err != nil {
		t.Skip("no schemathesis: scripts/setup-tests installs it where there is Python")
	}
	if testing.Short() {
		t.Skip("schemathesis takes half a minute")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool, "run", site(t)+"/api/v1/openapi.json",
		"--checks", "all", "--mode", "all", "--max-examples", "40", "--seed", "2605", "--workers", "2", "--continue-on-failure", "--no-color")
	cmd.Dir = t.TempDir() // it leaves what it has learned where it runs
	if err := os.WriteFile(filepath.Join(cmd.Dir, "schemathesis.toml"), []byte(gone), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("schemathesis: %v\n%s", err, out)
	}
	m := tested.FindSubmatch(out)
	if m == nil || string(m[1]) != string(m[2]) || string(m[2]) != string(m[3]) {
		t.Errorf("not every operation was tested:\n%s", out)
	}
	t.Logf("%s", summary.Find(out))
}

// gone has schemathesis take 410 for an answer to a right request, as it does 409: a cursor of
// another site looks like one of this site, and is refused with it.
const gone = `[checks]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "429", "5xx"]
`

var (
	tested  = regexp.MustCompile(`Selected: (\d+)/(\d+)\s+Tested: (\d+)\n`)
	summary = regexp.MustCompile(`(?s)Test cases:\n.*`)
)

// TestOpenAPIExamples asks every operation for the example of its description, which the
// fixture has: else schemathesis would be content with answers that nothing is here.
func TestOpenAPIExamples(t *testing.T) {
	_, body := fetch(t, "/api/v1/openapi.json")
	var doc struct {
		Paths map[string]struct{ Get describedOperation }
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Paths) < 20 {
		t.Errorf("only %d operations", len(doc.Paths))
	}
	for path, item := range doc.Paths {
		address := "/api/v1" + item.Get.example(path)
		if resp, body := fetch(t, address); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s: %s", address, resp.Status, body)
		}
	}
}

// A describedOperation is an operation of an OpenAPI document, as far as its examples go.
type describedOperation struct {
	Parameters []struct {
		Name, In string
		Example  any
	}
}

// example is the address of the operation at a path with all its examples put in.
func (o describedOperation) example(path string) string {
	query := url.Values{}
	for _, p := range o.Parameters {
		text := fmt.Sprint(p.Example)
		if list, ok := p.Example.([]any); ok {
			text = strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ","), "[]")
		}
		switch {
		case p.Example == nil:
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		default:
			query.Set(p.Name, text)
		}
	}
	return path + "?" + query.Encode()
}

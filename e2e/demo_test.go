package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestDemo: a new site has the demonstration catalog to read, says so, and
// loses it when asked to.
func TestDemo(t *testing.T) {
	p, err := newProgram("demo")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	front := p.get(t, "/papers")
	if n := strings.Count(front, "<h3"); n != 65 {
		t.Errorf("the first front page has %d papers, want 65", n)
	}
	if !strings.Contains(front, "demonstration") {
		t.Error("the front page does not say that this is a demonstration")
	}
	if err := p.run("demo", "remove"); err != nil {
		t.Fatal(err)
	}
	// What another process has written is seen a moment later.
	for end := time.Now().Add(5 * time.Second); strings.Contains(p.get(t, "/papers"), "<h3"); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("papers are left after demo remove")
		}
	}
}

// get is the body of a page that is there.
func (p *program) get(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(p.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", path, resp.Status, err)
	}
	return string(body)
}

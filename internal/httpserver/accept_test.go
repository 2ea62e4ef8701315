package httpserver

import (
	"strings"
	"testing"
)

var (
	markdown = []string{"text/markdown", "text/x-markdown"}
	page     = []string{"text/html", "application/xhtml+xml"}
)

func TestPrefers(t *testing.T) {
	for accept, want := range map[string]bool{
		"":              false,
		"*/*":           false,
		"text/*":        false,
		"text/markdown": true,
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8": false,
		"text/markdown, */*":                               true,
		"text/markdown, text/html, */*":                    true,
		"text/html, text/markdown":                         false,
		"text/html;q=0.9, text/markdown":                   true,
		"text/markdown;q=0.5, text/html;q=0.4":             true,
		"text/markdown;q=0.5, text/html":                   false,
		"text/markdown;q=0.5, */*":                         false,
		"text/markdown;q=0, */*;q=0.1":                     false,
		"text/markdown;charset=utf-8;q=1.0":                true,
		"TEXT/Markdown ; Q=0.3":                            true,
		"text/markdown;q=nan":                              false,
		"text/markdown;q=7":                                false,
		"text/markdownish":                                 false,
		"application/json, text/x-markdown, text/html;q=0": true,
	} {
		if got := Prefers(accept, markdown, page); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

func FuzzAccept(f *testing.F) {
	f.Add("text/markdown;q=0.5, text/html;q=0.4, */*")
	f.Fuzz(func(t *testing.T, accept string) {
		if Prefers(accept, markdown, page) && !strings.Contains(strings.ToLower(accept), "markdown") {
			t.Error("Markdown for who did not name it")
		}
	})
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip;q=0.1": true, "*": true, "*;q=0, gzip": true, "gzip;q=0, *": false, "identity": false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("encoding %q: %v", header, got)
		}
	}
}

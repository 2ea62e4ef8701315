package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestLinks follows every link of the site from the front page and finds none
// that is broken.
func TestLinks(t *testing.T) {
	site(t)
	queue, from := []string{"/papers"}, map[string]string{"/papers": ""}
	for n := 0; n < len(queue) && n < 600; n++ {
		path := queue[n]
		resp, body := fetch(t, path)
		if resp.StatusCode != 200 {
			t.Errorf("%s, linked from %s: %s", path, from[path], resp.Status)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, l := range linksIn(t, resp.Request.URL, body) {
			if _, seen := from[l]; !seen {
				from[l] = path
				queue = append(queue, l)
			}
		}
	}
	if len(queue) < 100 {
		t.Errorf("only %d pages are linked", len(queue))
	}
}

// linksIn is the addresses on this site that a page refers to.
func linksIn(t *testing.T, base *url.URL, body string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if n.Type != html.ElementNode || a.Key != "href" && a.Key != "src" {
				continue
			}
			u, err := base.Parse(a.Val)
			if err != nil {
				t.Errorf("%s: address %q: %v", base.Path, a.Val, err)
			} else if u.Host == base.Host {
				links = append(links, u.RequestURI())
			}
		}
	}
	return links
}

// TestBadAddresses: what makes no sense is an answer with a reason, never a fault.
func TestBadAddresses(t *testing.T) {
	for path, want := range map[string]int{
		"/papers/date/2025-13-40":                   400,
		"/papers/date/yesterday":                    400,
		"/papers/week/2026-W99":                     400,
		"/papers/month/2026-00":                     400,
		"/papers/new?after=%00nonsense":             400,
		"/papers/week/2026-W22?after=nonsense":      400,
		"/papers/trending?half=-1":                  400,
		"/papers/trending?vote=NaN":                 400,
		"/papers/9999.99999":                        404,
		"/papers/not-a-paper":                       404,
		"/papers/%2e%2e/%2e%2e/etc/passwd":          400,
		"/papers/" + plainPaper + ".exe":            404,
		"/authors/nobody-at-all":                    404,
		"/nobody/papers":                            404,
		"/static/../../go.mod":                      400,
		"/archive/20x6":                             400,
		"/papers/" + strings.Repeat("9", 4000):      404,
		"/papers?q=" + strings.Repeat("a+", 20_000): 414,
		"/papers?q=" + strings.Repeat("a+", 150):    200,
		"/papers/%ff%fe":                            400,
		"/media/x/y":                                404,
	} {
		resp, body := fetch(t, path)
		if got := resp.StatusCode; got != want {
			t.Errorf("%.60s: status %d, want %d: %.100s", path, got, want, body)
		}
	}
}

// TestHeaders: every page is guarded, and a page that is known is not sent again.
func TestHeaders(t *testing.T) {
	for _, p := range pages {
		resp, _ := fetch(t, p.path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "",
			"Cache-Control":           "",
		} {
			if got := resp.Header.Get(name); got == "" || !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q, want %q", p.path, name, got, want)
			}
		}
		tag := resp.Header.Get("ETag")
		if p.status != 200 || tag == "" && resp.Header.Get("Last-Modified") != "" {
			continue
		}
		req, err := http.NewRequest("GET", site(t)+resp.Request.URL.RequestURI(), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", tag)
		again, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		again.Body.Close()
		if again.StatusCode != 304 {
			t.Errorf("%s: with its ETag %q: %s, want 304", p.path, tag, again.Status)
		}
	}
}

package e2e

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// hostileQueries is how many questions that nobody should ask are asked.
const hostileQueries = 10_000

var (
	hostilePaths = strings.Fields(`/api/daily_papers /api/papers /api/papers/search /api/papers/2605.26730 /api/arxiv/2605.26730/repos
		/api/models /api/collections /api/v1/search /api/v1/suggest /api/v1/papers /api/v1/papers/bulk /api/v1/papers/2605.26730/similar
		/api/v1/papers/2605.26730/signals /api/v1/editions /api/v1/editions/latest /api/v1/trending /api/v1/changes /api/v1/authors
		/api/v1/organizations /papers /papers/trending /papers/new /papers/week/2026-W22 /papers.rss /papers/trending.atom /papers/new.ics
		/search.bib /archive.json /papers/2605.26730/similar.md /authors/ada-lovelace.csv /mcp`)
	hostileNames = strings.Fields(`p limit date week month sort submitter q cursor after vote comment star half facets words ids kind
		format field filter paper asked nobody`)
	hostileParts = []string{
		"%00", "%ff%fe", "%F0%9F%92%A9", "%C3%28", "'", `"`, "%27%3Bdrop%20table%20papers", "..%2f..%2f", "%0d%0aX-Injected:+1", "%E2%80%AE",
		"2026-05-27", "2025-13-40", "2026-W99", "9999-99-99", "-1", "0", "+1", "99999999999999999999", "1e308", "NaN", "Infinity", "0x10", "1~2~3~x",
		"%zz", "%", "&", "=", ";", "+", "*", "?", `\`, "null", "[]", "{}", "((((", "OR", "|", "-", "%22", "similar:", "author:%22", "title:%22a",
		"id:804.1406", "votes:%3E99999999999999999999", "year:..", "before:-5d", "sort:x", "has:", "2605.26730", "hep-th/9901001", "10.1145/x",
		strings.Repeat("a", 3000), strings.Repeat("%D8%A7", 300), strings.Repeat("a%CC%80", 200), strings.Repeat("(", 300),
	}
)

// Whatever is asked, the site answers, and in the form that it promises there: it has
// no fault of its own.
func TestHostileQueries(t *testing.T) {
	base := site(t)
	var all sync.WaitGroup
	for worker := range uint64(4) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(worker, 5)) // the same questions each time
			for range hostileQueries / 4 {
				askHostile(t, base+hostileAddress(r), r.IntN(10) == 0)
			}
		})
	}
	all.Wait()
}

// hostileAddress is a path with parameters, some of them repeated.
func hostileAddress(r *rand.Rand) string {
	path := hostilePaths[r.IntN(len(hostilePaths))]
	var params []string
	for range r.IntN(5) {
		value := ""
		for range r.IntN(4) {
			value += hostileParts[r.IntN(len(hostileParts))]
		}
		params = append(params, hostileNames[r.IntN(len(hostileNames))]+"="+value)
	}
	return path + "?" + strings.Join(params, "&")
}

func askHostile(t *testing.T, address string, head bool) {
	method := http.MethodGet
	if head {
		method = http.MethodHead
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		return // no client can ask this
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Errorf("%.300s: %v", address, err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%.300s: %s, %v", address, resp.Status, err)
	}
	if kind := resp.Header.Get("Content-Type"); !head && strings.Contains(kind, "json") && !json.Valid(body) {
		t.Errorf("%.300s: no JSON: %.100s", address, body)
	}
}

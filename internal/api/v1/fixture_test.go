package v1

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"broadsheet/internal/catalogtest"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// noon is a Friday in New York, when the edition of the 29th is open.
var noon = time.Date(2026, 5, 29, 16, 0, 0, 0, time.UTC)

// shelf is five papers on each of four feed days, and three that were in no edition.
func shelf() []paper.Observation {
	var batch []paper.Observation
	for d, day := range []paper.Day{"2026-05-25", "2026-05-26", "2026-05-27", "2026-05-29"} {
		for i := range 5 {
			at := day.Time().Add(12 * time.Hour)
			id := paper.ID(fmt.Sprintf("2605.%05d", d*100+i+1))
			batch = append(batch, paper.Observation{
				Source: paper.SourceHub, At: at, Fingerprint: int64(d*100 + i + 1),
				Paper: paper.Paper{
					ID: id, Title: fmt.Sprintf("Kites of $\\alpha_%d$", i), Abstract: "How kites fly.\nAnd why.",
					Authors:      []paper.Author{{Name: "Émilie du Châtelet"}, {Name: "Nobody", Hidden: true}},
					Organization: &paper.Organization{Name: "acme", FullName: "Acme"},
					Published:    paper.Date{Time: day.Add(-i).Time(), Precision: paper.PrecisionDay},
					Links:        []paper.Link{{Kind: paper.LinkCode, URL: "https://github.com/acme/kites", Grade: paper.GradeReader}},
				},
				Submission: &paper.Submission{Day: day, At: at, By: &paper.Person{Name: "ada", FullName: "Ada Lovelace"}, Position: i},
				Signals:    []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: (i * 7) % 5 * 10}},
			})
		}
	}
	for i, p := range []paper.Paper{
		{ID: "hep-th/9901001", Title: "Strings and kites", Abstract: "Strings hold kites.", Categories: []string{"hep-th"}},
		{ID: "2406.10500", Title: "Sparse coding of birdsong", Abstract: "Finches repeat few notes.", Authors: []paper.Author{{Name: "Ada Lovelace"}}, Versions: []paper.Version{{Number: 1, Created: noon}}},
		{ID: "10.1145/3292500.330", Title: "Kites elsewhere"},
	} {
		p.Published = p.ID.Month()
		batch = append(batch, paper.Observation{Source: paper.SourceArXiv, Paper: p, Fingerprint: int64(9000 + i)})
	}
	return batch
}

// fixture is the API over the real catalog.
type fixture struct {
	*API
	*httpserver.Router
	site *catalogtest.Site
}

func newFixture(t testing.TB, batch []paper.Observation) *fixture {
	t.Helper()
	f := &fixture{site: catalogtest.New(t, noon, batch...)}
	f.site.SetNow(noon)
	api, err := New(Options{Catalog: f.site.Catalog, Clock: f.site.Clock, Now: f.site.Now})
	if err != nil {
		t.Fatal(err)
	}
	f.use(api)
	return f
}

// use serves an API.
func (f *fixture) use(a *API) { f.API, f.Router = a, httpserver.NewRouter(a.Routes()...) }

// get asks for an address below /api/v1, with headers as name and value by turns.
func (f *fixture) get(t testing.TB, address string, header ...string) *http.Response {
	t.Helper()
	return f.do(t, http.MethodGet, address, header...)
}

func (f *fixture) do(t testing.TB, method, address string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://papers.example"+urls.V1+address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w.Result()
}

// read is the answer at an address, which must be there.
func read[T any](t testing.TB, f *fixture, address string) T {
	t.Helper()
	resp := f.get(t, address)
	var v T
	body := text(t, resp)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %s", address, resp.Status, body)
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%s: %v in %s", address, err, body)
	}
	return v
}

func text(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func ids(papers []Paper) []string {
	var all []string
	for _, p := range papers {
		all = append(all, p.ID)
	}
	return all
}

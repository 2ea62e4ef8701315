package app

import (
	"broadsheet/internal/papertest"

	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/edition"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/paper"
)

// A closed edition has one order, whichever front end gives it, and votes that come after it
// has closed change none of them. One that is open follows the votes, in all of them.
func TestEditionsHaveOneOrder(t *testing.T) {
	db, engine := press(t)
	clock := papertest.Clock()
	now := clock.OpensAt("2026-05-22").Add(20 * time.Hour) // the newest day is open, as are its week and month
	if _, err := edition.Update(t.Context(), db, clock, now); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cat := func() *catalog.Catalog {
		return catalog.New(db, clock, func() time.Time { return now }).WithSearch(engine, embeddingtest.Model{})
	}
	var periods []catalog.EditionState
	before := map[paper.Period][]string{}
	for _, kind := range []paper.PeriodKind{paper.KindDay, paper.KindWeek, paper.KindMonth} {
		some, _, err := cat().Editions(t.Context(), kind, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		periods = append(periods, some...)
	}
	for _, p := range periods {
		before[p.Period] = orderOf(t, cat(), p.Period)
	}
	late := clock.ClosesAt("2026-05-22")
	var votes []paper.Observation
	for i := range 160 { // those that had the fewest have the most
		votes = append(votes, paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: paper.ID(fmt.Sprintf("2604.%05d", i+1))},
			Signals: []paper.Signal{{Kind: paper.SignalVotes, At: late, Value: 1000 - i*7%31}}})
	}
	if _, err := db.Apply(t.Context(), votes); err != nil {
		t.Fatal(err)
	}
	site, err := newRouter(&cfg, silent, cat(), clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	closed := 0
	for _, p := range periods {
		want := before[p.Period]
		moved := orderOf(t, cat(), p.Period)
		if p.State == catalog.Closed {
			closed++
		} else if slices.Equal(moved, want) {
			t.Errorf("%s is open and does not follow the votes", p.Period)
		} else {
			want = moved
		}
		for _, address := range addressesOf(p.Period) {
			want := want
			if strings.HasPrefix(address, "agent") {
				want = want[:min(agentLimit, len(want))]
			}
			if got := papersIn(t, site, address); !slices.Equal(within(got, want), want) {
				t.Errorf("%s, %s: %v\nwant %v", p.State, address, got, want)
			}
		}
	}
	if closed < 40 {
		t.Errorf("only %d editions are closed", closed)
	}
}

const agentLimit = 50 // papers in one answer to an agent

// addressesOf are all that an edition is read under.
func addressesOf(p paper.Period) []string {
	name, list := "date", "/papers"
	switch p.Kind() {
	case paper.KindWeek:
		name, list = "week", "/papers/week"
	case paper.KindMonth:
		name, list = "month", "/papers/month"
	}
	all := []string{
		"/api/v1/editions/" + string(p) + "?limit=100",
		"/api/daily_papers?sort=trending&limit=100&" + name + "=" + string(p),
		"agent " + string(p),
	}
	for _, ending := range []string{"", ".rss", ".atom", ".json", ".ics", ".md", ".bib", ".ris", ".csv"} {
		all = append(all, "/papers/"+name+"/"+string(p)+ending)
	}
	if p >= "2026-05-21" && p.Kind() == paper.KindDay || p == "2026-W21" || p == "2026-05" {
		all = append(all, list+".rss", list+".json", list+".atom")
	}
	return all
}

func orderOf(t *testing.T, cat *catalog.Catalog, p paper.Period) []string {
	t.Helper()
	e, err := cat.Edition(t.Context(), p, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, one := range e.Entries {
		ids = append(ids, string(one.Paper.ID))
	}
	return ids
}

var pressed = regexp.MustCompile(`2604\.\d{5}`)

// papersIn lists the papers that a response names, in the order of their first mention.
func papersIn(t *testing.T, site http.Handler, address string) []string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://papers.example"+strings.ReplaceAll(address, " ", "/"), nil)
	if period, ok := strings.CutPrefix(address, "agent "); ok {
		r = httptest.NewRequest(http.MethodPost, "http://papers.example/mcp", strings.NewReader(
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_edition","arguments":{"date":"`+period+`","limit":`+strconv.Itoa(agentLimit)+`}}}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
	}
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %.200s", address, w.Code, err, body)
	}
	var ids []string
	seen := map[string]bool{}
	for _, id := range pressed.FindAllString(string(body), -1) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// within are the members of ids that are in all.
func within(ids, all []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(all, id) })
}

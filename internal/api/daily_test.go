package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/catalogtest"
	"broadsheet/internal/paper"
)

// ids are the papers of an answer.
func ids(t *testing.T, body string) []string {
	t.Helper()
	var items []struct {
		ID    string
		Paper struct{ ID string }
	}
	if err := json.Unmarshal([]byte(body), &items); err != nil || items == nil {
		t.Fatalf("no array of items: %v in %.100s", err, body)
	}
	out := []string{}
	for _, it := range items {
		out = append(out, it.Paper.ID+it.ID)
	}
	return out
}

func TestDaily(t *testing.T) {
	s := long(60) // 27 May to 4 June
	for _, tt := range []struct {
		query string
		count int
	}{
		{"", 50},
		{"limit=2", 2},
		{"limit=100", 60},
		{"p=0&limit=40", 40},
		{"p=1&limit=40", 20},
		{"p=1", 10},
		{"p=2", 0},
		{"p=100", 0},
		{"p=99999999999999999999", 0},
		{"p=1000000000&limit=100", 0},
		{"date=2026-05-27", 7},
		{"date=2026-5-27", 7},
		{"date=%202026-05-27", 7},
		{"date=2026-06-04", 4},
		{"date=2026-06-05", 0},
		{"date=2026-05-27&p=1", 0},
		{"date=2026-05-27&p=1&limit=4", 3},
		{"date=2199-01-01", 0},
		{"date=1970-01-01", 0},
		{"date=9999-12-31", 0},
		{"month=0001-1", 0},
		{"week=1969-W1", 0},
		{"week=2026-W22", 35},
		{"week=2026-w22", 35},
		{"week=2026-W23", 25},
		{"week=2026-W1", 0},
		{"month=2026-05", 35},
		{"month=2026-5", 35},
		{"month=2026-06", 25},
		{"submitter=cy", 20},
		{"submitter=nobody", 0},
		{"submitter=%00", 0},
		{"submitter=%ff", 0},
		{"submitter=cy&month=2026-06", 8},
		{"sort=publishedAt", 50},
		{"sort=trending", 50},
		{"sort=trending&date=2026-05-28", 7},
		{"date=&week=&month=&submitter=&sort=", 50},
		{"unheard=1&limit=3", 3},
		{"limit=3&limit=x", 3},
		{"date=2026-05-27&week=2026-W22&month=2026-05", 7},
		{"date=2026-05-27&week=2026-W23", 0},
		{"date=2026-05-27&month=2026-06", 0},
		{"week=2026-W22&month=2026-06", 0},
		{"week=2026-W18&month=2026-05", 0},
	} {
		if got := len(ids(t, get(t, s, "/api/daily_papers?"+tt.query))); got != tt.count {
			t.Errorf("%s: %d papers, want %d", tt.query, got, tt.count)
		}
	}
}

func TestDailyErrors(t *testing.T) {
	for _, tt := range []struct{ query, says string }{
		{"date=2025-13-40", "is not a day"},
		{"date=2025-02-29", "is not a day"},
		{"date=1970-13-40", "is not a day"},
		{"date=today", "is not a day"},
		{"date=2026-05", "is not a day"},
		{"date=2026-05-27T00:00:00Z", "is not a day"},
		{"date=%00", "is not a day"},
		{"week=2026-22", "is not a week"},
		{"week=2026-W54", "is not a week"},
		{"week=2025-W53", "has 52 weeks"},
		{"week=2026-05-27", "is not a week"},
		{"month=2026-13", "is not a month"},
		{"month=May", "is not a month"},
		{"sort=votes", "publishedAt"},
		{"p=-1", "number of a page"},
		{"p=x", "number of a page"},
		{"p=", "number of a page"},
		{"p=1.0", "number of a page"},
		{"limit=0", "1 to 100"},
		{"limit=101", "1 to 100"},
		{"limit=", "1 to 100"},
		{"limit=%2B5", "1 to 100"},
		{"limit=-1&date=2026-05-27", "1 to 100"},
		{"date=1970-01-01&limit=1000", "1 to 100"},
	} {
		resp := ask(t, newHandler(t, newShelf()), "GET", "/api/daily_papers?"+tt.query)
		if body := read(t, resp); resp.StatusCode != 400 || !strings.Contains(body, tt.says) {
			t.Errorf("%s: got %s %s", tt.query, resp.Status, body)
		}
	}
}

func TestDailyOrder(t *testing.T) {
	s := long(14)
	byDate := ids(t, get(t, s, "/api/daily_papers"))
	want := []string{}
	for _, e := range s.newest() {
		want = append(want, string(e.Paper.ID))
	}
	if !slices.Equal(byDate, want) {
		t.Errorf("by publication: got %v", byDate)
	}
	trending := ids(t, get(t, s, "/api/daily_papers?sort=trending&date=2026-05-27"))
	if !slices.IsSortedFunc(trending, func(x, y string) int {
		return s.votes(y) - s.votes(x)
	}) {
		t.Errorf("by votes: got %v", trending)
	}
}

// A week that two months share is the only case in which no period is what is common.
func TestWeekInMonth(t *testing.T) {
	s := long(60)
	for i := range s.entries {
		s.entries[i].Submission.Day = s.entries[i].Submission.Day.Add(33) // 29 June to 7 July
	}
	again := s.entries[14] // of 1 July
	again.Submission = &paper.Submission{Day: "2026-07-02"}
	s.entries = append(s.entries, again)
	for target, count := range map[string]int{
		"week=2026-W27&month=2026-06":                                    14,
		"week=2026-W27&month=2026-07":                                    35,
		"week=2026-W27&month=2026-07&submitter=cy&sort=trending":         12,
		"week=2026-W27&month=2026-06&date=2026-06-30":                    7,
		"week=2026-W27&month=2026-07&limit=5&p=1":                        5,
		"week=2026-W27&month=2026-07&limit=20&p=1":                       15,
		"week=2026-W27&month=2026-07&limit=20&p=7":                       0,
		"week=2026-W27&month=2026-07&limit=100&p=99999999&sort=trending": 0,
	} {
		if got := len(ids(t, get(t, s, "/api/daily_papers?"+target))); got != count {
			t.Errorf("%s: %d papers, want %d", target, got, count)
		}
	}
}

// walk follows the links from a target to the last page, and gives all papers.
func walk(t *testing.T, h http.Handler, target string) []string {
	t.Helper()
	var all []string
	for range 100 {
		resp := ask(t, h, "GET", target)
		all = append(all, ids(t, read(t, resp))...)
		link := resp.Header.Get("Link")
		if link == "" {
			return all
		}
		next, ok := strings.CutSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		u, err := url.Parse(next)
		if !ok || err != nil || u.Scheme+"://"+u.Host != "https://papers.example" {
			t.Fatalf("%s: the link is %s", target, link)
		}
		target = u.RequestURI()
	}
	t.Fatalf("%s: there is no end", target)
	return nil
}

func TestLinksLeadToTheEnd(t *testing.T) {
	s := long(60)
	for target, count := range map[string]int{
		"/api/daily_papers":                                         60,
		"/api/daily_papers?limit=100":                               60,
		"/api/daily_papers?limit=60":                                60,
		"/api/daily_papers?limit=7":                                 60,
		"/api/daily_papers?limit=7&sort=trending":                   60,
		"/api/daily_papers?limit=3&submitter=cy":                    20,
		"/api/daily_papers?month=2026-5&limit=4":                    35,
		"/api/daily_papers?week=2026-W23&limit=10&submitter=cy&p=0": 8,
		"/api/daily_papers?date=2026-06-07":                         0,
		"/api/papers?limit=7":                                       60,
		"/api/papers":                                               60,
	} {
		all := walk(t, newHandler(t, s), target)
		slices.Sort(all)
		if n := len(all); n != count || len(slices.Compact(all)) != count {
			t.Errorf("%s: %d papers, %d of them different, want %d", target, n, len(slices.Compact(all)), count)
		}
	}
}

func TestLinkKeepsWhatWasAsked(t *testing.T) {
	resp := ask(t, newHandler(t, long(60)), "GET", "/api/daily_papers?submitter=cy&sort=trending&month=2026-5&limit=3&p=1")
	const want = `<https://papers.example/api/daily_papers?limit=3&month=2026-05&p=2&sort=trending&submitter=cy>; rel="next"`
	if got := resp.Header.Get("Link"); got != want {
		t.Errorf("got %s", got)
	}
}

// However a question is written, it is answered once.
func TestAnswersAreKept(t *testing.T) {
	s := long(60)
	h := newHandler(t, s)
	read(t, ask(t, h, "GET", "/api/daily_papers?date=2026-05-27"))
	before := s.DB.Statements()
	for _, q := range []string{"date=2026-05-27", "date=2026-5-27&p=0", "limit=50&date=2026-05-27&sort=publishedAt", "x=1&date=2026-05-27&submitter="} {
		read(t, ask(t, h, "GET", "/api/daily_papers?"+q))
	}
	if n := s.DB.Statements() - before; n != 0 {
		t.Errorf("%d statements for what was known", n)
	}
	extra := s.entries[0]
	extra.Paper.ID = "2605.90000"
	s.Write(t, catalogtest.Observed(extra))
	if n := len(ids(t, read(t, ask(t, h, "GET", "/api/daily_papers?date=2026-05-27")))); n != 8 {
		t.Errorf("%d papers after one has come", n)
	}
}

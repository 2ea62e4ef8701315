package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

var update = flag.Bool("update", false, "write the answers in testdata anew")

func read(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// get is the body of a good answer from a new handler over s.
func get(t testing.TB, s *shelf, target string) string {
	t.Helper()
	resp := ask(t, newHandler(t, s), "GET", target)
	body := read(t, resp)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != jsonKind {
		t.Fatalf("%s: got %s, %s: %s", target, resp.Status, resp.Header.Get("Content-Type"), body)
	}
	return body
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name + ".json"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestGolden(t *testing.T) {
	for name, target := range map[string]string{
		"daily":    "/api/daily_papers",
		"search":   "/api/papers/search?q=flying+kites",
		"papers":   "/api/papers",
		"paper":    "/api/papers/2605.12345",
		"bare":     "/api/papers/hep-th/9901001",
		"comments": "/api/papers/hep-th/9901001?field=comments",
	} {
		golden(t, name, get(t, newShelf(), target))
	}
}

// The keys of objects as the public site sends them, ours behind.
const (
	paperKeys = "id authors mediaUrls publishedAt submittedOnDailyAt title submittedOnDailyBy summary upvotes discussionId projectPage " +
		"githubRepo githubRepoAddedBy ai_summary ai_summary_model ai_keywords githubStars organization withdrawnAt"
	itemKeys = "paper publishedAt title summary mediaUrls thumbnail numComments submittedBy organization isAuthorParticipating " +
		"upvotes projectPage githubRepo ai_summary ai_keywords githubStars"
	linkedKeys  = "linkedModels numTotalModels linkedDatasets numTotalDatasets linkedSpaces numTotalSpaces numComments"
	accountKeys = "_id avatarUrl isPro fullname user type name"
)

// order is the keys of the objects below some names.
var order = map[string]string{
	"paper": paperKeys, "dailyPapers": itemKeys, "searchResults": itemKeys + " highlightedTitle highlightedSummary",
	"authors": "_id name hidden user status statusLastChangedAt", "user": accountKeys, "submittedOnDailyBy": accountKeys, "publisher": accountKeys,
	"submittedBy":      "_id avatarUrl fullname name type isPro isHf isHfAdmin isMod followerCount isUserFollowing user",
	"organization":     "_id name fullname avatar",
	"highlightedTitle": "type text", "highlightedSummary": "type text",
}

// keys gives the keys of every first object under its name, in their order.
func keys(t *testing.T, name string, data json.RawMessage, out map[string]string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	first, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	next := func() (v json.RawMessage) {
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	switch first {
	case json.Delim('['):
		if d.More() {
			keys(t, name, next(), out)
		}
	case json.Delim('{'):
		var all []string
		for d.More() {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, key.(string))
			keys(t, key.(string), next(), out)
		}
		out[name] = strings.Join(all, " ")
	}
}

func TestKeyOrder(t *testing.T) {
	for target, top := range map[string]string{
		"/api/daily_papers":          itemKeys,
		"/api/papers/search?q=night": itemKeys + " highlightedTitle highlightedSummary",
		"/api/papers":                "id title thumbnailUrl upvotes publishedAt authors summary projectPage",
		"/api/papers/2605.12345":     paperKeys + " " + linkedKeys,
	} {
		got := map[string]string{}
		keys(t, "", json.RawMessage(get(t, newShelf(), target)), got)
		for name, g := range got {
			want := order[name]
			if name == "" {
				want = top
			}
			if g != want {
				t.Errorf("%s, %q:\ngot  %s\nwant %s", target, name, g, want)
			}
		}
	}
}

func TestLeftOut(t *testing.T) {
	s := newShelf()
	s.entries = s.entries[1:]
	for target, top := range map[string]string{
		"/api/papers/search?q=kites": "paper publishedAt title summary thumbnail numComments submittedBy isAuthorParticipating upvotes highlightedTitle highlightedSummary",
		"/api/papers":                "id title thumbnailUrl upvotes publishedAt authors summary",
		"/api/papers/hep-th/9901001": "id authors publishedAt title summary upvotes discussionId " + linkedKeys,
	} {
		body := get(t, s, target)
		got := map[string]string{}
		keys(t, "", json.RawMessage(body), got)
		if got[""] != top || got["authors"] != "_id name hidden" {
			t.Errorf("%s: got %v", target, got)
		}
		for _, want := range []string{`"upvotes":0`, `"publishedAt":"1999-01-01T00:00:00.000Z"`, `"summary":""`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s in %s", target, want, body)
			}
		}
		if strings.Contains(body, "null") {
			t.Errorf("%s: null in %s", target, body)
		}
	}
}

// Programs in bash take the first "upvotes" and "title" of a paper that they find.
func TestFlatPaperHasOneOfEach(t *testing.T) {
	body := get(t, newShelf(), "/api/papers/2605.12345")
	if n := len(regexp.MustCompile(`"upvotes":\d+`).FindAllString(body, -1)); n != 1 {
		t.Errorf("%d times upvotes", n)
	}
	if _, title, _ := strings.Cut(body, `"title":"`); !strings.HasPrefix(title, "Kites that Fly") {
		t.Errorf("the first title is %.20s", title)
	}
}

// strictItem is an item as careful clients have it: times of one form, nothing missing.
type strictItem struct {
	Paper struct {
		ID          string    `json:"id"`
		PublishedAt fixedTime `json:"publishedAt"`
		SubmittedAt fixedTime `json:"submittedOnDailyAt"`
		Upvotes     *int      `json:"upvotes"`
		Authors     []struct {
			Key    string `json:"_id"`
			Hidden *bool  `json:"hidden"`
		} `json:"authors"`
	} `json:"paper"`
	PublishedAt fixedTime `json:"publishedAt"`
	Upvotes     *int      `json:"upvotes"`
	Comments    *int      `json:"numComments"`
	Thumbnail   string    `json:"thumbnail"`
	SubmittedBy *struct {
		FullName, Name, User string
		AvatarURL            string `json:"avatarUrl"`
	} `json:"submittedBy"`
}

// A fixedTime is a time of exactly one form.
type fixedTime struct{ time.Time }

func (f *fixedTime) UnmarshalJSON(b []byte) (err error) {
	f.Time, err = time.Parse(`"2006-01-02T15:04:05.000Z"`, string(b))
	return err
}

func TestStrictDecoding(t *testing.T) {
	s := newShelf()
	undated := full()
	undated.Paper.ID, undated.Paper.Published.Precision = "10.1145/3292500", 0
	undated.Submission.By = nil
	s.entries = append(s.entries, undated)
	s.entries = append(s.entries, long(60).entries...)
	var items []strictItem
	if err := json.Unmarshal([]byte(get(t, s, "/api/daily_papers?limit=100")), &items); err != nil {
		t.Fatal(err)
	}
	if len(items) != 62 {
		t.Fatalf("%d items", len(items))
	}
	seen := map[string]bool{}
	for _, it := range items {
		if it.Paper.Upvotes == nil || it.Upvotes == nil || it.Comments == nil || it.SubmittedBy == nil ||
			!strings.HasPrefix(it.Thumbnail, "https://") || !strings.HasPrefix(it.SubmittedBy.AvatarURL, "https://") ||
			it.SubmittedBy.Name == "" || it.SubmittedBy.FullName == "" || it.SubmittedBy.User == "" {
			t.Errorf("%s: something is missing: %+v", it.Paper.ID, it)
		}
		for _, a := range it.Paper.Authors {
			if a.Key == "" || a.Hidden == nil || seen[it.Paper.ID+a.Key] {
				t.Errorf("%s: author %+v", it.Paper.ID, a)
			}
			seen[it.Paper.ID+a.Key] = true
		}
	}
}

func TestPageData(t *testing.T) {
	w := NewWriter(Options{SiteName: "The Kite Paper"})
	const base = "https://papers.example"
	again := full() // which stood in an edition before
	again.Paper.ID = "2605.22222"
	again.Submission.Day = "2026-05-20"
	edition := &catalog.ListPage{
		Ref: urls.List{Kind: urls.KindEdition, Period: "2026-05-27"}, Entries: []catalog.Entry{full(), again}, Prev: "2026-05-26", Next: "2026-05-28",
	}
	week := &catalog.ListPage{Ref: urls.List{Kind: urls.KindEdition, Period: "2026-W22"}, Entries: edition.Entries[:1]}
	trending := &catalog.ListPage{Ref: urls.List{Kind: urls.KindTrending}, Entries: edition.Entries[:1]}
	found := &catalog.ListPage{
		Ref: urls.List{Kind: urls.KindSearch, Query: "kites"}, Entries: edition.Entries[:1],
		Hits: []catalog.Hit{{Entry: full(), Title: marked("Kites fly"), Passage: marked("We fly")}},
	}
	for _, tt := range []struct {
		name   string
		roll   *catalog.ListPage
		top    string
		starts string
	}{
		{"edition", edition, "dateString dailyPapers prevDate nextDate lastDate periodType query isTrending publisher canSubmit", `{"dateString":"2026-05-27",`},
		{"week", week, "dateString dailyPapers prevDate lastDate periodType query isTrending publisher canSubmit", `{"dateString":"2026-W22",`},
		{"trending", trending, "dateString dailyPapers prevDate lastDate periodType query isTrending publisher canSubmit", `{"dateString":"2026-05-29",`},
		{"found", found, "dateString dailyPapers prevDate lastDate periodType query isTrending publisher canSubmit searchResults", `{"dateString":"2026-05-29",`},
		{"empty", &catalog.ListPage{Ref: urls.List{Kind: urls.KindNew}}, "dateString dailyPapers prevDate lastDate periodType query isTrending publisher canSubmit", `{"dateString":"2026-05-29","dailyPapers":[],`},
	} {
		body, err := w.PageData(base, tt.roll, "2026-05-29")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		keys(t, "", body, got)
		for name, want := range order {
			if g := got[name]; g != "" && g != want {
				t.Errorf("%s, %q:\ngot  %s\nwant %s", tt.name, name, g, want)
			}
		}
		if got[""] != tt.top || !strings.HasPrefix(string(body), tt.starts) {
			t.Errorf("%s: got %s in %.80s", tt.name, got[""], body)
		}
		if isTrending := strings.Contains(string(body), `"isTrending":true`); isTrending != (tt.name == "trending") {
			t.Errorf("%s: isTrending is %v", tt.name, isTrending)
		}
	}
	body, err := w.PageData(base, edition, "2026-05-29")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "pagedata", string(body))
}

func TestPaperData(t *testing.T) {
	e := full()
	s := &catalog.PaperDetail{Paper: e.Paper, Submissions: []paper.Submission{*e.Submission}, Rank: 3}
	body, err := NewWriter(Options{}).PaperData("https://papers.example", s)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	keys(t, "", body, got)
	if want := "comments primaryEmailConfirmed paper canReadDatabase canManagePapers canSubmit hasHfLevelAccess upvoted upvoters " +
		"acceptLanguages dailyPaperRank markdownContentUrl query"; got[""] != want {
		t.Errorf("got %s", got[""])
	}
	for _, part := range []string{`{"comments":[],`, `"paper":{"id":"` + string(e.Paper.ID), `"dailyPaperRank":3,`,
		`"markdownContentUrl":"https://papers.example/papers/` + string(e.Paper.ID) + `.md"`, `"acceptLanguages":["*"]`, `"query":{}}`} {
		if !strings.Contains(string(body), part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
}

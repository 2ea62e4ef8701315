package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A client in Go, with the types that its author wrote down from the rules of the
// Daily Papers API: a key that is missing, has another type or is not among them is an
// error, and so is a time that does not have exactly this form.

const fixedTime = "2006-01-02T15:04:05.000Z"

// A stamp is a time in the fixed form.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	at, err := time.Parse(fixedTime, text)
	if err == nil && at.Format(fixedTime) != text {
		err = fmt.Errorf("%q has another form than %s", text, fixedTime)
	}
	s.Time = at
	return err
}

// A link is an absolute address.
type link string

func (l *link) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	u, err := url.Parse(text)
	if err == nil && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		err = fmt.Errorf("%q is no absolute address", text)
	}
	*l = link(text)
	return err
}

type strictAccount struct {
	ID     *string `json:"_id"`
	Avatar *link   `json:"avatarUrl"`
	Pro    *bool   `json:"isPro"`
	Full   *string `json:"fullname"`
	User   *string `json:"user"`
	Type   *string `json:"type"`
	Name   string  `json:"name"` // more than the rules have
}

type strictAuthor struct {
	ID       *string        `json:"_id"`
	Name     *string        `json:"name"`
	Hidden   *bool          `json:"hidden"`
	User     *strictAccount `json:"user" may:"miss"`
	Status   *string        `json:"status" may:"miss"`
	StatusAt *stamp         `json:"statusLastChangedAt" may:"miss"`
}

type strictOrganization struct {
	ID     *string `json:"_id"`
	Name   *string `json:"name"`
	Full   *string `json:"fullname"`
	Avatar *link   `json:"avatar" may:"miss"`
}

type strictPaper struct {
	ID           *string             `json:"id"`
	Authors      *[]strictAuthor     `json:"authors"`
	Media        *[]link             `json:"mediaUrls" may:"miss"`
	Published    *stamp              `json:"publishedAt"`
	Submitted    *stamp              `json:"submittedOnDailyAt"`
	Title        *string             `json:"title"`
	By           *strictAccount      `json:"submittedOnDailyBy"`
	Summary      *string             `json:"summary"`
	Upvotes      *int                `json:"upvotes"`
	Discussion   *string             `json:"discussionId"`
	Project      *link               `json:"projectPage" may:"miss"`
	Repo         *link               `json:"githubRepo" may:"miss"`
	RepoBy       *string             `json:"githubRepoAddedBy" may:"miss"`
	AISummary    *string             `json:"ai_summary" may:"miss"`
	AIModel      *string             `json:"ai_summary_model" may:"miss"`
	AIKeywords   *[]string           `json:"ai_keywords" may:"miss"`
	Stars        *int                `json:"githubStars" may:"miss"`
	Organization *strictOrganization `json:"organization" may:"miss"`
	Withdrawn    *stamp              `json:"withdrawnAt" may:"miss"`
}

// A strictSheet is a paper by itself. Nothing is linked to papers here.
type strictSheet struct {
	strictPaper
	Comments    *int           `json:"numComments"`
	Models      *[0]struct{}   `json:"linkedModels"`
	NumModels   *int           `json:"numTotalModels"`
	Datasets    *[0]struct{}   `json:"linkedDatasets"`
	NumDatasets *int           `json:"numTotalDatasets"`
	Spaces      *[0]struct{}   `json:"linkedSpaces"`
	NumSpaces   *int           `json:"numTotalSpaces"`
	Discussion  *[]strictReply `json:"comments" may:"miss"`
}

type strictReply struct {
	ID      *string `json:"id"`
	Created *stamp  `json:"createdAt"`
}

type strictSubmitter struct {
	ID        *string `json:"_id"`
	Avatar    *link   `json:"avatarUrl"`
	Full      *string `json:"fullname"`
	Name      *string `json:"name"`
	Type      *string `json:"type"`
	Pro       *bool   `json:"isPro"`
	Staff     *bool   `json:"isHf"`
	Admin     *bool   `json:"isHfAdmin"`
	Mod       *bool   `json:"isMod"`
	Followers *int    `json:"followerCount"`
	Following *bool   `json:"isUserFollowing"`
	User      *string `json:"user"`
}

type strictItem struct {
	Paper         *strictPaper        `json:"paper"`
	Published     *stamp              `json:"publishedAt"`
	Title         *string             `json:"title"`
	Summary       *string             `json:"summary"`
	Media         *[]link             `json:"mediaUrls" may:"miss"`
	Thumbnail     *link               `json:"thumbnail"`
	Comments      *int                `json:"numComments"`
	By            *strictSubmitter    `json:"submittedBy"`
	Organization  *strictOrganization `json:"organization" may:"miss"`
	Participating *bool               `json:"isAuthorParticipating"`
	Upvotes       *int                `json:"upvotes"`
	AISummary     *string             `json:"ai_summary" may:"miss"`
	AIKeywords    *[]string           `json:"ai_keywords" may:"miss"`
	Project       *link               `json:"projectPage" may:"miss"`
	Repo          *link               `json:"githubRepo" may:"miss"`
	Stars         *int                `json:"githubStars" may:"miss"`
}

// A goClient asks one site.
type goClient struct {
	base string
	http *http.Client
}

// get reads the JSON at an address, which is a path or absolute, and gives its header.
func (c *goClient) get(address string, into any) (http.Header, error) {
	if strings.HasPrefix(address, "/") {
		address = c.base + address
	}
	resp, err := c.http.Get(address)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, &refusal{resp.StatusCode, resp.Header, body}
	}
	if err := compact(body); err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	return resp.Header, allThere(into)
}

// A refusal is an answer that is not what was asked for.
type refusal struct {
	status int
	header http.Header
	body   []byte
}

func (r *refusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.body) }

// check reports what a client cannot show of a refusal.
func (r *refusal) check() error {
	var told struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(r.body, &told); err != nil || told.Error == "" {
		return fmt.Errorf("the body tells no error: %s", r.body)
	}
	for _, name := range []string{"X-Error-Code", "X-Error-Message", "X-Request-Id"} {
		if r.header.Get(name) == "" {
			return fmt.Errorf("no %s", name)
		}
	}
	return nil
}

// compact reports blanks between the parts of JSON, and null where a key is to be
// left out.
func compact(body []byte) error {
	var small bytes.Buffer
	if err := json.Compact(&small, body); err != nil {
		return err
	}
	if !bytes.Equal(small.Bytes(), bytes.TrimSpace(body)) {
		return errors.New("the JSON is not compact")
	}
	if i := bytes.Index(body, []byte(":null")); i >= 0 {
		return fmt.Errorf("null: %s", body[max(0, i-30):i+5])
	}
	return nil
}

var nextLink = regexp.MustCompile(`^<(https?://[^>]+)>; rel="next"$`)

// list walks a list to its end by Links, or to most papers.
func (c *goClient) list(path string, most int) ([]strictItem, error) {
	var all []strictItem
	for next := path; next != "" && len(all) < most; {
		var page []strictItem
		header, err := c.get(next, &page)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		next = ""
		if told := header.Get("Link"); told != "" {
			m := nextLink.FindStringSubmatch(told)
			if m == nil {
				return nil, fmt.Errorf("the Link is %s", told)
			}
			next = m[1]
		}
	}
	for _, it := range all {
		if err := it.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", *it.Paper.ID, err)
		}
	}
	return all, nil
}

// check reports what stands twice in an item and differs.
func (it *strictItem) check() error {
	p := it.Paper
	twice := map[string][2]any{
		"title": {it.Title, p.Title}, "summary": {it.Summary, p.Summary}, "upvotes": {it.Upvotes, p.Upvotes},
		"organization": {it.Organization, p.Organization}, "ai_summary": {it.AISummary, p.AISummary},
		"ai_keywords": {it.AIKeywords, p.AIKeywords}, "projectPage": {it.Project, p.Project},
		"githubRepo": {it.Repo, p.Repo}, "githubStars": {it.Stars, p.Stars}, "mediaUrls": {it.Media, p.Media},
	}
	for name, two := range twice {
		a, _ := json.Marshal(two[0])
		b, _ := json.Marshal(two[1])
		if !bytes.Equal(a, b) {
			return fmt.Errorf("%s is %s at the top and %s in the paper", name, a, b)
		}
	}
	if *it.By.Name != *it.By.User || *it.By.Name != *p.By.User {
		return fmt.Errorf("it was submitted by %s, %s and %s", *it.By.Name, *it.By.User, *p.By.User)
	}
	return nil
}

// goClientOf is the client in Go.
func goClientOf(t *testing.T, s clientSite) {
	c := &goClient{s.url, &http.Client{Timeout: 30 * time.Second}}
	t.Run("periods", func(t *testing.T) { goPeriods(t, c, s) })
	t.Run("papers", func(t *testing.T) { goPapers(t, c, s) })
	t.Run("refusals", func(t *testing.T) { goRefusals(t, c, s) })
	t.Run("crowd", func(t *testing.T) { goCrowd(t, c, s) })
}

// goPeriods: a week is its days, pages are one list, and every submission is of the
// period.
func goPeriods(t *testing.T, c *goClient, s clientSite) {
	day, err := time.Parse(time.DateOnly, s.Day)
	if err != nil {
		t.Fatal(err)
	}
	year, number := day.ISOWeek()
	week, err := c.list(fmt.Sprintf("/api/daily_papers?week=%d-W%02d&limit=37", year, number), 1000)
	if err != nil || len(week) == 0 {
		t.Fatalf("%d papers, %v", len(week), err)
	}
	ofDays := map[string]bool{}
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	for n := range 7 {
		date := monday.AddDate(0, 0, n).Format(time.DateOnly)
		list, err := c.list("/api/daily_papers?date="+date+"&limit=100", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range list {
			ofDays[*it.Paper.ID] = true
			if got := it.Paper.Submitted.Format(time.DateOnly); got != date {
				t.Errorf("%s: %s was submitted on %s", date, *it.Paper.ID, got)
			}
		}
		if weekend := n >= 5; weekend && len(list) > 0 {
			t.Errorf("%s has %d papers", date, len(list))
		}
	}
	seen := map[string]bool{}
	for i, it := range week {
		if !ofDays[*it.Paper.ID] || seen[*it.Paper.ID] {
			t.Errorf("%s is of no day of the week, or twice in it", *it.Paper.ID)
		}
		seen[*it.Paper.ID] = true
		if i > 0 && it.Paper.Published.After(week[i-1].Paper.Published.Time) {
			t.Errorf("%s is newer than what stands before", *it.Paper.ID)
		}
	}
	if len(seen) != len(ofDays) {
		t.Errorf("the week has %d papers, its days %d", len(seen), len(ofDays))
	}
}

func goPapers(t *testing.T, c *goClient, s clientSite) {
	for _, id := range []string{s.Paper, s.Slash} {
		if id == "" {
			continue
		}
		for _, path := range []string{"/api/papers/" + id, "/api/papers/" + id + "?field=comments"} {
			var sheet strictSheet
			if _, err := c.get(path, &sheet); err != nil {
				t.Errorf("%s: %v", path, err)
			} else if *sheet.ID != id {
				t.Errorf("%s is %s", path, *sheet.ID)
			}
		}
		var repos struct {
			Models   *[0]struct{} `json:"models"`
			Datasets *[0]struct{} `json:"datasets"`
			Spaces   *[0]struct{} `json:"spaces"`
		}
		if _, err := c.get("/api/arxiv/"+id+"/repos", &repos); err != nil {
			t.Error(err)
		}
	}
}

// goRefusals: what is asked wrongly is refused in words, and nothing can be written.
func goRefusals(t *testing.T, c *goClient, s clientSite) {
	for path, status := range map[string]int{
		"/api/daily_papers?date=2025-13-40": 400,
		"/api/daily_papers?week=2025-W99":   400,
		"/api/daily_papers?month=2025-00":   400,
		"/api/daily_papers?limit=101":       400,
		"/api/papers/search?limit=500&q=x":  400,
		"/api/papers/" + s.Unknown:          404,
		"/api/whoami-v2":                    401,
	} {
		var refused *refusal
		if _, err := c.get(path, new(json.RawMessage)); !errors.As(err, &refused) || refused.status != status {
			t.Errorf("%s: %v, want %d", path, err, status)
		} else if err := refused.check(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{"/api/papers/submit", "/api/papers/" + s.Paper + "/comment", "/api/settings/papers/claim"} {
		resp, err := c.http.Post(c.base+path, "application/json", strings.NewReader(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %s", path, resp.Status)
		}
	}
}

// goCrowd: many at once get one answer.
func goCrowd(t *testing.T, c *goClient, s clientSite) {
	var wg sync.WaitGroup
	answers := make([]int, 16)
	for i := range answers {
		wg.Go(func() {
			list, err := c.list("/api/daily_papers?month="+s.Month+"&limit=20", 100)
			if err != nil {
				t.Error(err)
			}
			answers[i] = len(list)
		})
	}
	wg.Wait()
	for _, n := range answers {
		if n != answers[0] || n == 0 {
			t.Fatalf("the same list had %v papers", answers)
		}
	}
}

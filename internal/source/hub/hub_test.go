package hub

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// full is an item with every field, of our own making.
const full = `{
 "_list_date": "2026-05-27", "_taken_at": "2026-05-28T07:12:48Z", "_snapshot": "2026-05-28",
 "paper": {
  "id": "2605.12345",
  "authors": [
   {"_id": "a1", "name": "Ada  Example", "hidden": false, "status": "claimed_verified",
    "statusLastChangedAt": "2026-05-27T09:00:00.500Z",
    "user": {"_id": "u1", "avatarUrl": "/avatars/1.svg", "isPro": true, "fullname": "Ada Example", "user": "ada", "type": "user"}},
   {"_id": "a2", "name": "Bo Example", "hidden": true, "user": {"id": "u2", "name": "bo", "avatarUrl": "javascript:x"}},
   {"_id": "a3", "name": "  "}],
  "mediaUrls": ["https://media.example/1.mp4"],
  "publishedAt": "2026-05-26T17:08:18.000Z",
  "submittedOnDailyAt": "2026-05-27T01:04:48.148Z",
  "title": "A Title\n  on Two Lines",
  "submittedOnDailyBy": {"_id": "u3", "avatarUrl": "https://media.example/c.png", "isPro": false, "fullname": "Cy", "user": "cy", "type": "user"},
  "summary": "First part,\nwrapped. See https://github.com/ada/tool.\n  Second part.",
  "upvotes": 12, "discussionId": "d1",
  "projectPage": " https://tool.example/",
  "githubRepo": "https://github.com/ada/tool", "githubRepoAddedBy": "user",
  "ai_summary": " It works.", "ai_summary_model": "some/model", "ai_keywords": ["tools", "", "works"],
  "githubStars": 99,
  "organization": {"_id": "o1", "name": "lab", "fullname": "The Lab", "avatar": "https://media.example/lab.png"},
  "withdrawnAt": "2026-06-01T00:00:01.000Z"
 },
 "publishedAt": "2026-05-26T13:08:18.000Z", "title": "Another title", "summary": "Another text.",
 "mediaUrls": ["https://media.example/1.mp4", "https://media.example/2.png"],
 "thumbnail": "https://cdn-thumbnails.example/social-thumbnails/papers/2605.12345.png",
 "numComments": 3,
 "submittedBy": {"_id": "u3", "avatarUrl": "https://media.example/c.png", "fullname": "Cy", "name": "cy", "type": "user",
  "isPro": true, "isHf": true, "isHfAdmin": true, "isMod": true, "followerCount": 7, "isUserFollowing": false},
 "organization": {"name": "other"},
 "isAuthorParticipating": true
}`

func TestDecodeItem(t *testing.T) {
	o, err := DecodeItem([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	taken := time.Date(2026, 5, 28, 7, 12, 48, 0, time.UTC)
	want := paper.Observation{
		Source: paper.SourceHub, At: taken, Fingerprint: o.Fingerprint,
		Paper: paper.Paper{
			ID: "2605.12345", Title: "A Title on Two Lines",
			Abstract: "First part, wrapped. See https://github.com/ada/tool.\n\nSecond part.",
			Authors: []paper.Author{
				{Name: "Ada Example", Key: "a1", Status: "claimed_verified", StatusAt: time.Date(2026, 5, 27, 9, 0, 0, 5e8, time.UTC),
					Person: &paper.Person{Key: "u1", Name: "ada", FullName: "Ada Example", Avatar: "/avatars/1.svg", Type: "user", Pro: true}},
				{Name: "Bo Example", Key: "a2", Hidden: true, Person: &paper.Person{Key: "u2", Name: "bo"}},
			},
			Organization: &paper.Organization{Key: "o1", Name: "lab", FullName: "The Lab", Avatar: "https://media.example/lab.png"},
			Published:    paper.Date{Time: time.Date(2026, 5, 26, 17, 8, 18, 0, time.UTC), Precision: paper.PrecisionTime},
			Withdrawn:    time.Date(2026, 6, 1, 0, 0, 1, 0, time.UTC),
			Summary:      "It works.", SummaryModel: "some/model", Keywords: []string{"tools", "works"},
			Links: []paper.Link{
				{Kind: paper.LinkCode, URL: "https://github.com/ada/tool", Grade: paper.GradeAuthors},
				{Kind: paper.LinkProject, URL: "https://tool.example/", Grade: paper.GradeListed},
			},
			Media:     []string{"https://media.example/1.mp4", "https://media.example/2.png"},
			Thumbnail: "https://cdn-thumbnails.example/social-thumbnails/papers/2605.12345.png",
			Votes:     12, Comments: 3, Stars: 99, DiscussionID: "d1", AuthorActive: true,
		},
		Submission: &paper.Submission{Day: "2026-05-27", At: time.Date(2026, 5, 27, 1, 4, 48, 148e6, time.UTC),
			By: &paper.Person{Key: "u3", Name: "cy", FullName: "Cy", Avatar: "https://media.example/c.png", Type: "user",
				Pro: true, Staff: true, Admin: true, Moderator: true, Followers: 7}},
		Signals: []paper.Signal{
			{Kind: paper.SignalVotes, At: taken, Value: 12},
			{Kind: paper.SignalComments, At: taken, Value: 3},
			{Kind: paper.SignalStars, At: taken, Value: 99},
		},
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got\n%s\nwant\n%s", show(o), show(want))
	}
	if o.Fingerprint == 0 {
		t.Error("no fingerprint")
	}
}

func show(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// variant is the smallest item, with changes: "paper.x" or "x", and a JSON value.
func variant(t testing.TB, changes ...string) []byte {
	t.Helper()
	inner := map[string]json.RawMessage{"id": json.RawMessage(`"2605.00001"`), "title": json.RawMessage(`"T"`)}
	outer := map[string]json.RawMessage{}
	for i := 0; i < len(changes); i += 2 {
		if name, ok := strings.CutPrefix(changes[i], "paper."); ok {
			inner[name] = json.RawMessage(changes[i+1])
		} else {
			outer[changes[i]] = json.RawMessage(changes[i+1])
		}
	}
	var err error
	if outer["paper"] == nil {
		if outer["paper"], err = json.Marshal(inner); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(outer)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOldShapes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		changes []string
		got     func(o paper.Observation) any
		want    any
	}{
		{"nothing but id and title", nil, func(o paper.Observation) any { return []any{o.Submission, o.Signals, o.At} },
			[]any{(*paper.Submission)(nil), []paper.Signal(nil), time.Time{}}},
		{"month from the id", nil, func(o paper.Observation) any { return o.Paper.Published.String() }, "2026-05"},
		{"midnight is a day", []string{"paper.publishedAt", `"2026-05-02T00:00:00.000Z"`},
			func(o paper.Observation) any { return o.Paper.Published.String() }, "2026-05-02"},
		{"plain day", []string{"paper.publishedAt", `"2026-05-02"`},
			func(o paper.Observation) any { return o.Paper.Published.String() }, "2026-05-02"},
		{"the outer date is not the paper's", []string{"publishedAt", `"2026-05-09T03:00:00.000Z"`},
			func(o paper.Observation) any { return []any{o.Paper.Published.String(), o.At.Day()} }, []any{"2026-05", 9}},
		{"day of submission", []string{"paper.submittedOnDailyAt", `"2026-05-27T23:30:00.000Z"`},
			func(o paper.Observation) any {
				return []any{o.Submission.Day, o.Submission.At.Hour(), o.At.Equal(o.Submission.At)}
			},
			[]any{paper.Day("2026-05-27"), 23, true}},
		{"submitted at midnight: the day only", []string{"paper.submittedOnDailyAt", `"2026-05-27T00:00:00.000Z"`},
			func(o paper.Observation) any { return []any{o.Submission.Day, o.Submission.At} }, []any{paper.Day("2026-05-27"), time.Time{}}},
		{"unpadded list date", []string{"_list_date", `"2024-6-5"`},
			func(o paper.Observation) any { return o.Submission.Day }, paper.Day("2024-06-05")},
		{"outer summary and title", []string{"paper.title", `""`, "title", `"Outer"`, "summary", `"Text."`},
			func(o paper.Observation) any { return o.Paper.Title + "/" + o.Paper.Abstract }, "Outer/Text."},
		{"outer organization", []string{"organization", `{"name":"lab"}`},
			func(o paper.Observation) any { return o.Paper.Organization.Name }, "lab"},
		{"organization without a name", []string{"organization", `{"fullname":"Lab"}`},
			func(o paper.Observation) any { return o.Paper.Organization }, (*paper.Organization)(nil)},
		{"submitter beside the paper", []string{"_list_date", `"2026-05-27"`, "submittedBy", `{"name":"cy","fullname":"Cy "}`},
			func(o paper.Observation) any { return *o.Submission.By }, paper.Person{Name: "cy", FullName: "Cy"}},
		{"two submitters: the paper's", []string{"_list_date", `"2026-05-27"`, "submittedBy", `{"name":"x","isMod":true}`, "paper.submittedOnDailyBy", `{"user":"cy"}`},
			func(o paper.Observation) any { return *o.Submission.By }, paper.Person{Name: "cy"}},
		{"mediaUrl as thumbnail", []string{"mediaUrl", `"https://cdn-thumbnails.example/social-thumbnails/papers/1.png"`},
			func(o paper.Observation) any { return []any{len(o.Paper.Media), o.Paper.Thumbnail} },
			[]any{0, "https://cdn-thumbnails.example/social-thumbnails/papers/1.png"}},
		{"mediaUrl as media", []string{"mediaUrl", `"https://media.example/1.png"`},
			func(o paper.Observation) any { return o.Paper.Media[0] + o.Paper.Thumbnail }, "https://media.example/1.png"},
		{"grades", []string{"paper.githubRepo", `"github.com/a/b"`, "paper.githubRepoAddedBy", `"auto"`},
			func(o paper.Observation) any { return o.Paper.Links[0] }, paper.Link{Kind: paper.LinkCode, URL: "https://github.com/a/b", Grade: paper.GradeAuto}},
		{"staff", []string{"paper.githubRepo", `"github.com/a/b"`, "paper.githubRepoAddedBy", `"admin"`},
			func(o paper.Observation) any { return o.Paper.Links[0].Grade }, paper.GradeStaff},
		{"nobody named", []string{"paper.githubRepo", `"github.com/a/b"`},
			func(o paper.Observation) any { return o.Paper.Links[0].Grade }, paper.GradeListed},
		{"address that cannot be used", []string{"paper.projectPage", `"javascript:alert(1)"`},
			func(o paper.Observation) any { return len(o.Paper.Links) }, 0},
		{"null is nothing", []string{"paper.summary", "null", "numComments", "null", "organization", "null"},
			func(o paper.Observation) any { return len(o.Signals) }, 0},
		{"no votes is a count", []string{"paper.upvotes", "0"},
			func(o paper.Observation) any { return len(o.Signals) }, 1},
	} {
		o, err := DecodeItem(variant(t, tt.changes...))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := tt.got(o); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestWrongItems(t *testing.T) {
	for _, tt := range []struct {
		changes []string
		want    string
	}{
		{[]string{"paper", "null"}, "paper: it is missing: expected an item of the Daily Papers API"},
		{[]string{"paper", `"2605.00001"`}, "paper: expected object, got string"},
		{[]string{"paper.id", `""`}, "paper id: "},
		{[]string{"paper.id", `"../../etc/passwd"`}, "paper id: "},
		{[]string{"paper.id", `2605.1`}, "paper.id: expected string, got number"},
		{[]string{"paper.title", `" \n"`}, "paper.title: it is empty"},
		{[]string{"paper.title", `["T"]`}, "paper.title: expected string, got array"},
		{[]string{"paper.publishedAt", `"2025-13-40"`}, `paper.publishedAt: "2025-13-40" is not a time`},
		{[]string{"paper.publishedAt", `"2025-02-30T01:00:00Z"`}, `paper.publishedAt: "2025-02-30T01:00:00Z" is not`},
		{[]string{"paper.publishedAt", `"0001-01-01T00:00:00Z"`}, "outside the years"},
		{[]string{"_list_date", `"2025-13-40"`}, `_list_date: "2025-13-40" is not a day`},
		{[]string{"_list_date", `20250101`}, `_list_date: expected string, got number`},
		{[]string{"_taken_at", `"yesterday"`}, `_taken_at: "yesterday" is not a time`},
		{[]string{"paper.submittedOnDailyAt", `"soon"`}, `paper.submittedOnDailyAt: "soon"`},
		{[]string{"paper.withdrawnAt", `"2025"`}, `paper.withdrawnAt: "2025"`},
		{[]string{"paper.upvotes", `"12"`}, "paper.upvotes: expected integer, got string"},
		{[]string{"paper.upvotes", `-1`}, "upvotes: -1 is no count"},
		{[]string{"paper.upvotes", `1e99`}, "paper.upvotes: expected integer, got number 1e99"},
		{[]string{"numComments", `1.5`}, "numComments: expected integer, got number 1.5"},
		{[]string{"paper.authors", `{}`}, "paper.authors: expected array, got object"},
		{[]string{"paper.authors", `["Ada"]`}, "paper.authors: expected object, got string"},
		{[]string{"paper.authors", `[{"name":"Ada","statusLastChangedAt":"x"}]`}, "paper.authors.statusLastChangedAt: "},
		{[]string{"organization", `{"name":"../x"}`}, `organization.name: "../x" is not the name of an account`},
		{[]string{"submittedBy", `{"name":"a/b"}`}, `submittedBy.name: "a/b" is not the name of an account`},
		{[]string{"submittedBy", `{"name":"a","followerCount":-2}`}, `submittedBy.followerCount: -2 is no count`},
	} {
		o, err := DecodeItem(variant(t, tt.changes...))
		var invalid *paper.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v; want a *paper.InvalidError with %q", tt.changes, err, tt.want)
		}
		if o.Paper.ID != "" && err != nil {
			t.Errorf("%v: something is returned beside the error", tt.changes)
		}
	}
	if _, err := DecodeItem([]byte(`{"paper":`)); err == nil || !strings.Contains(err.Error(), "not JSON") {
		t.Errorf("half an item: %v", err)
	}
}

func FuzzDecodeItem(f *testing.F) {
	f.Add([]byte(full))
	f.Add(variant(f))
	f.Add([]byte(`{"paper":{"id":"x","title":[],"authors":[null]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := DecodeItem(data)
		if err != nil {
			return
		}
		if id, err := paper.ParseID(string(o.Paper.ID)); err != nil || id != o.Paper.ID {
			t.Errorf("id %q: %v", o.Paper.ID, err)
		}
		if o.Paper.Title == "" || o.Fingerprint == 0 {
			t.Errorf("something is missing: %+v", o)
		}
	})
}

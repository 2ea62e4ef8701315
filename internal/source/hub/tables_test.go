package hub

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
)

func TestDecodeCounts(t *testing.T) {
	got, err := DecodeCounts([]byte(`{"id": "2211.16780", "at": "2026-05-28T07:12:48Z", "upvotes": 2, "comments": 4}`))
	at := time.Date(2026, 5, 28, 7, 12, 48, 0, time.UTC)
	want := paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: "2211.16780"}, Signals: []paper.Signal{
		{Kind: paper.SignalVotes, At: at, Value: 2}, {Kind: paper.SignalComments, At: at, Value: 4},
	}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	for _, tt := range []struct{ json, want string }{
		{`{}`, "paper id: "},
		{`{"id":"2211.16780","upvotes":2}`, "at: it is missing"},
		{`{"id":"2211.16780","at":"2025-13-40","upvotes":2}`, `at: "2025-13-40"`},
		{`{"id":"2211.16780","at":"2026-05-28T07:12:48Z"}`, "upvotes: it is missing"},
		{`{"id":"2211.16780","at":"2026-05-28T07:12:48Z","upvotes":-2}`, "upvotes: -2 is no count"},
		{`{"id":"2211.16780","at":"2026-05-28T07:12:48Z","upvotes":2,"comments":-2}`, "comments: -2 is no count"},
		{`{"id":"2211.16780","at":"2026-05-28T07:12:48Z","upvotes":"2"}`, "upvotes: expected integer, got string"},
		{`[]`, "record: expected object, got array"},
		{`{`, "not JSON"},
	} {
		if got, err := DecodeCounts([]byte(tt.json)); err == nil || !strings.Contains(err.Error(), tt.want) || got.Signals != nil {
			t.Errorf("%s: %+v, %v; want an error with %q", tt.json, got, err, tt.want)
		}
	}
}

func TestDecodeOrganization(t *testing.T) {
	got, err := DecodeOrganization([]byte(`{"_id":"o1","name":"lab","fullname":"The  Lab","avatar":"https://media.example/l.png","papers":3}`))
	want := paper.Organization{Key: "o1", Name: "lab", FullName: "The Lab", Avatar: "https://media.example/l.png"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	for _, tt := range []struct{ json, want string }{
		{`{}`, "name: it is missing"},
		{`{"name":".."}`, "is not the name of an account"},
		{`{"name":7}`, "name: expected string, got number"},
		{`"lab"`, "record: expected object, got string"},
	} {
		if _, err := DecodeOrganization([]byte(tt.json)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want an error with %q", tt.json, err, tt.want)
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add([]byte(`{"id":"2211.16780","at":"2026-05-28T07:12:48Z","upvotes":2,"comments":2}`))
	f.Add([]byte(`{"_id":"o1","name":"lab","fullname":"Lab","avatar":"https://media.example/l.png"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if v, err := DecodeCounts(data); err == nil && (v.Paper.ID == "" || len(v.Signals) != 2 || v.Signals[0].At.IsZero() || v.Signals[0].Value < 0) {
			t.Errorf("%+v", v)
		}
		if o, err := DecodeOrganization(data); err == nil && o.Name == "" {
			t.Errorf("%+v", o)
		}
	})
}

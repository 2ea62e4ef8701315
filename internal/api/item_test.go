package api

import (
	"regexp"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

func TestSubmitted(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    paper.Submission
		want string
	}{
		{"on the day", paper.Submission{Day: "2026-05-27", At: at("2026-05-27T01:04:48.148Z")}, "2026-05-27T01:04:48.148Z"},
		{"other zone", paper.Submission{Day: "2026-05-27", At: at("2026-05-26T21:31:00-04:00")}, "2026-05-27T01:31:00.000Z"},
		{"after midnight", paper.Submission{Day: "2026-05-27", At: at("2026-05-28T01:10:00Z")}, "2026-05-27T00:00:00.000Z"},
		{"the day alone", paper.Submission{Day: "2026-05-27"}, "2026-05-27T00:00:00.000Z"},
	} {
		if got := submitted(&tt.s); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestPublished(t *testing.T) {
	on := &paper.Submission{Day: "2026-05-27"}
	for _, tt := range []struct {
		name string
		e    catalog.Entry
		want string
	}{
		{"known", full(), "2026-05-26T17:08:18.000Z"},
		{"by its id", catalog.Entry{Paper: paper.Paper{ID: "2605.12345"}, Submission: on}, "2026-05-01T00:00:00.000Z"},
		{"by its edition", catalog.Entry{Paper: paper.Paper{ID: "10.1145/3292500"}, Submission: on}, "2026-05-27T00:00:00.000Z"},
		{"unknown", catalog.Entry{Paper: paper.Paper{ID: "10.1145/3292500"}}, ""},
	} {
		if got := published(tt.e); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func testWriter() writer {
	return NewWriter(Options{Origin: "https://source.example/"}).at("https://papers.example")
}

const ownSign = "https://papers.example/favicon.ico"

func TestAvatar(t *testing.T) {
	w := testWriter()
	for in, want := range map[string]string{
		"":                            ownSign,
		"/avatars/a.svg":              "https://source.example/avatars/a.svg",
		"https://media.example/a.png": "https://media.example/a.png",
		"https://media.example/a b":   "https://media.example/a%20b",
		"//media.example/a.png":       ownSign,
		"javascript:alert(1)":         ownSign,
		"/a\x7f%zz":                   ownSign,
	} {
		if got := w.avatar(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestThumbnail(t *testing.T) {
	w := testWriter()
	for _, tt := range []struct {
		name string
		p    paper.Paper
		want string
	}{
		{"its own", paper.Paper{Thumbnail: "https://media.example/t.png", Media: []string{"https://media.example/1.png"}}, "https://media.example/t.png"},
		{"a picture", paper.Paper{Media: []string{"https://media.example/1.mp4", "https://media.example/2.PNG"}}, "https://media.example/2.PNG"},
		{"a film", paper.Paper{Media: []string{"https://media.example/1.mp4"}}, ownSign},
		{"nothing", paper.Paper{}, ownSign},
	} {
		if got := w.thumbnail(&tt.p); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestRepository(t *testing.T) {
	code := func(url string, g paper.Grade) paper.Link {
		return paper.Link{Kind: paper.LinkCode, URL: url, Grade: g}
	}
	for _, tt := range []struct {
		name     string
		links    []paper.Link
		url, who string
	}{
		{"none", nil, "", ""},
		{"elsewhere", []paper.Link{code("https://gitlab.com/a/b", paper.GradeReader)}, "", ""},
		{"in the text", []paper.Link{code("https://github.com/a/b", paper.GradeAuthors)}, "https://github.com/a/b", ""},
		{"by a program", []paper.Link{code("https://github.com/a/b", paper.GradeAuto)}, "https://github.com/a/b", "auto"},
		{"named before found", []paper.Link{code("https://github.com/a/b", paper.GradeAuthors), code("https://github.com/c/d", paper.GradeReader)}, "https://github.com/c/d", "user"},
		{"the first of equals", []paper.Link{code("https://github.com/a/b", paper.GradeListed), code("https://github.com/c/d", paper.GradeListed)}, "https://github.com/a/b", ""},
	} {
		if url, who := repository(tt.links); url != tt.url || who != tt.who {
			t.Errorf("%s: got %q, %q", tt.name, url, who)
		}
	}
}

func TestMadeKeys(t *testing.T) {
	w := testWriter()
	e := bare() // of two authors with one name
	a := w.authors(&e.Paper)
	hexKey := regexp.MustCompile(`^[0-9a-f]{24}$`)
	if !hexKey.MatchString(a[0].Key) || !hexKey.MatchString(a[1].Key) || a[0].Key == a[1].Key {
		t.Errorf("got %q and %q", a[0].Key, a[1].Key)
	}
	if again := w.authors(&e.Paper); again[1] != a[1] {
		t.Error("the keys have changed")
	}
}

package links

import (
	"strings"
	"testing"

	"broadsheet/internal/paper"
)

func urls(list []paper.Link) string {
	var out []string
	for _, l := range list {
		out = append(out, l.URL)
	}
	return strings.Join(out, " ")
}

func TestInText(t *testing.T) {
	const ab = "https://github.com/a/b"
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"No address stands here, and/or none is meant.", ""},
		{"Code: https://github.com/a/b", ab},
		{"Code: http://www.github.com/a/b/.", ab},
		{"Code is at github.com/a/b, data elsewhere.", ab},
		{"(https://GitHub.com/a/b)", ab},
		{"<https://github.com/a/b>", ab},
		{"See https://github.com/a/b.git!", ab},
		{"https://github.com/a/b?tab=readme#use", ab},
		{`\url{https://github.com/a/b}.`, ab},
		{`\href{https://github.com/a/b}{https://github.com/a/b}`, ab},
		{`{\tt github.com/a/b}`, ab},
		{`$\href{https://github.com/a/b}{this}$`, ab},
		{"twice: github.com/a/b and https://github.com/A/B/tree/main", ab},
		{`https://github.com/a/with\_under\_score`, "https://github.com/a/with_under_score"},
		{`https://github.com/a/with$\_$under`, "https://github.com/a/with_under"},
		{"https://github.com/a/b_", "https://github.com/a/b_"},
		{"github.com/a/b---as promised", ab},
		{"https://github.com/a/three.js.", "https://github.com/a/three.js"},
		{"https://github.com/a/b/tree/main/src, c", ab + "/tree/main/src"},
		{"github.com/a/b,github.com/c/d", ab + " https://github.com/c/d"},
		{"**github.com/a/b**", ab},
		{"the page of https://github.com/a", ""},
		{"https://github.com/topics/nlp https://github.com/orgs/a", ""},
		{"notgithub.com/a/b", ""},
		{"https://example.com/github.com/a/b", ""},
		{"ftp://github.com/a/b", ""},
		{"git@github.com/a/b", ""},
		{"https://web.archive.org/web/2020/https://github.com/a/b", ab},
		{"https://github.com/../b https://github.com//b", ""},
		{"https://gitlab.com/group/sub/name/-/tree/main", "https://gitlab.com/group/sub/name/-/tree/main"},
		{"https://gitlab.com/group/sub/name.git", "https://gitlab.com/group/sub/name"},
		{"https://gitlab.inst.edu/a/b.", "https://gitlab.inst.edu/a/b"},
		{"https://bitbucket.org/a/b", "https://bitbucket.org/a/b"},
		{"https://git.sr.ht/~a/b", "https://git.sr.ht/~a/b"},
		{"http://sourceforge.net/projects/name/", "https://sourceforge.net/projects/name"},
		{"https://anonymous.4open.science/r/name-12AB/", "https://anonymous.4open.science/r/name-12AB"},
		{"https://huggingface.co/a/b", ""},
		{"https://github.com/a/b》（", ab},
	} {
		got := InText(tt.text)
		if urls(got) != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, urls(got), tt.want)
		}
		for _, l := range got {
			if l.Kind != paper.LinkCode || l.Grade != paper.GradeAuthors {
				t.Errorf("%q: %+v", tt.text, l)
			}
		}
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://a.example/x?y=1#z", "https://a.example/x?y=1#z"},
		{" http://A.Example/Path ", "http://a.example/Path"},
		{"a.example", "https://a.example"},
		{"//a.example/x", "https://a.example/x"},
		{"HTTPS://a.example:8443/x", "https://a.example:8443/x"},
		{"https://a.example/sch\u00f6n", "https://a.example/sch%C3%B6n"},
		{"https://github.com/a/\nb", "https://github.com/a/b"},
		{"github.com/a/b/", "https://github.com/a/b"},
		{"http://www.github.com/a/b.git", "https://github.com/a/b"},
		{"https://github.com/a", "https://github.com/a"},
		{"", ""},
		{"javascript:alert(1)", ""},
		{"java\nscript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"ftp://a.example/x", ""},
		{"https://user:pw@a.example/", ""},
		{"https://localhost/x", ""},
		{"https://", ""},
		{"https://a.example/two words", ""},
		{`https://a.example/"onload="x`, ""},
		{"https://a.example/%zz", ""},
		{"coming soon", ""},
		{"/avatars/x.svg", ""},
		{"https://a.example/" + strings.Repeat("x", 3000), ""},
	} {
		got, ok := Clean(tt.in)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("Clean(%.80q) = %q, %v; want %q", tt.in, got, ok, tt.want)
		}
		if again, _ := Clean(got); again != got {
			t.Errorf("Clean(%q) = %q: not the form in which it is kept", got, again)
		}
	}
}

func TestAdd(t *testing.T) {
	list := Add(nil, paper.Link{Kind: paper.LinkCode, URL: "https://github.com/a/b/tree/dev", Grade: paper.GradeAuto})
	list = Add(list, paper.Link{Kind: paper.LinkCode, URL: "https://github.com/A/B", Grade: paper.GradeAuthors})
	list = Add(list, paper.Link{Kind: paper.LinkProject, URL: "https://github.com/a/b", Grade: paper.GradeListed})
	list = Add(list, paper.Link{Kind: paper.LinkCode, URL: "https://github.com/a/b", Grade: paper.GradeListed})
	want := []paper.Link{
		{Kind: paper.LinkCode, URL: "https://github.com/a/b/tree/dev", Grade: paper.GradeAuthors},
		{Kind: paper.LinkProject, URL: "https://github.com/a/b", Grade: paper.GradeListed},
	}
	if len(list) != 2 || list[0] != want[0] || list[1] != want[1] {
		t.Errorf("got %+v\nwant %+v", list, want)
	}
}

func FuzzLinks(f *testing.F) {
	for _, s := range []string{"github.com/a/b", `\url{https://gitlab.com/a/b/c/-/x}`, "//a.b", "gitlab.x.y/a/..", "http://[::1]/", "a.b:1/%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range InText(s) {
			if again, ok := Clean(l.URL); !ok && len(l.URL) <= maxURL && !strings.Contains(l.URL, "%") {
				t.Errorf("InText(%q) gives %q, which Clean makes %q", s, l.URL, again)
			}
		}
		got, ok := Clean(s)
		if !ok {
			return
		}
		if again, ok := Clean(got); !ok || again != got {
			t.Errorf("Clean(%q) = %q, and of that %q", s, got, again)
		}
	})
}

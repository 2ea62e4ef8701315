package openapi

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func library(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/library.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parsed(t *testing.T) *Description {
	t.Helper()
	d, err := Parse(library(t))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// text marks what the page marks.
func (w Words) text() string {
	var b strings.Builder
	for _, one := range w {
		if one.Anchor != "" {
			one.Text = `<a href="#` + one.Anchor + `">` + one.Text + "</a>"
		}
		b.WriteString(one.Text)
	}
	return b.String()
}

func (p Prose) text() string {
	var b strings.Builder
	for _, paragraph := range p {
		b.WriteString("<p>")
		for _, one := range paragraph {
			switch {
			case one.Code:
				one.Text = "<code>" + one.Text + "</code>"
			case one.Strong:
				one.Text = "<strong>" + one.Text + "</strong>"
			}
			b.WriteString(one.Text)
		}
		b.WriteString("</p>")
	}
	return b.String()
}

func TestGroupsAndCalls(t *testing.T) {
	d := parsed(t)
	if d.Title != "Library" || d.Says.text() != "<p>What the library has.</p><p>Ask with <code>GET</code> <only>.</p>" {
		t.Errorf("title %q, says %q", d.Title, d.Says.text())
	}
	var got []string
	for _, g := range d.Groups {
		for _, c := range g.Calls {
			got = append(got, g.Name+" "+c.Method+" "+c.Path+" #"+c.Anchor)
		}
	}
	want := []string{
		"Books GET /api/v1/books/{id} #call-get-book", "Books GET /api/v1/books #call-list-books",
		"Calls GET /api/v1/loans #call-get-loans", "Calls POST /api/v1/loans #call-post-loans",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	book, list, loans := d.Groups[0].Calls[0], d.Groups[0].Calls[1], d.Groups[1].Calls[0]
	for _, c := range []struct{ what, got, want string }{
		{"an example with a path", book.Example, "/api/v1/books/a%2Fb%201"},
		{"an example that lacks what must be there", list.Example, ""},
		{"an example without parameters", loans.Example, "/api/v1/loans"},
		{"an example of what writes", d.Groups[1].Calls[1].Example, ""},
		{"a description that repeats the summary", list.Says.text(), ""},
		{"a description", book.Says.text(), "<p>All that is known about it.</p>"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if !list.Deprecated || book.Deprecated {
		t.Error("deprecated calls are not marked")
	}
}

// told is a field in one line.
func told(f Field) string {
	line := f.Name + ": " + f.Type.text()
	if f.Required {
		line += "!"
	}
	for _, fact := range f.Facts {
		line += "; " + fact
	}
	return line + f.Says.text()
}

func TestFields(t *testing.T) {
	d := parsed(t)
	var got []string
	for _, f := range slices.Concat(d.Groups[0].Calls[1].Params, d.Groups[0].Calls[1].Answers[0].Fields, d.Shapes[0].Fields) {
		got = append(got, told(f))
	}
	book := `<a href="#shape-book">Book</a>`
	want := []string{
		"limit: integer; 1 to 100; 50 if left out; like 10",
		"sort: string; one of new, old; new if left out<p>In which order.</p>",
		"ids: array of string or null!; at most 5 of them",
		"books: array of " + book + "!",
		"next: string or null<p>Where the next page is.</p>",
		"title: string!; at most 250 characters", "added: string, date-time", "stars: integer; at least 0",
		"kinds: array of string; one of novel, essay", "counts: object whose members are integer", "open: object",
		"either: string or " + book, "same: " + book, "fixed: anything; always 7", "whatever: anything",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnswers(t *testing.T) {
	var got []string
	for _, a := range parsed(t).Groups[0].Calls[0].Answers {
		got = append(got, strings.Join([]string{a.Status, a.Kind, a.Type.text(), a.Says.text(), strings.Join(a.Headers, " ")}, "|"))
	}
	want := []string{
		`200|application/json|<a href="#shape-book">Book</a>|<p>OK</p>|ETag`, "304|||<p>Not changed</p>|",
		"default|application/problem+json|object|<p>What went wrong</p>|",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestBadDescriptions(t *testing.T) {
	for text, want := range map[string]string{
		"{":                               "unexpected end",
		"[]":                              "cannot unmarshal",
		`{"openapi":"2.0"}`:               "should begin with 3",
		`{"openapi":"3.1.0","paths":[1]}`: "not an object",
		`{"openapi":"3.1.0","paths":{"/x":{"get":{"responses":7}}}}`: "/x",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if d, err := Parse(nil); d != nil || err != nil {
		t.Errorf("no description: %v, %v", d, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(library(f))
	f.Add([]byte(`{"openapi":"3.0.0","paths":{"/a":{"get":{"parameters":[null],"responses":{"200":null}}}},"components":{"schemas":{"A":null}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse(text)
		if err == nil && d != nil {
			_ = d.Says.text()
		}
	})
}

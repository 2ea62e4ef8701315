package web

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// drawn is what a template makes of data.
func drawn(t *testing.T, name string, data any) string {
	t.Helper()
	all, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := all["paper"].ExecuteTemplate(&b, name, data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCoverIsSmallAndAlwaysTheSame(t *testing.T) {
	for name, text := range map[string]string{"long": abstract, "short": "Notes.", "none": "", "huge": strings.Repeat(abstract, 30), "other": "読む。 \x00\xff <b> &"} {
		p := &paper.Paper{ID: "2605.00001", Title: "Long Notes", Abstract: text}
		for _, f := range []format{wide, small} {
			svg := drawn(t, "cover", cover(p, f))
			if svg != drawn(t, "cover", cover(p, f)) {
				t.Errorf("%s: two covers differ", name)
			}
			if len(svg) > 6000 || svg == "" {
				t.Errorf("%s: %d bytes", name, len(svg))
			}
			if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if cover(&paper.Paper{}, wide) != nil {
		t.Error("a paper without words has a cover")
	}
}

func TestStrokesKnowTheTitle(t *testing.T) {
	got := strokes("Learning to read. Notes help.", "A Reader Learns: Notes")
	want := []stroke{{8, false, false}, {2, false, false}, {4, false, true}, {5, true, false}, {4, false, true}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("word %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestSpark(t *testing.T) {
	at := func(hour, value int) paper.Signal {
		return paper.Signal{At: noon.Add(time.Duration(hour) * time.Hour), Value: value}
	}
	for _, c := range []struct {
		name  string
		votes []paper.Signal
		want  string
	}{
		{"none", nil, ""},
		{"one", []paper.Signal{at(0, 5)}, ""},
		{"at one time", []paper.Signal{at(0, 5), at(0, 6)}, ""},
		{"three", []paper.Signal{at(0, 0), at(1, 5), at(2, 10)}, `points="0.0,40.0 120.0,21.0 240.0,2.0"`},
		{"nobody voted", []paper.Signal{at(0, 0), at(2, 0)}, `points="0.0,40.0 240.0,40.0"`},
	} {
		line := spark(c.votes)
		if (line == nil) != (c.want == "") {
			t.Errorf("%s: %v", c.name, line)
		} else if line != nil && !strings.Contains(drawn(t, "spark", line), c.want) {
			t.Errorf("%s: %s", c.name, drawn(t, "spark", line))
		}
	}
	many := make([]paper.Signal, 1000)
	for i := range many {
		many[i] = at(i, i)
	}
	if got := thin(many, 60); len(got) != 60 || got[0] != many[0] || got[59] != many[999] {
		t.Error("thinning loses the first or the last")
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{number(1234567), "1,234,567"}, {number(999), "999"}, {number(-1234), "-1,234"}, {plural(1, "paper"), "1 paper"}, {plural(0, "paper"), "0 papers"},
		{short(812), "812"}, {short(1250), "1.2k"}, {short(31999), "31k"}, {decimal(2), "2"}, {decimal(6.339), "6.34"}, {decimal(100), "100"}, {decimal(-0.5), "-0.5"},
		{webAddress("https://x.example/a"), "https://x.example/a"}, {webAddress("javascript:alert(1)"), ""}, {webAddress("//x.example"), ""}, {webAddress("ftp://x.example"), ""},
		{license("http://creativecommons.org/licenses/by-nc/4.0/"), "CC BY-NC 4.0"}, {place(time.UTC), "UTC"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	for _, c := range []struct {
		text       string
		n          int
		head, rest string
	}{{"one two three", 20, "one two three", ""}, {"one two three", 9, "one two", "three"}, {"onetwothree", 4, "onet", "wothree"}, {"é é é", 3, "é", "é é"}, {"", 3, "", ""}} {
		if head, rest := cutAtWord(c.text, c.n); head != c.head || rest != c.rest {
			t.Errorf("cutAtWord(%q, %d) = %q, %q", c.text, c.n, head, rest)
		}
	}
}

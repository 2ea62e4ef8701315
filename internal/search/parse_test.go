package search

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

var testNow = time.Date(2024, 6, 15, 12, 0, 0, 0, time.UTC)

func TestParse(t *testing.T) {
	for _, tt := range []struct{ in, want, text string }{
		{"", "", ""},
		{"  deep   learning ", "deep learning", "deep learning"},
		{`"deep learning" graphs`, `graphs "deep learning"`, "deep learning graphs"},
		{"“deep learning”", `"deep learning"`, "deep learning"},
		{`graphs -survey -"case study" -author:x`, `graphs -survey -"case study" -author:x`, "graphs"},
		{"GPT-4o - a model -- it", "GPT-4o a model it", "GPT-4o a model it"},
		{"cats OR dogs", "cats OR dogs", "cats dogs"},
		{"a AND b", "+a +b", "a b"}, {"a && (b || c)", "+a b OR c", "a b c"},
		{"x a OR b AND c d", "x d a OR (b AND c)", "x a b c d"},
		{"(a OR b) AND NOT c", "a OR b -c", "a b"},
		{"((a OR b) OR (c d)) e", "e a OR b OR (c AND d)", "a b c d e"},
		{"-(a b) -(c OR d) NOT (e AND f)", "-a -b -c -d -(e AND f)", ""},
		{"-(a OR cat:cs.CL)", "-a -cat:cs.CL", ""},
		{"+a b +\"c d\" + e", `b e +a "c d"`, "a b c d e"},
		{"+(a b)", "+a +b", "a b"},
		{"title:(a b) abs:(c OR d)", "title:a title:b abs:c OR abs:d", ""},
		{"author:(Wei Li) org:(Acme Labs OR x)", `author:"Wei Li" org:Acme org:Labs OR org:x`, ""},
		{"cat:(cs.CL OR cs.LG)", "cat:cs.CL,cs.LG", ""},
		{"transform* title:graph* author:lec*", "transform* title:graph* author:lec*", "transform"},
		{"A* search, C*-algebra x^2 (n*m)", "A* search, C*-algebra x^2 n*m", "A* search, C*-algebra x^2 n*m"},
		{"＋a　－b （c OR d） author：x ＂e f＂", `+a c OR d author:x "e f" -b`, "a c d e f"},
		{"「a b」", `"a b"`, "a b"},
		{"author:Wei Li", `author:"Wei Li" OR (author:Wei AND (title:Li OR abs:Li))`, ""},
		{"author:x OR author:y z", "z author:x OR author:y", "z"},
		{"year:[2020 TO 2023]", "year:2020..2023", ""}, {"votes:[5 TO *]", "votes:>=5", ""},
		{"\"a b\"~5 c^2 attention^2 graph~", "a b c^2 attention graph", "a b c^2 attention graph"},
		{"BERT (a model), or not (yet)", "BERT a model or not yet", "BERT a model or not yet"},
		{"1) one 2) two (three", "1 one 2 two three", "1 one 2 two three"},
		{"MASS AND SPIN OF BLACK HOLES", "MASS SPIN OF BLACK HOLES", "MASS SPIN OF BLACK HOLES"},
		{"GNN AND LLM", "+GNN +LLM", "GNN LLM"},
		{`"a b" OR author:x c`, `c "a b" OR author:x`, "a b c"},
		{"(author:x OR author:y) (f(x))", "f(x) author:x OR author:y", "f(x)"},
		{"OR x AND y OR", "+x +y", "x y"},
		{"x NOT y", "x -y", "x"},
		{`author:"Yann LeCun" by:noether`, `author:"Yann LeCun" author:noether`, ""},
		{"Title:graphs abs:bound org:acme", "title:graphs abs:bound org:acme", ""},
		{"cat:cs.cl cat:Math", "cat:cs.CL cat:math", ""},
		{"cat:cs.CL,stat.ml cat:cs.*", "cat:cs.CL,stat.ML cat:cs", ""},
		{"cat:cs.CL OR cat:hep-ph x", "x cat:cs.CL,hep-ph", "x"},
		{"-cat:physics.optics -cat:cond-mat.Soft", "-cat:cond-mat.soft -cat:physics.optics", ""},
		{"cat:physics", "cat:" + strings.Join(archives[:physicsArchives], ","), ""},
		{"year:2024", "year:2024", ""},
		{"year:2025..2024", "year:2024..2025", ""},
		{"year:2024..", "after:2024-01-01", ""},
		{"year:..2024", "before:2025-01-01", ""},
		{"year:1970", "year:1970", ""},
		{"after:2024-05 before:2024/6/1", "after:2024-05-01 before:2024-06-01", ""},
		{"after:30d before:today", "after:2024-05-16 before:2024-06-15", ""},
		{"after:1y year:2024", "year:2024", ""},
		{"has:code|project -has:summary", "has:code has:project -has:summary", ""},
		{"in:daily", "in:daily", ""}, {"-in:daily", "-in:daily", ""},
		{"votes:>10", "votes:>=11", ""}, {"votes:>=10 votes:<20", "votes:10..19", ""},
		{"votes:5..20", "votes:5..20", ""}, {"votes:5..", "votes:>=5", ""}, {"votes:0", "votes:0", ""}, {"votes:<1", "votes:0", ""},
		{"votes:7", "votes:7..7", ""},
		{"id:2401.01234v2 id:hep-th/9901001", "id:2401.01234 id:hep-th/9901001", ""},
		{"arXiv:2401.01234, doi:10.1145/3292500 DBLP:x", "arXiv:2401.01234, doi:10.1145/3292500 DBLP:x", "arXiv:2401.01234, doi:10.1145/3292500 DBLP:x"},
		{"id:1001.002", "id:1001.0020 id:1001.0002", ""},
		{"similar:arXiv:2401.01234", "similar:2401.01234", ""},
		{"graphs sort:new", "graphs sort:new", "graphs"}, {"sort:top sort:relevance", "", ""},
		{`bounds of $O(n^2)$ for $k$-means`, "bounds of O(n²) for k-means", "bounds of O(n²) for k-means"},
		{`"open and`, "open and", "open and"},
		{`author:"open and`, `author:"open and" OR (author:open AND (title:and OR abs:and))`, ""},
		{`"" author:"" title:() -`, "", ""},
		{"BERT: a model", "BERT: a model", "BERT: a model"},
		{"https://example.org/x", "https://example.org/x", "https://example.org/x"},
	} {
		q, _ := Parse(tt.in, testNow)
		if got := q.String(); strings.Join(strings.Fields(got), " ") != tt.want || q.Text != tt.text {
			t.Errorf("%q\n reads as %q, text %q\n want     %q, text %q", tt.in, got, q.Text, tt.want, tt.text)
		}
	}
}

func TestParseHints(t *testing.T) {
	for in, want := range map[string]string{
		"plain words": "", `author:"lecun y" cat:cs.CL year:2024 "a b" -c`: "", "sort:new": "",
		"auther:lecun":           "Did you mean author:?",
		"dataset:imagenet":       "The fields are",
		"cat:cs.CL OR x":         "OR does not join filters",
		"x OR -y":                "OR does not join what is left out",
		"x OR year:2024":         "OR does not join filters",
		"cat:cs.CL OR year:2024": "year: has to hold",
		"-(a -b)":                "left out twice",
		"title:deep learning":    `title:"deep learning" or title:(deep learning)`,
		"author:Wei Li":          `author:"Wei Li"`,
		`"deep graph"~5`:         "near one another",
		`"deep graph"^2`:         "no weights",
		`"deep graph*"`:          "within quotation marks",
		"attention^2":            "no weights",
		"graph~2":                "likelier spelling",
		"wom?n":                  "wom*",
		"*former":                "at the end of a word",
		"trans*mer":              "at the end of a word",
		"tr*":                    "at least 3 letters",
		"/deep.*/":               "Regular expressions",
		"[2020 TO 2023]":         "year:2020..2023",
		"what is attention?":     "", "A* search": "", "x^2 + y^2": "", "RRT* planning": "", "R^n ~ 5": "",
		"of the":                  "Nearly every paper",
		"... ?!":                  "marks alone",
		"AND":                     "join words",
		"of the year:2024":        "",
		"has:color":               "code, project, comments and summary",
		"in:weekly":               "in:daily",
		"in:dayly":                "Did you mean in:daily?",
		"has:cod":                 "Did you mean has:code?",
		"sort:vote":               "Did you mean sort:votes?",
		"cat:cs.LGG":              "Did you mean cs.LG?",
		"cat:LG":                  "Did you mean cs.LG?",
		"cat:cs.nlp":              "Did you mean cs.CL?",
		"cat:CO":                  "Did you mean astro-ph.CO, math.CO or stat.CO?",
		"votes:many":              "votes:>10",
		"votes:<0":                "votes:>10",
		"year:24":                 "2024..2025",
		"after:soon":              "30d",
		"id:nothing":              "id:2401.01234",
		"sort:best":               "sort:relevance",
		"cat:mth.CO":              "Did you mean math",
		"cat:cooking":             "cs.CL",
		`say "nothing`:            "not closed",
		"-year:2024":              "cannot be left out",
		"year:2023 year:2021":     "No day is both",
		"votes:>5 votes:<3":       "so many votes",
		"id:2406.105":             "zeros",
		strings.Repeat("x ", 300): "first 256",
	} {
		_, hints := Parse(in, testNow)
		if want == "" && len(hints) > 0 || want != "" && (len(hints) != 1 || !strings.Contains(hints[0].Text, want)) {
			t.Errorf("%.50q: hints %v, want %q", in, hints, want)
		}
	}
}

func TestNotUnderstoodIsWords(t *testing.T) {
	for _, in := range []string{"auther:lecun", "has:color", "votes:many", "cat:cooking", "after:soon", "sort:best"} {
		q, _ := Parse(in, testNow)
		if !reflect.DeepEqual(q.Should, []Clause{{Text: in}}) || q.Text != in {
			t.Errorf("%q reads as %+v", in, q)
		}
	}
}

func TestParseLong(t *testing.T) {
	for _, s := range []string{"x", "(", "-", `"`, "“", "a ", `a" `, `"a `, "author:", "x OR ", "cat:cs,", "$", `\`, "\x00", "\xff", "id:1,"} {
		began := time.Now()
		q, hints := Parse(strings.Repeat(s, 100_000/len(s)), testNow)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%q again and again took %v", s, took)
		}
		if len(q.String()) > 300*maxValue || len(hints) > maxHints {
			t.Errorf("%q again and again: %d bytes, %d hints", s, len(q.String()), len(hints))
		}
		Compile(q)
	}
}

func TestRepairIDs(t *testing.T) {
	for in, want := range map[string][]paper.ID{
		"1001.002": {"1001.0020", "1001.0002"}, "2406.105": {"2406.10500", "2406.00105"},
		"804.1406": {"0804.1406"}, "704.14": {"0704.1400", "0704.0014"}, "arXiv:2406.1": {"2406.10000", "2406.00001"},
		"2401.01234": nil, "hello": nil, "": nil, "1.5": nil, "2413.1": nil, ".": nil, "2406.": nil,
	} {
		if got := RepairIDs(in); !slices.Equal(got, want) {
			t.Errorf("%q can be %v, want %v", in, got, want)
		}
	}
}

func TestCategory(t *testing.T) {
	for in, want := range map[string]string{"CS.cl": "cs.CL", "Hep-PH": "hep-ph", "physics.AO-PH": "physics.ao-ph", "cs.*": "cs", "": ""} {
		if got := Category(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`"a b" OR author:x -c`, "cat:physics -cat:cs.* year:1970..", "votes:>3 id:10.1000/x)", `say “x”) "`,
		"after:3000m NOT (x", "has:code|project sort:top in:daily", "similar:1001.002 (-(x)", `id:"10.1000/a,b)"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, _ := Parse(s, testNow)
		Compile(q)
		if strings.ContainsAny(s, `$\`) || len(q.String()) > maxQuery {
			return
		}
		again, _ := Parse(q.String(), testNow)
		q.Text, again.Text = "", ""
		if !reflect.DeepEqual(q, again) {
			t.Fatalf("%q is written %q and reads as\n%s, not\n%s", s, q.String(), fmt.Sprintf("%#v", again), fmt.Sprintf("%#v", q))
		}
	})
}

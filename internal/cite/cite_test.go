package cite

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"broadsheet/internal/paper"
)

func on(year int, month time.Month, day int, precision paper.Precision) paper.Date {
	return paper.Date{Time: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Precision: precision}
}

func by(names ...string) []paper.Author {
	var out []paper.Author
	for _, name := range names {
		out = append(out, paper.Author{Name: name})
	}
	return out
}

var sortino = paper.Paper{
	ID: "2303.04634", Title: "Transformer-based Image Generation from Scene Graphs",
	Abstract: "A first sentence.\nA second one with $O(n^2)$.", Authors: by("Renato Sortino", "Simone Palazzo", "Concetto Spampinato"),
	Categories: []string{"cs.CV", "cs.LG"}, Published: on(2023, 3, 8, paper.PrecisionDay), Keywords: []string{"scene graphs", "layout"},
}

func TestBibTeX(t *testing.T) {
	const want = `@misc{sortino2023transformer,
  title = {Transformer-based Image Generation from Scene Graphs},
  author = {Renato Sortino and Simone Palazzo and Concetto Spampinato},
  year = {2023},
  month = mar,
  eprint = {2303.04634},
  archivePrefix = {arXiv},
  primaryClass = {cs.CV},
  doi = {10.48550/arXiv.2303.04634},
  url = {https://arxiv.org/abs/2303.04634}
}
`
	if got := BibTeX(sortino); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRIS(t *testing.T) {
	want := strings.ReplaceAll(`TY  - UNPB
ID  - sortino2023transformer
TI  - Transformer-based Image Generation from Scene Graphs
AU  - Sortino, Renato
AU  - Palazzo, Simone
AU  - Spampinato, Concetto
PY  - 2023
DA  - 2023/03/08/
AB  - A first sentence. A second one with O(n²).
KW  - scene graphs
KW  - layout
PB  - arXiv
AN  - arXiv:2303.04634
DO  - 10.48550/arXiv.2303.04634
UR  - https://arxiv.org/abs/2303.04634
L1  - https://arxiv.org/pdf/2303.04634
ER  - 
`, "\n", "\r\n")
	if got := RIS(sortino); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCSL(t *testing.T) {
	got, err := CSL(sortino)
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"id":"sortino2023transformer","type":"article","title":"Transformer-based Image Generation from Scene Graphs",
		"author":[{"family":"Sortino","given":"Renato"},{"family":"Palazzo","given":"Simone"},{"family":"Spampinato","given":"Concetto"}],
		"issued":{"date-parts":[[2023,3,8]]},"abstract":"A first sentence. A second one with O(n²).","keyword":"scene graphs, layout",
		"publisher":"arXiv","number":"arXiv:2303.04634","genre":"preprint",
		"DOI":"10.48550/arXiv.2303.04634","URL":"https://arxiv.org/abs/2303.04634"}]`
	var gotValue, wantValue any
	if err := json.Unmarshal(got, &gotValue); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &wantValue); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(gotValue, wantValue) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is not known is not said, and each format says the same.
func TestFields(t *testing.T) {
	tests := []struct {
		name  string
		paper paper.Paper
		bib   map[string]string
		ris   []string
		not   []string // RIS tags that must be missing
	}{
		{"DOI only", paper.Paper{ID: "10.1145/3292500", Title: "On Maps", Published: on(2019, 1, 1, paper.PrecisionMonth)},
			map[string]string{"key": "2019maps", "title": "On Maps", "year": "2019", "month": "jan",
				"doi": "10.1145/3292500", "url": "https://doi.org/10.1145/3292500"},
			[]string{"TY  - GEN", "PY  - 2019", "DA  - 2019/01//", "DO  - 10.1145/3292500"}, []string{"AU", "PB", "AN", "L1", "AB"}},
		{"nothing but a DOI", paper.Paper{ID: "10.1145/3292500"},
			map[string]string{"key": "1011453292500", "doi": "10.1145/3292500", "url": "https://doi.org/10.1145/3292500"},
			[]string{"DO  - 10.1145/3292500"}, []string{"TI", "PY", "DA"}},
		{"date from the identifier", paper.Paper{ID: "hep-th/9901001", Title: "The Maps"},
			map[string]string{"key": "1999maps", "title": "The Maps", "year": "1999", "month": "jan", "eprint": "hep-th/9901001", "archivePrefix": "arXiv",
				"doi": "10.48550/arXiv.hep-th/9901001", "url": "https://arxiv.org/abs/hep-th/9901001"},
			[]string{"DA  - 1999/01//"}, []string{"AU"}},
		{"published article", paper.Paper{ID: "0704.0001", Title: "Maps", JournalRef: "J. Maps & Charts 3 (2008)\n 1--9", DOI: "10.1000/A_b 10.1000/c"},
			map[string]string{"key": "2007maps", "title": "Maps", "year": "2007", "month": "apr", "eprint": "0704.0001", "archivePrefix": "arXiv",
				"doi": "10.1000/A_b", "url": "https://arxiv.org/abs/0704.0001", "note": `J. Maps \& Charts 3 (2008) 1–9`},
			[]string{"N1  - J. Maps & Charts 3 (2008) 1–9", "DO  - 10.1000/A_b"}, nil},
		{"hidden author", paper.Paper{ID: "0704.0001", Authors: []paper.Author{{Name: "Ada Hidden", Hidden: true}, {Name: "Bea Shown"}}},
			map[string]string{"key": "shown2007", "author": "Bea Shown", "year": "2007", "month": "apr", "eprint": "0704.0001", "archivePrefix": "arXiv",
				"doi": "10.48550/arXiv.0704.0001", "url": "https://arxiv.org/abs/0704.0001"},
			[]string{"AU  - Shown, Bea"}, nil},
		{"odd category and DOI", paper.Paper{ID: "0704.0001", Categories: []string{"cs}{"}, DOI: "10.1000/{x"},
			map[string]string{"key": "2007", "year": "2007", "month": "apr", "eprint": "0704.0001", "archivePrefix": "arXiv", "url": "https://arxiv.org/abs/0704.0001"},
			nil, nil},
	}
	for _, test := range tests {
		bib, err := parseBib(BibTeX(test.paper))
		if err != nil || !maps.Equal(bib, test.bib) {
			t.Errorf("%s: BibTeX %v, %v; want %v", test.name, bib, err, test.bib)
		}
		ris := strings.Split(RIS(test.paper), "\r\n")
		for _, want := range test.ris {
			if !contains(ris, func(line string) bool { return line == want }) {
				t.Errorf("%s: RIS lacks %q: %q", test.name, want, ris)
			}
		}
		for _, tag := range test.not {
			if contains(ris, func(line string) bool { return strings.HasPrefix(line, tag) }) {
				t.Errorf("%s: RIS has %s: %q", test.name, tag, ris)
			}
		}
	}
}

func contains(lines []string, is func(string) bool) bool {
	for _, line := range lines {
		if is(line) {
			return true
		}
	}
	return false
}

func TestBibTitle(t *testing.T) {
	tests := []struct{ title, want string }{
		{"Reading Maps at Night", "Reading Maps at Night"},
		{"Reading\n  maps", "Reading maps"},
		{"BERT Reads Maps: GPT-4 and iPhones", "{BERT} Reads Maps: {GPT}-4 and {iPhones}"},
		{"Q-learning with a Map", "{Q}-learning with a Map"},
		{"A vitamin C map", "A vitamin {C} map"},
		{"Reading the maps of Paris with a Bayesian model", "Reading the maps of {Paris} with a {Bayesian} model"},
		{"Reading maps: Towards maps without paper", "Reading maps: Towards maps without paper"},
		{"Maps & 50% of #1_x", `Maps \& 50\% of \#1\_x`},
		{`Maps \& 50\% more`, `Maps \& 50\% more`},
		{"On $K_{3}$-free maps", "On {$K_{3}$}-free maps"},
		{"$L^p$ maps", "{$L^p$} maps"},
		{"Maps of $x$ and $y$", "Maps of {$x$} and {$y$}"},
		{`Erd\H{o}s maps`, "Erdős maps"},
		{`Maps of {\"O}sterreich`, "Maps of Österreich"},
		{"Maps of 2$\\times$2 cells in L2", `Maps of 2{$\times$}2 cells in {L2}`},
		{"Maps for $5 or $6", `Maps for \$5 or \$6`},
		{"Maps for $5", `Maps for \$5`},
		{"Carte géographique", "Carte géographique"},
		{"地図を読む", "地図を読む"},
		{"", ""},
	}
	for _, test := range tests {
		if got := bibTitle(test.title); got != test.want {
			t.Errorf("bibTitle(%q) = %q, want %q", test.title, got, test.want)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		in       string
		want     name
		bib, ris string
	}{
		{"Ada Lovelace", name{given: "Ada", family: "Lovelace"}, "Ada Lovelace", "Lovelace, Ada"},
		{"J. K. Rowling", name{given: "J. K.", family: "Rowling"}, "J. K. Rowling", "Rowling, J. K."},
		{"Ludwig van Beethoven", name{given: "Ludwig", particle: "van", family: "Beethoven"}, "Ludwig van Beethoven", "van Beethoven, Ludwig"},
		{"Laurens van der Maaten", name{given: "Laurens", particle: "van der", family: "Maaten"}, "Laurens van der Maaten", "van der Maaten, Laurens"},
		{"Guy Van den Broeck", name{given: "Guy", family: "Van den Broeck"}, "{Van den Broeck}, Guy", "Van den Broeck, Guy"},
		{"Yves Colin De Verdi\\`ere", name{given: "Yves Colin", family: "De Verdière"}, "{De Verdière}, Yves Colin", "De Verdière, Yves Colin"},
		{"José Ortega y Gasset", name{given: "José", family: "Ortega y Gasset"}, "{Ortega y Gasset}, José", "Ortega y Gasset, José"},
		{"Nguyen Van Duc", name{given: "Nguyen Van", family: "Duc"}, "Nguyen Van Duc", "Duc, Nguyen Van"},
		{"Sammy Davis Jr.", name{given: "Sammy", family: "Davis", suffix: "Jr."}, "Davis, Jr., Sammy", "Davis, Sammy, Jr."},
		{"Sammy Davis, Jr.", name{given: "Sammy", family: "Davis", suffix: "Jr."}, "Davis, Jr., Sammy", "Davis, Sammy, Jr."},
		{"John von Neumann III", name{given: "John", particle: "von", family: "Neumann", suffix: "III"}, "von Neumann, III, John", "von Neumann, John, III"},
		{"Davis, Jr., Sammy", name{given: "Sammy", family: "Davis", suffix: "Jr."}, "Davis, Jr., Sammy", "Davis, Sammy, Jr."},
		{"van Beethoven, Ludwig", name{given: "Ludwig", particle: "van", family: "Beethoven"}, "Ludwig van Beethoven", "van Beethoven, Ludwig"},
		{"Eric S\\'er\\'e (CEREMADE)", name{given: "Eric", family: "Séré"}, "Eric Séré", "Séré, Eric"},
		{"Ada Lovelace (1) ((1) Institute of Maps", name{given: "Ada", family: "Lovelace"}, "Ada Lovelace", "Lovelace, Ada"},
		{"Ada Lovelace,", name{given: "Ada", family: "Lovelace"}, "Ada Lovelace", "Lovelace, Ada"},
		{"Luciano da F. Costa", name{given: "Luciano da F.", family: "Costa"}, "Costa, Luciano da F.", "Costa, Luciano da F."},
		{"Plato", name{family: "Plato"}, "Plato", "Plato"},
		{"others", name{family: "others"}, "{others}", "others"},
		{"华罗庚", name{family: "华罗庚"}, "华罗庚", "华罗庚"},
		{"bell hooks", name{given: "bell", family: "hooks"}, "hooks, bell", "hooks, bell"},
		{"Jean d'Alembert", name{given: "Jean", family: "d'Alembert"}, "d'Alembert, Jean", "d'Alembert, Jean"},
		{"The ATLAS Collaboration", name{family: "The ATLAS Collaboration"}, "{The ATLAS Collaboration}", "The ATLAS Collaboration"},
		{"Gemini Team", name{family: "Gemini Team"}, "{Gemini Team}", "Gemini Team"},
		{"Maps and Charts Group", name{family: "Maps and Charts Group"}, "{Maps and Charts Group}", "Maps and Charts Group"},
		{"Ada and Bea", name{given: "Ada and", family: "Bea"}, "{Ada and Bea}", "Bea, Ada and"},
		{"A_da Love%lace", name{given: "A_da", family: "Love%lace"}, `A\_da Love\%lace`, "Love%lace, A_da"},
		{"van", name{family: "van"}, "van", "van"},
		{"", name{}, "", ""}, {"  ", name{}, "", ""}, {"(CEREMADE)", name{}, "", ""}, {",", name{}, "", ""},
	}
	for _, test := range tests {
		got := parseName(test.in)
		if got != test.want {
			t.Errorf("parseName(%q) = %+v, want %+v", test.in, got, test.want)
		}
		if bib := bibName(got); bib != test.bib {
			t.Errorf("%q: BibTeX %q, want %q", test.in, bib, test.bib)
		}
		if ris := got.inverted(); ris != test.ris {
			t.Errorf("%q: RIS %q, want %q", test.in, ris, test.ris)
		}
	}
}

func TestCSLNames(t *testing.T) {
	got := cslNames(authors(paper.Paper{Authors: by("Ludwig van Beethoven Jr.", "The ATLAS Collaboration", "Plato", "")}))
	want := []cslName{
		{Family: "Beethoven", Given: "Ludwig", Particle: "van", Suffix: "Jr."},
		{Literal: "The ATLAS Collaboration"}, {Literal: "Plato"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestKey(t *testing.T) {
	tests := []struct {
		title, author, want string
	}{
		{"Transformer-based maps", "Renato Sortino", "sortino2024transformer"},
		{"On the Reading of Maps", "Laurens van der Maaten", "vandermaaten2024reading"},
		{"$K_3$ maps", "Paul Erdős", "erdos2024k"},
		{"地図を読む", "华罗庚", "2024"},
		{"The", "", "2024"},
	}
	for _, test := range tests {
		p := paper.Paper{ID: "2401.01234", Title: test.title, Authors: by(test.author)}
		if got := Key(p); got != test.want {
			t.Errorf("Key(%q by %q) = %q, want %q", test.title, test.author, got, test.want)
		}
	}
}

// parseBib reads one entry as BibTeX does: values are delimited by counting
// braces, escaped or not.
func parseBib(s string) (map[string]string, error) {
	rest, ok := strings.CutPrefix(s, "@misc{")
	if !ok {
		return nil, fmt.Errorf("no entry: %q", s)
	}
	head, rest, _ := strings.Cut(rest, "\n")
	fields := map[string]string{"key": strings.TrimSuffix(head, ",")}
	for strings.TrimSpace(rest) != "}" {
		key, after, found := strings.Cut(rest, " = ")
		if !found {
			return nil, fmt.Errorf("no field: %q", rest)
		}
		value, n := bibValue(after)
		if n < 0 {
			return nil, fmt.Errorf("%s does not end: %q", key, after)
		}
		fields[strings.TrimSpace(key)] = value
		rest = strings.TrimPrefix(after[n:], ",")
	}
	return fields, nil
}

// bibValue reads a value in braces, or a macro, and gives its length.
func bibValue(s string) (string, int) {
	if !strings.HasPrefix(s, "{") {
		n := strings.IndexAny(s, ",\n")
		return s[:max(n, 0)], n
	}
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[1:i], i + 1
			}
		}
	}
	return "", -1
}

func FuzzCite(f *testing.F) {
	f.Add("On $K_{3}$ & {maps", "Ludwig van Beethoven, Jr. and {others", "J. Maps\r\nER  - ")
	f.Add(`a\`, `{\"O}`, "~^%")
	f.Add("$$x$$ \\(y\\) $a$5", "a, b, c, d", "\u2028")
	f.Add("$%$", "and and and", "}{")
	f.Fuzz(func(t *testing.T, title, author, ref string) {
		p := paper.Paper{ID: "2401.01234", Title: title, Abstract: ref, Authors: by(author, "Bea Shown"), JournalRef: ref, DOI: ref, Keywords: []string{title}}
		bib, err := parseBib(BibTeX(p))
		if err != nil || bib["eprint"] != "2401.01234" || bib["year"] != "2024" {
			t.Errorf("BibTeX: %v in\n%s", err, BibTeX(p))
		}
		ris := strings.Split(RIS(p), "\r\n")
		for i, line := range ris[:len(ris)-1] {
			if len(line) < 6 || line[2:6] != "  - " || strings.ContainsAny(line, "\r\n") || (line[:2] == "ER") != (i == len(ris)-2) {
				t.Errorf("RIS line %q", line)
			}
		}
		data, err := CSL(p)
		var items []cslItem
		if err != nil || json.Unmarshal(data, &items) != nil || len(items) != 1 || !utf8.Valid(data) {
			t.Errorf("CSL: %v in %q", err, data)
		}
	})
}

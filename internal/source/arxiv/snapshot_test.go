package arxiv

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// kaggle and plain are rows of the two shapes, of our own making.
const (
	kaggle = `{"id":"0704.0001","submitter":"S. Example","authors":"A. Ex\\'ample, B. O'Neil and C.-D. Third",
 "title":"A Title on\n  Two Lines","comments":"12 pages; code at https://github.com/a/b","journal-ref":"J. Ex. 1 (2007)\n  2",
 "doi":"10.1000/one 10.1000/two","report-no":"R-1","categories":"hep-ph math.CO hep-ph","license":"http://license.example/1.0/",
 "abstract":"  First part,\nwrapped.\n  Second part\nof it.\n",
 "versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"},{"version":"v2","created":"Tue, 24 Jul 2007 20:10:27 GMT"}],
 "update_date":"2008-11-26","authors_parsed":[["Ex\u00e1mple","A.",""],["O'Neil","B.","Jr","Some Place"],["Third","C. -D.",""]]}`
	plain = `{"id":"804.1406","title":"T","abstract":"One line.","authors":["Ada Example",""," Bo  Example "],
 "categories":["cs.LG"],"published":"2008-04-09","comments":"3 pages","journal_ref":"J. Ex.","doi":"10.1000/x"}`
)

func TestKaggleShape(t *testing.T) {
	o, err := DecodeSnapshot([]byte(kaggle))
	if err != nil {
		t.Fatal(err)
	}
	v1 := time.Date(2007, 4, 2, 19, 18, 42, 0, time.UTC)
	v2 := time.Date(2007, 7, 24, 20, 10, 27, 0, time.UTC)
	want := paper.Observation{
		Source: paper.SourceArXiv, At: time.Date(2008, 11, 26, 0, 0, 0, 0, time.UTC), Fingerprint: o.Fingerprint,
		Paper: paper.Paper{
			ID: "0704.0001", Title: "A Title on Two Lines", Abstract: "First part, wrapped.\n\nSecond part of it.",
			Authors:    []paper.Author{{Name: "A. Exámple"}, {Name: "B. O'Neil Jr"}, {Name: "C.-D. Third"}},
			Categories: []string{"hep-ph", "math.CO"},
			Published:  paper.Date{Time: v1, Precision: paper.PrecisionTime},
			Updated:    v2, Versions: []paper.Version{{Number: 1, Created: v1}, {Number: 2, Created: v2}},
			Remarks: "12 pages; code at https://github.com/a/b", JournalRef: "J. Ex. 1 (2007) 2",
			DOI: "10.1000/one", ReportNo: "R-1", License: "http://license.example/1.0/",
			Links: []paper.Link{{Kind: paper.LinkCode, URL: "https://github.com/a/b", Grade: paper.GradeAuthors}},
		},
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got\n%+v\nwant\n%+v", o, want)
	}
	if o.Fingerprint == 0 {
		t.Error("no fingerprint")
	}
}

func TestPlainShape(t *testing.T) {
	o, err := DecodeSnapshot([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	want := paper.Observation{
		Source: paper.SourceArXiv, Repaired: true, Fingerprint: o.Fingerprint,
		Paper: paper.Paper{
			ID: "0804.1406", Title: "T", Abstract: "One line.",
			Authors:    []paper.Author{{Name: "Ada Example"}, {Name: "Bo Example"}},
			Categories: []string{"cs.LG"},
			Published:  paper.Date{Time: time.Date(2008, 4, 9, 0, 0, 0, 0, time.UTC), Precision: paper.PrecisionDay},
			Remarks:    "3 pages", JournalRef: "J. Ex.", DOI: "10.1000/x",
		},
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got\n%+v\nwant\n%+v", o, want)
	}
}

// with is the smallest row, with changes: a name and a JSON value in turn.
func with(t testing.TB, changes ...string) []byte {
	t.Helper()
	row := map[string]json.RawMessage{"id": json.RawMessage(`"1001.0020"`), "title": json.RawMessage(`"T"`)}
	for i := 0; i < len(changes); i += 2 {
		row[changes[i]] = json.RawMessage(changes[i+1])
	}
	data, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestIDs(t *testing.T) {
	for _, tt := range []struct {
		json     string
		id       paper.ID
		repaired bool
	}{
		{`"1001.0020"`, "1001.0020", false},
		{`"1001.002"`, "1001.0020", true},
		{`1001.002`, "1001.0020", true},
		{`804.1406`, "0804.1406", true},
		{`1907.0374199999999`, "1907.03742", true},
		{`2401.01234`, "2401.01234", false},
		{`"hep-th/9901001"`, "hep-th/9901001", false},
	} {
		o, err := DecodeSnapshot(with(t, "id", tt.json))
		if err != nil || o.Paper.ID != tt.id || o.Repaired != tt.repaired {
			t.Errorf("%s: %s, repaired %v, %v; want %s, %v", tt.json, o.Paper.ID, o.Repaired, err, tt.id, tt.repaired)
		}
	}
}

func TestAuthors(t *testing.T) {
	for _, tt := range []struct{ field, json, want string }{
		{"authors", `"Ada Example"`, "Ada Example"},
		{"authors", `"A. One, B. Two and C. Three"`, "A. One|B. Two|C. Three"},
		{"authors", `"A. One, B. Two, and C. Three"`, "A. One|B. Two|C. Three"},
		{"authors", `"A. One (1 and 2), B. Two (2, and others) ((1) A Place, (2) B Place)"`, "A. One|B. Two"},
		{"authors", `"A. One, Jr., B. Two III"`, "A. One Jr.|B. Two III"},
		{"authors", `"The Example Collaboration"`, "The Example Collaboration"},
		{"authors", `"(The Example Collaboration)"`, "The Example Collaboration"},
		{"authors", `"A. One (Place, B. Two"`, "A. One|B. Two"},
		{"authors", `"Fernand O'Anders\n and  Sandy Land"`, "Fernand O'Anders|Sandy Land"},
		{"authors", `["Ada Example", "Bo (LAB)"]`, "Ada Example|Bo"},
		{"authors", `["A. One (LAB), B. Two"]`, "A. One|B. Two"},
		{"authors", `["A. One (LAB", "Town)", "B. Two,"]`, "A. One|B. Two"},
		{"authors", `["A. One and", "B. Two"]`, "A. One|B. Two"},
		{"authors", `["R\\'emi Example", "Erd\\H{o}s"]`, "Rémi Example|Erdős"},
		{"authors", `[]`, ""},
		{"authors", `null`, ""},
		{"authors_parsed", `[["Example","Ada","II"],["Solo","",""],["Short"],[],["Jean","F. -M."]]`, "Ada Example II|Solo|Short|F.-M. Jean"},
	} {
		o, err := DecodeSnapshot(with(t, tt.field, tt.json))
		var names []string
		for _, a := range o.Paper.Authors {
			names = append(names, a.Name)
		}
		if got := strings.Join(names, "|"); err != nil || got != tt.want {
			t.Errorf("%s %s:\n got %s, %v\nwant %s", tt.field, tt.json, got, err, tt.want)
		}
	}
}

func TestDOI(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"10.1000/x", "10.1000/x"},
		{"10.1000/x 10.1000/y", "10.1000/x"},
		{"10.1000/x; 10.1000/y", "10.1000/x"},
		{"10.1000/x (2009)", "10.1000/x"},
		{"doi:10.1000/x", "10.1000/x"},
		{"https://doi.org/10.1000/x", "10.1000/x"},
		{"0.1000/x", ""},
		{"forthcoming", ""},
	} {
		if got := firstDOI(tt.in); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	const v = `[{"version":"v2","created":"Sat, 13 Dec 2008 17:26:00 GMT"}]`
	for _, tt := range []struct {
		changes            []string
		published, updated string
	}{
		{nil, "2010-01", "0001-01-01"},
		{[]string{"published", `""`}, "2010-01", "0001-01-01"},
		{[]string{"published", `"2010-01-05"`}, "2010-01-05", "0001-01-01"},
		{[]string{"published", `"1986-04-25"`}, "1986-04-25", "0001-01-01"},
		{[]string{"versions", v}, "2010-01", "2008-12-13"}, // the first version is not known
		{[]string{"versions", v, "published", `"2008-11-01"`}, "2008-11-01", "2008-12-13"},
		{[]string{"versions", `[{"created":"Sat, 13 Dec 2008 17:26:00 GMT"}]`}, "2008-12-13T17:26:00Z", "2008-12-13"},
	} {
		o, err := DecodeSnapshot(with(t, tt.changes...))
		if err != nil || o.Paper.Published.String() != tt.published || o.Paper.Updated.Format(time.DateOnly) != tt.updated {
			t.Errorf("%v: published %s, updated %s, %v", tt.changes, o.Paper.Published, o.Paper.Updated, err)
		}
		if !o.At.Equal(o.Paper.Updated) {
			t.Errorf("%v: said at %v", tt.changes, o.At)
		}
	}
}

func TestWrongRows(t *testing.T) {
	for _, tt := range []struct {
		changes []string
		want    string
	}{
		{[]string{"id", `"nonsense"`}, `"nonsense"`},
		{[]string{"id", `null`}, "paper id"},
		{[]string{"id", `{}`}, "id: expected string or number, got object or array"},
		{[]string{"id", `true`}, "paper id"},
		{[]string{"id", `"../x"`}, "paper id"},
		{[]string{"title", `""`}, "title: it is empty"},
		{[]string{"title", `7`}, "title: expected string, got number"},
		{[]string{"abstract", `[]`}, "abstract: expected string, got array"},
		{[]string{"authors", `7`}, "authors: expected string, got number"},
		{[]string{"authors", `[7]`}, "authors: expected string, got number"},
		{[]string{"authors_parsed", `["Example"]`}, "authors_parsed: expected array, got string"},
		{[]string{"categories", `{}`}, "categories: expected string, got object"},
		{[]string{"published", `"2025-13-40"`}, `published: "2025-13-40" is not a day`},
		{[]string{"published", `"2025-02-29"`}, `published: "2025-02-29" is not a day`},
		{[]string{"published", `20250101`}, "published: expected string, got number"},
		{[]string{"update_date", `"never"`}, `update_date: "never" is not a day`},
		{[]string{"versions", `[{"version":"v1","created":"2025-13-40"}]`}, `versions.created: "2025-13-40"`},
		{[]string{"versions", `[{"version":"one","created":"Sat, 13 Dec 2008 17:26:00 GMT"}]`}, `versions.version: "one"`},
		{[]string{"versions", `{}`}, "versions: expected array, got object"},
	} {
		o, err := DecodeSnapshot(with(t, tt.changes...))
		var invalid *paper.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v; want a *paper.InvalidError with %q", tt.changes, err, tt.want)
		}
		if err != nil && o.Paper.ID != "" {
			t.Errorf("%v: something is returned beside the error", tt.changes)
		}
	}
	if _, err := DecodeSnapshot([]byte(`{"id":"1001.0020"`)); err == nil || !strings.Contains(err.Error(), "not JSON") {
		t.Errorf("half a row: %v", err)
	}
}

func FuzzDecodeSnapshot(f *testing.F) {
	f.Add([]byte(kaggle))
	f.Add([]byte(plain))
	f.Add(with(f, "authors", `["((",")a,","and b"]`, "categories", `"a  b a"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := DecodeSnapshot(data)
		if err != nil {
			return
		}
		if id, err := paper.ParseID(string(o.Paper.ID)); err != nil || id != o.Paper.ID {
			t.Errorf("id %q: %v", o.Paper.ID, err)
		}
		for _, a := range o.Paper.Authors {
			if a.Name == "" {
				t.Errorf("an author without a name: %+v", o.Paper.Authors)
			}
		}
		if o.Paper.Title == "" || o.Fingerprint == 0 {
			t.Errorf("something is missing: %+v", o)
		}
	})
}

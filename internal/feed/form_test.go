package feed

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"go.yaml.in/yaml/v3"

	"broadsheet/internal/paper"
)

var update = flag.Bool("update", false, "write the golden files")

// read checks a document by its form's rules, and returns the identifiers of its
// entries in order.
type read func(t *testing.T, body string) []string

var readers = map[string]read{
	".rss": readRSS, ".atom": readAtom, ".json": readJSON, ".ics": readICS,
	".md": readMarkdown, ".bib": readBibTeX, ".ris": readRIS, ".csv": readCSV,
}

// The forms of the closed edition of 27 May, as they were looked at once.
func TestGolden(t *testing.T) {
	s := filled(t)
	for _, ending := range []string{".rss", ".atom", ".json", ".ics", ".md"} {
		got := get(t, s, "/papers/date/2026-05-27"+ending, 200)
		name := filepath.Join("testdata", "closed"+ending)
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (go test -update writes it anew): %s", name, d)
		}
	}
}

// readXML checks what every XML document has to be.
func readXML(t *testing.T, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("XML: %v", err)
		}
	}
}

// readText checks that no character is one that text may not have.
func readText(t *testing.T, body string) {
	t.Helper()
	if !utf8.ValidString(body) {
		t.Error("not UTF-8")
	}
	for _, r := range body {
		if unicode.IsControl(r) && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			t.Errorf("has the character %U", r)
		}
	}
}

// absolute checks addresses.
func absolute(t *testing.T, what string, addresses ...string) {
	t.Helper()
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || u.Scheme != "https" || strings.ContainsAny(a, " <>\"") {
			t.Errorf("%s: %q is no absolute address", what, a)
		}
	}
}

// once checks that nothing is there twice.
func once(t *testing.T, ids []string) []string {
	t.Helper()
	have := map[string]bool{}
	for _, id := range ids {
		if id == "" || have[id] {
			t.Errorf("identifier %q is missing or there twice", id)
		}
		have[id] = true
	}
	return ids
}

func readRSS(t *testing.T, body string) []string {
	readXML(t, body)
	readText(t, body)
	var d struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel struct {
			Title       string `xml:"title"`
			Description string `xml:"description"`
			Language    string `xml:"language"`
			Built       string `xml:"lastBuildDate"`
			TTL         int    `xml:"ttl"`
			Items       []struct {
				Title       string `xml:"title"`
				Description string `xml:"description"`
				GUID        struct {
					IsPermaLink string `xml:"isPermaLink,attr"`
				} `xml:"guid"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	c := d.Channel
	if d.Version != "2.0" || c.Title == "" || c.Description == "" || c.Language == "" || c.TTL < 1 {
		t.Errorf("channel %+v", c)
	}
	rfc822(t, c.Built)
	f := parse(t, body)
	absolute(t, "channel", f.Link, f.FeedLink)
	var ids []string
	for i, item := range f.Items {
		if raw := c.Items[i]; raw.Title == "" || raw.Description == "" || raw.GUID.IsPermaLink != "false" {
			t.Errorf("item %+v", raw)
		}
		if item.Published != "" {
			rfc822(t, item.Published)
		}
		absolute(t, item.GUID, item.Link)
		ids = append(ids, item.GUID)
	}
	return once(t, ids)
}

func rfc822(t *testing.T, s string) {
	t.Helper()
	if at, err := time.Parse(time.RFC1123Z, s); err != nil || at.After(noon.Add(time.Hour)) {
		t.Errorf("date %q: %v", s, err)
	}
}

func rfc3339(t *testing.T, s string) {
	t.Helper()
	if at, err := time.Parse("2006-01-02T15:04:05Z", s); err != nil || at.After(noon.Add(time.Hour)) {
		t.Errorf("date %q: %v", s, err)
	}
}

// parse reads a feed with a parser that knows nothing of ours.
func parse(t *testing.T, body string) *gofeed.Feed {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		t.Fatalf("%v in %.300s", err, body)
	}
	return f
}

func readAtom(t *testing.T, body string) []string {
	readXML(t, body)
	readText(t, body)
	var d struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Author  []struct {
			Name string `xml:"name"`
		} `xml:"author"`
		Links   []xmlLink `xml:"link"`
		Entries []struct {
			ID      string    `xml:"id"`
			Title   string    `xml:"title"`
			Updated string    `xml:"updated"`
			Links   []xmlLink `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	if d.Title == "" || len(d.Author) != 1 || d.Author[0].Name == "" || len(d.Links) != 2 || d.Links[0].Rel != "self" || d.Links[1].Rel != "alternate" {
		t.Errorf("feed %+v", d)
	}
	absolute(t, "feed", d.ID, d.Links[0].Href, d.Links[1].Href)
	rfc3339(t, d.Updated)
	f := parse(t, body)
	var ids []string
	for i, e := range d.Entries {
		rfc3339(t, e.Updated)
		if e.Title == "" || e.Links[0].Rel != "alternate" || f.Items[i].Content == "" {
			t.Errorf("entry %+v", e)
		}
		for _, l := range e.Links {
			absolute(t, e.ID, l.Href)
		}
		ids = append(ids, f.Items[i].GUID)
	}
	return once(t, ids)
}

func readJSON(t *testing.T, body string) []string {
	readText(t, body)
	var d struct {
		Version, Title, Language string
		HomePage                 string `json:"home_page_url"`
		Self                     string `json:"feed_url"`
		Items                    *[]struct {
			ID, URL   string
			External  string `json:"external_url"`
			HTML      string `json:"content_html"`
			Published string `json:"date_published"`
		}
	}
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	if d.Version != "https://jsonfeed.org/version/1.1" || d.Title == "" || d.Items == nil {
		t.Fatalf("feed %+v", d)
	}
	absolute(t, "feed", d.HomePage, d.Self)
	var ids []string
	for _, item := range *d.Items {
		absolute(t, item.ID, item.URL)
		if item.HTML == "" {
			t.Errorf("item %+v", item)
		}
		if item.Published != "" {
			rfc3339(t, item.Published)
		}
		ids = append(ids, item.ID)
	}
	if f := parse(t, body); len(f.Items) != len(ids) {
		t.Errorf("%d items, want %d", len(f.Items), len(ids))
	}
	return once(t, ids)
}

func readICS(t *testing.T, body string) []string {
	readText(t, body)
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			t.Errorf("line %q", line)
		}
	}
	cal, err := ics.ParseCalendar(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range cal.Events() {
		start, err := e.GetAllDayStartAt()
		end, err2 := e.GetAllDayEndAt()
		stamp, err3 := e.GetDtStampTime()
		if err := errors.Join(err, err2, err3); err != nil || !end.After(start) || stamp.IsZero() || e.GetProperty(ics.ComponentPropertySummary).Value == "" {
			t.Errorf("event %s: from %s to %s, %v", e.Id(), start, end, err)
		}
		absolute(t, e.Id(), e.GetProperty(ics.ComponentPropertyUrl).Value)
		ids = append(ids, e.Id())
	}
	return once(t, ids)
}

var mdHeading = regexp.MustCompile(`(?m)^## (?:\d+\\\. )?\[.*\]\(<https://papers\.example/papers/([^>]+)>\)$`)

func readMarkdown(t *testing.T, body string) []string {
	readText(t, body)
	_, rest, _ := strings.Cut(body, "---\n")
	head, text, ok := strings.Cut(rest, "---\n")
	var front struct{ Title, URL string }
	if err := yaml.Unmarshal([]byte(head), &front); err != nil || !ok || front.Title == "" {
		t.Fatalf("front matter %q: %v", head, err)
	}
	absolute(t, "front matter", front.URL)
	var ids []string
	for _, m := range mdHeading.FindAllStringSubmatch(text, -1) {
		path, err := url.PathUnescape(m[1])
		if err != nil {
			t.Error(err)
		}
		ids = append(ids, paper.ID(path).AbsURL(0))
	}
	if n := strings.Count(text, "\n## "); n != len(ids) {
		t.Errorf("%d headings, %d papers", n, len(ids))
	}
	return once(t, ids)
}

// readBibTeX looks at keys and addresses; TestBibTeXFile has a reader look at all.
func readBibTeX(t *testing.T, body string) []string {
	readText(t, body)
	keys := regexp.MustCompile(`(?m)^@misc\{(.*),$`).FindAllStringSubmatch(body, -1)
	var all, ids []string
	for _, k := range keys {
		all = append(all, k[1])
	}
	once(t, all)
	for _, m := range regexp.MustCompile(`(?m)^  url = \{(.*)\}$`).FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	return once(t, ids)
}

// A file is what a reader of BibTeX that others wrote says it is.
func TestBibTeXFile(t *testing.T) {
	python, err := filepath.Abs("../../.test/venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	const program = `
import sys, json
import bibtexparser
text = sys.stdin.read()
if hasattr(bibtexparser, "parse_string"):
    lib = bibtexparser.parse_string(text)
    assert not lib.failed_blocks, lib.failed_blocks
    out = [{f.key: f.value for f in e.fields} | {"key": e.key, "type": e.entry_type} for e in lib.entries]
else:
    out = [dict(e, key=e["ID"], type=e["ENTRYTYPE"]) for e in bibtexparser.loads(text).entries]
json.dump(out, sys.stdout)`
	if err := exec.Command(python, "-c", "import bibtexparser").Run(); err != nil {
		t.Skip("no reader of BibTeX: .test/venv has no bibtexparser (make test puts it there)")
	}
	cmd := exec.Command(python, "-c", program)
	cmd.Stdin = strings.NewReader(get(t, filled(t), "/papers/month/2026-05.bib", 200))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr)
	}
	var entries []map[string]string
	if err := json.Unmarshal(out, &entries); err != nil {
		t.Fatal(err)
	}
	if len(entries) != 23 {
		t.Errorf("%d entries, want 23", len(entries))
	}
	for _, e := range entries {
		if e["key"] == "" || e["type"] != "misc" || e["url"] == "" {
			t.Errorf("entry %v", e)
		}
	}
}

// readRIS reads as strictly as the format is written: a tag, two blanks, a hyphen and
// a blank on each line, TY first and ER last.
func readRIS(t *testing.T, body string) []string {
	readText(t, body)
	var ids, keys []string
	in := false
	tag := regexp.MustCompile(`^([A-Z][A-Z0-9])  - (.*)$`)
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		m := tag.FindStringSubmatch(line)
		switch {
		case line == "" && body == "":
		case m == nil, strings.Contains(line, "\n"):
			t.Errorf("line %q", line)
		case (m[1] == "TY") == in:
			t.Errorf("record begins or goes on wrongly at %q", line)
		case m[1] == "ER":
			in = false
		case m[1] == "ID":
			keys = append(keys, m[2])
		case m[1] == "UR":
			ids = append(ids, m[2])
		}
		if m != nil && m[1] == "TY" {
			in = true
		}
	}
	if in || len(keys) != len(ids) {
		t.Errorf("%d keys, %d addresses, in a record: %v", len(keys), len(ids), in)
	}
	once(t, keys)
	return once(t, ids)
}

func readCSV(t *testing.T, body string) []string {
	readText(t, body)
	if strings.Count(body, "\n") != strings.Count(body, "\r\n") {
		t.Error("lines do not end as RFC 4180 has it")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !cmp.Equal(rows[0], columns) {
		t.Fatalf("%v, %v", rows, err)
	}
	var ids []string
	for _, r := range rows[1:] {
		for _, field := range r {
			if field != "" && strings.ContainsAny(field[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %q", field)
			}
		}
		absolute(t, r[0], r[8], r[9])
		ids = append(ids, r[9])
	}
	return once(t, ids)
}

// What an entry says, form by form.
func TestEntry(t *testing.T) {
	s := filled(t)
	for _, ending := range []string{".rss", ".atom", ".json"} {
		f := parse(t, get(t, s, "/papers/date/2026-05-26"+ending, 200))
		if f.Title != "Tuesday, 26 May 2026 – Morning & Papers" || f.Link != site+"/papers/date/2026-05-26" {
			t.Errorf("%s: %q at %q", ending, f.Title, f.Link)
		}
		item := f.Items[0]
		if item.Title != "Reading Maps at Night, Part 2 of 2026-05-26" || item.Link != site+"/papers/2605.02602" || item.GUID != "https://arxiv.org/abs/2605.02602" {
			t.Errorf("%s: %+v", ending, item)
		}
		if want := time.Date(2026, 5, 26, 4, 30, 0, 0, time.UTC); !item.PublishedParsed.Equal(want) {
			t.Errorf("%s: published %s, want %s", ending, item.PublishedParsed, want)
		}
		if d := cmp.Diff([]string{"cs.CL", "cs.AI", "maps", "night"}, item.Categories); d != "" {
			t.Errorf("%s: categories %s", ending, d)
		}
		html := item.Content
		if ending == ".rss" {
			html = item.Description
			if d := cmp.Diff([]string{"Ada Lovelace", "Paul Erdős"}, item.DublinCoreExt.Creator); d != "" {
				t.Errorf("%s: authors %s", ending, d)
			}
		} else if len(item.Authors) != 2 || item.Authors[1].Name != "Paul Erdős" {
			t.Errorf("%s: authors %v", ending, item.Authors)
		}
		const want = `<p>We walk 2 miles with O(n²) maps &amp; a lamp, and write down what &lt;b&gt;we&lt;/b&gt; found.</p>
<p><a href="https://arxiv.org/abs/2605.02602">arXiv</a> · <a href="https://arxiv.org/pdf/2605.02602">PDF</a> · <a href="https://github.com/acme/maps">Code</a></p>`
		if d := cmp.Diff(want, html); d != "" {
			t.Errorf("%s: %s", ending, d)
		}
	}
}

// An edition is an event of its days; papers of other lists are events of theirs.
func TestCalendar(t *testing.T) {
	s := filled(t)
	for path, want := range map[string][]string{
		"/papers/date/2026-05-26.ics": {"20260526 20260527 urn:broadsheet:edition:2026-05-26"},
		"/papers/week/2026-W22.ics":   {"20260525 20260601 urn:broadsheet:edition:2026-W22"},
		"/papers/month/2026-05.ics":   {"20260501 20260601 urn:broadsheet:edition:2026-05"},
		"/archive.ics": {"20260529 20260530 urn:broadsheet:edition:2026-05-29", "20260527 20260528 urn:broadsheet:edition:2026-05-27",
			"20260526 20260527 urn:broadsheet:edition:2026-05-26", "20260525 20260526 urn:broadsheet:edition:2026-05-25"},
		"/papers.ics?q=hep-th/9901001": {"19990101 19990102 https://arxiv.org/abs/hep-th/9901001"},
	} {
		cal, err := ics.ParseCalendar(strings.NewReader(get(t, s, path, 200)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range cal.Events() {
			got = append(got, fmt.Sprintf("%s %s %s", e.GetProperty(ics.ComponentPropertyDtStart).Value, e.GetProperty(ics.ComponentPropertyDtEnd).Value, e.Id()))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
	text := get(t, s, "/papers/date/2026-05-26.ics", 200)
	cal, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	description := cal.Events()[0].GetProperty(ics.ComponentPropertyDescription).Value
	if n := bytes.Count([]byte(description), []byte(site+"/papers/2605.0")); n != 5 {
		t.Errorf("%d papers in %q", n, description)
	}
}

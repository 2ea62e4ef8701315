package paper

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

func TestParseVersioned(t *testing.T) {
	tests := []struct {
		in      string
		want    ID
		version int
	}{
		{"2401.01234", "2401.01234", 0},
		{" 2401.01234\n", "2401.01234", 0},
		{"2401.01234v2", "2401.01234", 2},
		{"2401.01234V12", "2401.01234", 12},
		{"arXiv:2401.01234v2", "2401.01234", 2},
		{"ARXIV: 2401.01234", "2401.01234", 0},
		{"arXiv:2401.01234v2 [cs.LG]", "2401.01234", 2},
		{"0704.0001", "0704.0001", 0},
		{"1412.9999", "1412.9999", 0},
		{"1501.00001", "1501.00001", 0},
		{"hep-th/9901001", "hep-th/9901001", 0},
		{"HEP-TH/9901001v3", "hep-th/9901001", 3},
		{"arXiv:solv-int/9901001", "solv-int/9901001", 0},
		{"math.GT/0309136", "math/0309136", 0},
		{"cond-mat.mtrl-sci/0309136v1", "cond-mat/0309136", 1},

		{"https://arxiv.org/abs/2401.01234", "2401.01234", 0},
		{"http://arxiv.org/abs/2401.01234v1", "2401.01234", 1},
		{"HTTPS://ArXiv.org/abs/2401.01234", "2401.01234", 0},
		{"arxiv.org/pdf/2401.01234v2.pdf", "2401.01234", 2},
		{"https://arxiv.org/pdf/2401.01234#page=3", "2401.01234", 0},
		{"https://arxiv.org/pdf/hep-th/9901001v1.pdf?download=1", "hep-th/9901001", 1},
		{"https://arxiv.org/abs/math.GT/0309136", "math/0309136", 0},
		{"https://arxiv.org/html/2401.01234v1/", "2401.01234", 1},
		{"https://arxiv.org/format/2401.01234", "2401.01234", 0},
		{"https://arxiv.org/e-print/2401.01234", "2401.01234", 0},
		{"https://export.arxiv.org/abs/2401.01234", "2401.01234", 0},
		{"https://www.arxiv.org/abs/2401.01234", "2401.01234", 0},
		{"http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001", 0},
		{"https://arxiv.org:443/abs/arXiv:2401.01234", "2401.01234", 0},
		{"//arxiv.org/abs/2401.01234", "2401.01234", 0},
		{"https://www.alphaxiv.org/overview/2401.01234v2", "2401.01234", 2},
		{"https://alphaxiv.org/abs/2401.01234", "2401.01234", 0},
		{"https://ar5iv.labs.arxiv.org/html/2401.01234", "2401.01234", 0},
		{"https://ar5iv.org/abs/hep-th/9901001", "hep-th/9901001", 0},
		{"https://huggingface.co/papers/2401.01234", "2401.01234", 0},
		{"huggingface.co/papers/2401.01234?ref=mail#comments", "2401.01234", 0},
		{"https://papers.example.org/papers/hep-th/9901001", "hep-th/9901001", 0},
		{"http://localhost:8080/papers/2401.01234", "2401.01234", 0},
		{"https://example.org/reading/papers/10.1145/3292500", "10.1145/3292500", 0},
		{"/papers/2401.01234", "2401.01234", 0},
		{"/papers/2401.01234.bib", "2401.01234", 0},
		{"papers/2401.01234v3", "2401.01234", 3},

		{"10.48550/arXiv.2401.01234", "2401.01234", 0},
		{"https://doi.org/10.48550/arXiv.2401.01234v2", "2401.01234", 2},
		{"doi:10.48550/ARXIV.HEP-TH/9901001", "hep-th/9901001", 0},
		{"10.1145/3292500", "10.1145/3292500", 0},
		{"doi:10.1145/3292500.ABC", "10.1145/3292500.abc", 0},
		{"DOI: 10.1145/3292500", "10.1145/3292500", 0},
		{"https://doi.org/10.1145/3292500", "10.1145/3292500", 0},
		{"http://dx.doi.org/10.1145/3292500?nosfx=y", "10.1145/3292500", 0},
		{"10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-#", "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-#", 0},
		{"https://doi.org/10.1002/a%3C1%3E2.0.CO;2-%23", "10.1002/a<1>2.0.co;2-#", 0},
		{"10.1000.10/123/456", "10.1000.10/123/456", 0},
	}
	for _, test := range tests {
		id, version, err := ParseVersioned(test.in)
		if err != nil || id != test.want || version != test.version {
			t.Errorf("ParseVersioned(%q) = %q, %d, %v; want %q, %d", test.in, id, version, err, test.want, test.version)
		}
	}
}

func TestParseIDRefuses(t *testing.T) {
	for _, in := range []string{
		"", "   ", "attention", "2401", "2401.", ".01234", "2401.1234", "1412.12345", "1501.0001",
		"2413.01234", "2400.01234", "0703.0001", "0512.1234", "2401.01234v", "2401.01234v0", "2401.01234v02",
		"2401.01234vv2", "2401.01234v99999", "2401.0123a", "2401.01234 v2", "24 01.01234", "２４01.01234",
		"-2401.01234", "+401.01234", "2401.012345", "804.1406", "1907.0374199999999",
		"hep-th/99010011", "hep-th/9913001", "hep-th/0704001", "hep-th/9001001", "nonsense/9901001",
		"math.G/0309136", "math.G1/0309136", "math../0309136", "hep-th/", "/9901001", "9901001",
		"https://arxiv.org/", "https://arxiv.org/abs/", "https://arxiv.org/list/cs.LG/recent", "https://example.org/abs/2401.01234",
		"https://arxiv.org/abs/%zz", "https://arxiv.org/abs/2401.01234%00", "https://doi.org/10.1145/a%20b",
		"/papers/", "/papers/date/2026-05-27", "/papers/../../etc/passwd", "../papers", "https://huggingface.co/papers/trending",
		"10.1145", "10.1145/", "10.1145//3", "10.1145/a/", "10.1145/./a", "10.1145/../a", "10.1145/a..b", "10.1/abc", "10.x/abc",
		"10.1145/a b", "10.1145/a\x00", "10.1145/a\nb", "10.1145/é", `10.1145/a\b`, "10..1145/a", "10.48550/arXiv.nonsense",
		"10.1145/" + strings.Repeat("a", 200), strings.Repeat("1", 300), "arxiv.org/abs/2401.01234?" + strings.Repeat("x", 3000),
	} {
		id, err := ParseID(in)
		var invalid *InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "paper id" || !strings.Contains(invalid.Msg, "2401.01234 or hep-th") || id != "" {
			t.Errorf("ParseID(%q) = %q, %v; want an InvalidError with a hint", in, id, err)
		}
	}
}

func TestArchivesAreSorted(t *testing.T) {
	if !slices.IsSorted(archives) {
		t.Error("ParseID searches archives by halves, but they are not in order")
	}
}

func TestMendID(t *testing.T) {
	tests := []struct {
		in     string
		want   ID
		mended bool
	}{
		{"2401.01234", "2401.01234", false},
		{"2401.01234v2", "2401.01234", false},
		{"math.GT/0309136", "math/0309136", false},
		{"10.1145/3292500", "10.1145/3292500", false},
		{"804.1406", "0804.1406", true},
		{"710.1", "0710.1000", true},
		{"1001.002", "1001.0020", true},
		{"1002.4", "1002.4000", true},
		{"1501.0003", "1501.00030", true},
		{"1907.0374199999999", "1907.03742", true},
		{"1501.0004800000002", "1501.00048", true},
		{"1501.0999999999999", "1501.10000", true},
		{"1203.4567999999999", "1203.4568", true},
	}
	for _, test := range tests {
		id, mended, err := MendID(test.in)
		if err != nil || id != test.want || mended != test.mended {
			t.Errorf("MendID(%q) = %q, %v, %v; want %q, %v", test.in, id, mended, err, test.want, test.mended)
		}
	}
}

func TestMendIDRefuses(t *testing.T) {
	for _, in := range []string{
		"", "804", "804.", ".1406", "4.1406", "703.1406", "813.1406", "1300.1", "80.4.1406", "-804.1406", "8.041406e2",
		"1001.0", "1501.000000000000002", "1907.99999999999999", // no paper has the number 0, and none follows 99999
		"1907.037421", "1907.0374234567", "1001.00209", "1907.0374199", "1907.0374123456789", // digits that no float error explains
		"https://arxiv.org/abs/804.1406", "1907.03742" + strings.Repeat("0", 60),
	} {
		id, mended, err := MendID(in)
		if err == nil || mended || id != "" {
			t.Errorf("MendID(%q) = %q, %v; want an error", in, id, mended)
		}
	}
}

// The whole public data set has these counts, which other readers of it agree on.
func TestMendIDWholeDataSet(t *testing.T) {
	const path = "../../../shared/data/arxiv.jsonl.zst"
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("the arXiv data set is not here: %v", err)
	}
	defer file.Close()
	if testing.Short() {
		t.Skip("reading 677,454 records is not short")
	}
	plain, err := zstd.NewReader(file, zstd.WithDecoderMaxWindow(1<<28))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()

	rows, mendedRows, distinct := 0, 0, map[ID]bool{}
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		rest, ok := bytes.CutPrefix(lines.Bytes(), []byte(`{"id":"`))
		raw, _, found := bytes.Cut(rest, []byte(`"`))
		if !ok || !found {
			t.Fatalf("row %d does not begin with an id: %.40s", rows+1, lines.Bytes())
		}
		id, mended, err := MendID(string(raw))
		if err != nil {
			t.Errorf("row %d: %v", rows+1, err)
		}
		if mended {
			mendedRows++
		}
		rows++
		distinct[id] = true
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if rows != 677_454 || mendedRows != 97_808 || len(distinct) != 629_088 {
		t.Errorf("%d rows, %d mended, %d papers; want 677454, 97808, 629088", rows, mendedRows, len(distinct))
	}
}

func TestIDAddresses(t *testing.T) {
	tests := []struct {
		id             ID
		version        int
		abs, pdf, html string
		doi, yearMonth string
	}{
		{"2401.01234", 0, "https://arxiv.org/abs/2401.01234", "https://arxiv.org/pdf/2401.01234", "https://arxiv.org/html/2401.01234",
			"10.48550/arXiv.2401.01234", "2024-01"},
		{"2312.01234", 2, "https://arxiv.org/abs/2312.01234v2", "https://arxiv.org/pdf/2312.01234v2", "https://arxiv.org/html/2312.01234v2",
			"10.48550/arXiv.2312.01234", "2023-12"},
		{"0704.0001", 0, "https://arxiv.org/abs/0704.0001", "https://arxiv.org/pdf/0704.0001", "",
			"10.48550/arXiv.0704.0001", "2007-04"},
		{"hep-th/9901001", 1, "https://arxiv.org/abs/hep-th/9901001v1", "https://arxiv.org/pdf/hep-th/9901001v1", "",
			"10.48550/arXiv.hep-th/9901001", "1999-01"},
		{"math/0309136", 0, "https://arxiv.org/abs/math/0309136", "https://arxiv.org/pdf/math/0309136", "",
			"10.48550/arXiv.math/0309136", "2003-09"},
		{"10.1145/3292500", 3, "https://doi.org/10.1145/3292500", "", "", "10.1145/3292500", ""},
		{"10.1002/a<1>2.0.co;2-#", 0, "https://doi.org/10.1002/a%3C1%3E2.0.co%3B2-%23", "", "",
			"10.1002/a<1>2.0.co;2-#", ""},
	}
	for _, test := range tests {
		month := ""
		if date := test.id.Month(); !date.IsZero() {
			month = date.Time.Format("2006-01")
		}
		for _, pair := range [][2]string{
			{test.id.AbsURL(test.version), test.abs}, {test.id.PDFURL(test.version), test.pdf}, {test.id.HTMLURL(test.version), test.html},
			{test.id.DOI(), test.doi}, {month, test.yearMonth},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: got %q, want %q", test.id, pair[0], pair[1])
			}
		}
		if test.id.IsDOI() == test.id.IsArXiv() {
			t.Errorf("%s: is both arXiv and DOI, or neither", test.id)
		}
	}
}

func TestMonthPrecision(t *testing.T) {
	want := Date{Time: time.Date(1991, 8, 1, 0, 0, 0, 0, time.UTC), Precision: PrecisionMonth}
	if got := ID("hep-th/9108001").Month(); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := ID("").Month(); !got.IsZero() {
		t.Errorf("no id: got %v", got)
	}
}

func FuzzParseID(f *testing.F) {
	for _, seed := range []string{"2401.01234v2", "arXiv: math.GT/0309136", "https://arxiv.org/pdf/2401.01234v2.pdf?x#y",
		"doi:10.1002/(SICI)1097<693::AID>3.0.CO;2-#", "https://doi.org/10.1/%2e%2e", "/papers/10.1145/x", "1907.0374199999999", "804.1406"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, _, err := MendID(s); err == nil {
			checkID(t, id)
		}
		id, _, err := ParseVersioned(s)
		if err != nil {
			return
		}
		checkID(t, id)
		for _, address := range []string{"/papers/" + escapePath(string(id)), "https://papers.example/papers/" + escapePath(string(id)) + "?q#f", id.AbsURL(0), "https://doi.org/" + escapePath(id.DOI())} {
			if again, err := ParseID(address); err != nil || again != id {
				t.Errorf("%q names %q, but its address %q leads to %q, %v", s, id, address, again, err)
			}
		}
	})
}

// checkID fails when an identifier is not canonical or not safe in a path.
func checkID(t *testing.T, id ID) {
	if again, err := ParseID(string(id)); err != nil || again != id {
		t.Errorf("%q is not canonical: %q, %v", id, again, err)
	}
	if len(id) > maxIDBytes || strings.Contains(string(id), "..") || strings.ContainsFunc(string(id), notInDOI) {
		t.Errorf("%q is not safe", id)
	}
}

func BenchmarkParseID(b *testing.B) {
	for b.Loop() {
		if _, err := ParseID("2401.01234v2"); err != nil {
			b.Fatal(err)
		}
	}
}

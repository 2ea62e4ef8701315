package urls

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/paper"
)

func TestPages(t *testing.T) {
	for got, want := range map[string]string{
		Edition("2026-05-27"): "/papers/date/2026-05-27", Edition("2026-W05"): "/papers/week/2026-W05", Edition("2024-02"): "/papers/month/2024-02",
		Paper("2401.01234"): "/papers/2401.01234", Paper("hep-th/9901001"): "/papers/hep-th/9901001",
		Paper("10.1002/a<1>2.0.co;2-#"): "/papers/10.1002/a%3C1%3E2.0.co%3B2-%23", Similar("math/0309136"): "/papers/math/0309136/similar",
		Author("ada-lovelace"): "/authors/ada-lovelace", Organization("a b"): "/a%20b/papers", Search("a b"): "/papers?q=a+b",
		Year(2026): "/archive/2026", Year(0): "/archive", Sitemap("2026-05"): "/sitemaps/2026-05.xml", Asset("site.css"): "/static/site.css",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestParsePaper(t *testing.T) {
	for escaped, want := range map[string][2]string{
		"2401.01234v2": {"2401.01234", ""}, "2401.01234/links": {"2401.01234", "/links"}, "hep-th%2F9901001/links": {"hep-th/9901001", "/links"},
		"hep-th/9901001": {"hep-th/9901001", ""}, "10.1000/a/links": {"10.1000/a", "/links"}, "10.1000/a%2Flinks": {"10.1000/a/links", ""},
		"10.1000/links": {"10.1000/links", ""}, "nonsense": {"", ""}, "%zz": {"", ""},
	} {
		id, ending, err := ParsePaper(escaped, "/votes", "/links")
		if string(id) != want[0] || ending != want[1] || (err == nil) != (want[0] != "") {
			t.Errorf("%s: %q, %q, %v", escaped, id, ending, err)
		}
	}
}

// Whatever an identifier is, the address of its paper leads to it.
func FuzzPaper(f *testing.F) {
	for _, seed := range []string{"2401.01234", "hep-th/9901001", "10.1002/(SICI)1097<693::AID>3.0.CO;2-#", "10.1/%2e%2e", "10.1/a?b&c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := paper.ParseID(s)
		if err != nil {
			return
		}
		u, err := url.Parse(Paper(id))
		if err != nil || u.Path != "/papers/"+string(id) || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q: %s reads as %v, %v", id, Paper(id), u, err)
		}
		if again, _, err := ParsePaper(strings.TrimPrefix(u.EscapedPath(), "/papers/")); err != nil || again != id {
			t.Errorf("%q: its address leads to %q, %v", id, again, err)
		}
	})
}

func TestListsAreAddresses(t *testing.T) {
	for _, tt := range []struct {
		address, path, feed string
		kind                Kind
	}{
		{"/papers", "/papers", "/papers.rss", KindLatest},
		{"/papers/date/2026-5-7", "/papers/date/2026-05-07", "/papers/date/2026-05-07.rss", KindEdition},
		{"/papers/week/2026-W22", "/papers/week/2026-W22", "/papers/week/2026-W22.rss", KindEdition},
		{"/papers/month/2026-05", "/papers/month/2026-05", "/papers/month/2026-05.rss", KindEdition},
		{"/papers/trending?vote=2&half=3", "/papers/trending?vote=2", "/papers/trending.rss?vote=2", KindTrending},
		{"/papers/new?utm=x", "/papers/new", "/papers/new.rss", KindNew},
		{"/papers?q=a+b", "/papers?q=a+b", "/papers.rss?q=a+b", KindSearch},
		{"/search?q=a", "/papers?q=a", "/papers.rss?q=a", KindSearch},
		{"/papers?q=a+b&some=1", "/papers?q=a+b&some=1", "/papers.rss?q=a+b&some=1", KindSearch},
		{"/papers?q=a+b&some=0", "/papers?q=a+b", "/papers.rss?q=a+b", KindSearch},
		{"/acme/papers", "/acme/papers", "/acme/papers.rss", KindOrganization},
		{"/authors/ada-lovelace", "/authors/ada-lovelace", "/authors/ada-lovelace.rss", KindAuthor},
		{"/papers/2605.00001v2/similar", "/papers/2605.00001/similar", "/papers/2605.00001/similar.rss", KindSimilar},
		{"/papers/hep-th/9901001/similar", "/papers/hep-th/9901001/similar", "/papers/hep-th/9901001/similar.rss", KindSimilar},
		{"/archive", "/archive", "/archive.rss", KindArchive},
		{"/archive/2026", "/archive/2026", "/archive/2026.rss", KindArchive},
	} {
		u, err := url.Parse(tt.address)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseList(u.Path, u.Query())
		if err != nil {
			t.Errorf("%s: %v", tt.address, err)
			continue
		}
		if got.Kind != tt.kind || got.Path() != tt.path || got.PathAs(".rss") != tt.feed {
			t.Errorf("%s: %+v has the paths %s and %s", tt.address, got, got.Path(), got.PathAs(".rss"))
		}
	}
}

func TestWhatIsNoList(t *testing.T) {
	for _, address := range []string{"/", "/about", "/papers/2605.00001", "/papers/", "/authors/", "/authors/a/b", "/a/b/papers", "//papers", "/api/papers/x", "/papers/papers", "/papers/similar", "/papers//similar"} {
		if got, err := ParseList(address, nil); !errors.Is(err, paper.ErrNotFound) {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
	var invalid *paper.InvalidError
	for _, address := range []string{"/papers/date/2025-13-40", "/papers/week/x", "/papers/x/similar", "/archive/99999", "/papers?q=", "/search",
		"/papers?q=" + strings.Repeat("x", LongestQuery+1), "/papers?q=%ff", "/papers/trending?vote=much"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseList(u.Path, u.Query()); !errors.As(err, &invalid) {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
}

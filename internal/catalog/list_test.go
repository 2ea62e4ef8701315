package catalog_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestRefsAreAddresses(t *testing.T) {
	for _, tt := range []struct {
		address, path, feed string
		kind                catalog.Kind
	}{
		{"/papers", "/papers", "/papers.rss", catalog.KindLatest},
		{"/papers/date/2026-5-7", "/papers/date/2026-05-07", "/papers/date/2026-05-07.rss", catalog.KindEdition},
		{"/papers/week/2026-W22", "/papers/week/2026-W22", "/papers/week/2026-W22.rss", catalog.KindEdition},
		{"/papers/month/2026-05", "/papers/month/2026-05", "/papers/month/2026-05.rss", catalog.KindEdition},
		{"/papers/trending?vote=2&half=3", "/papers/trending?vote=2", "/papers/trending.rss?vote=2", catalog.KindTrending},
		{"/papers/new?utm=x", "/papers/new", "/papers/new.rss", catalog.KindNew},
		{"/papers?q=a+b", "/papers?q=a+b", "/papers.rss?q=a+b", catalog.KindSearch},
		{"/search?q=a", "/papers?q=a", "/papers.rss?q=a", catalog.KindSearch},
		{"/acme/papers", "/acme/papers", "/acme/papers.rss", catalog.KindOrganization},
		{"/authors/ada-lovelace", "/authors/ada-lovelace", "/authors/ada-lovelace.rss", catalog.KindAuthor},
		{"/papers/2605.00001v2/similar", "/papers/2605.00001/similar", "/papers/2605.00001/similar.rss", catalog.KindSimilar},
		{"/papers/hep-th/9901001/similar", "/papers/hep-th/9901001/similar", "/papers/hep-th/9901001/similar.rss", catalog.KindSimilar},
		{"/archive", "/archive", "/archive.rss", catalog.KindArchive},
		{"/archive/2026", "/archive/2026", "/archive/2026.rss", catalog.KindArchive},
	} {
		u, err := url.Parse(tt.address)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := catalog.ParseListRef(u.Path, u.Query())
		if err != nil {
			t.Errorf("%s: %v", tt.address, err)
			continue
		}
		if ref.Kind != tt.kind || ref.Path() != tt.path || ref.PathAs(".rss") != tt.feed {
			t.Errorf("%s: %+v has the paths %s and %s", tt.address, ref, ref.Path(), ref.PathAs(".rss"))
		}
	}
}

func TestWhatIsNoRef(t *testing.T) {
	for _, address := range []string{"/", "/about", "/papers/2605.00001", "/papers/", "/authors/", "/authors/a/b", "/a/b/papers", "//papers", "/api/papers/x"} {
		if ref, err := catalog.ParseListRef(address, nil); !errors.Is(err, paper.ErrNotFound) {
			t.Errorf("%s: %+v, %v", address, ref, err)
		}
	}
	var invalid *paper.InvalidError
	for _, address := range []string{"/papers/date/2025-13-40", "/papers/week/x", "/papers/x/similar", "/archive/99999", "/papers?q=", "/search",
		"/papers?q=" + strings.Repeat("x", 251), "/papers?q=%ff", "/papers/trending?vote=much"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if ref, err := catalog.ParseListRef(u.Path, u.Query()); !errors.As(err, &invalid) {
			t.Errorf("%s: %+v, %v", address, ref, err)
		}
	}
}

func TestRolls(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := searchable(t, db)
		for _, ref := range []catalog.ListRef{
			{Kind: catalog.KindLatest}, {Kind: catalog.KindEdition, Period: "2026-W22"}, {Kind: catalog.KindTrending, Weights: rank.Default},
			{Kind: catalog.KindNew}, {Kind: catalog.KindSearch, Query: "paper"}, {Kind: catalog.KindOrganization, Name: "acme"},
			{Kind: catalog.KindAuthor, Name: "emilie-du-chatelet"},
		} {
			roll, err := c.ListPage(t.Context(), ref, "", 3)
			if err != nil || len(roll.Entries) == 0 || roll.Title == "" {
				t.Errorf("%s: %+v, %v", ref.Path(), roll, err)
				continue
			}
			first := ids(roll.Entries)
			if roll.More == "" {
				continue
			}
			next, err := c.ListPage(t.Context(), ref, roll.More, 3)
			if err != nil || len(next.Entries) == 0 || slices.Equal(ids(next.Entries), first) {
				t.Errorf("%s, second page: %v", ref.Path(), err)
			}
		}
		for _, ref := range []catalog.ListRef{
			{Kind: catalog.KindEdition, Period: "2020-01-01"}, {Kind: catalog.KindOrganization, Name: "nobody"},
			{Kind: catalog.KindAuthor, Name: "nobody"}, {Kind: catalog.KindSimilar, ID: "2001.00001"},
		} {
			if _, err := c.ListPage(t.Context(), ref, "", 3); !errors.Is(err, paper.ErrNotFound) {
				t.Errorf("%s: %v", ref.Path(), err)
			}
		}
		archive, err := c.ListPage(t.Context(), catalog.ListRef{Kind: catalog.KindArchive}, "", 3)
		if err != nil || len(archive.Days) == 0 || archive.Ref.Year == 0 {
			t.Errorf("archive: %+v, %v", archive, err)
		}
	})
}

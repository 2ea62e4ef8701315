package catalog_test

import (
	"errors"
	"slices"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
	"broadsheet/internal/urls"
)

func TestListPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := searchable(t, db)
		for _, ref := range []urls.List{
			{Kind: urls.KindLatest}, {Kind: urls.KindEdition, Period: "2026-W22"}, {Kind: urls.KindTrending, Weights: rank.Default},
			{Kind: urls.KindNew}, {Kind: urls.KindSearch, Query: "paper"}, {Kind: urls.KindOrganization, Name: "acme"},
			{Kind: urls.KindAuthor, Name: "emilie-du-chatelet"},
		} {
			list, err := c.ListPage(t.Context(), ref, "", 3)
			if err != nil || len(list.Entries) == 0 || list.Title == "" {
				t.Errorf("%s: %+v, %v", ref.Path(), list, err)
				continue
			}
			first := ids(list.Entries)
			if list.More == "" {
				continue
			}
			next, err := c.ListPage(t.Context(), ref, list.More, 3)
			if err != nil || len(next.Entries) == 0 || slices.Equal(ids(next.Entries), first) {
				t.Errorf("%s, second page: %v", ref.Path(), err)
			}
		}
		for _, ref := range []urls.List{
			{Kind: urls.KindEdition, Period: "2020-01-01"}, {Kind: urls.KindOrganization, Name: "nobody"},
			{Kind: urls.KindAuthor, Name: "nobody"}, {Kind: urls.KindSimilar, ID: "2001.00001"},
		} {
			if _, err := c.ListPage(t.Context(), ref, "", 3); !errors.Is(err, paper.ErrNotFound) {
				t.Errorf("%s: %v", ref.Path(), err)
			}
		}
		archive, err := c.ListPage(t.Context(), urls.List{Kind: urls.KindArchive}, "", 3)
		if err != nil || len(archive.Days) == 0 || archive.Ref.Year == 0 {
			t.Errorf("archive: %+v, %v", archive, err)
		}
	})
}

package catalog_test

import (
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestChangesCanBeFollowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db, noon)
		mirror := map[paper.ID]bool{}
		cursor := ""
		for {
			ch, err := c.Changes(t.Context(), cursor, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range ch.Changes {
				mirror[one.ID] = one.Entry != nil
			}
			cursor = ch.Cursor
			if !ch.More {
				break
			}
		}
		if len(mirror) != 20 {
			t.Errorf("%d papers in the mirror", len(mirror))
		}
		if ch, err := c.Changes(t.Context(), cursor, 7); err != nil || len(ch.Changes) != 0 || ch.Cursor != cursor {
			t.Errorf("nothing new: %+v, %v", ch, err)
		}
		if _, err := c.Changes(t.Context(), "-1", 7); err == nil {
			t.Error("a wrong cursor is taken")
		}
	})
}

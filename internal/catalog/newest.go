package catalog

import (
	"context"

	"broadsheet/internal/store"
)

// New returns papers by publication, newest first.
func (c *Catalog) New(ctx context.Context, cursor string, limit int) (*List, error) {
	return c.byPublication(cursor, limit, func(after store.Keyset, n int) ([]store.Row, error) {
		return c.db.Newest(ctx, after, n)
	})
}

// byPublication is one page of a list by publication, which read reads behind a place.
func (c *Catalog) byPublication(cursor string, limit int, read func(store.Keyset, int) ([]store.Row, error)) (*List, error) {
	after, err := parseKeyset(cursor)
	if err != nil {
		return nil, err
	}
	rows, err := read(after, limit+1)
	if err != nil {
		return nil, err
	}
	l := &List{}
	if len(rows) > limit {
		rows = rows[:limit]
		l.More = formatKeyset(store.KeysetOf(&rows[limit-1].Paper))
	}
	l.Entries = entriesOf(rows)
	return l, nil
}

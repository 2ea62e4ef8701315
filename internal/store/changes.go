package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"broadsheet/internal/paper"
)

// Version returns the last number of the change sequence: it grows with every
// change of what readers see.
func (db *DB) Version(ctx context.Context) (int64, error) { return db.counter(ctx, "changes") }

// Papers returns how many papers there are.
func (db *DB) Papers(ctx context.Context) (int64, error) { return db.counter(ctx, "papers") }

func (db *DB) counter(ctx context.Context, name string) (int64, error) {
	const q = `select value from counters where name = $1`
	var n int64
	if err := db.row(ctx, q, name).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: counter %s: %w", name, err)
	}
	return n, nil
}

// A Change is a paper and the number of its last change.
type Change struct {
	Seq     int64
	ID      paper.ID
	Removed bool // the paper is gone
}

// Changes returns papers changed or removed after seq in the order of their last
// change: limit of them at the most. Who follows it keeps the last Seq as a cursor.
func (db *DB) Changes(ctx context.Context, seq int64, limit int) ([]Change, error) {
	const changed = `select seq, id, false from papers where seq > $1 order by seq limit $2`
	const removed = `select seq, paper, true from removals where seq > $1 order by seq limit $2`
	var all []Change
	for _, q := range []string{changed, removed} {
		rows, err := db.rows(ctx, q, seq, limit)
		some, err := collect(rows, err, func(rows *sql.Rows) (Change, error) {
			var c Change
			err := rows.Scan(&c.Seq, &c.ID, &c.Removed)
			return c, err
		})
		if err != nil {
			return nil, fmt.Errorf("store: changes after %d: %w", seq, err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Compare(a.Seq, b.Seq) })
	return all[:min(limit, len(all))], nil
}

// An IndexChange is a change as a search index is told of it.
type IndexChange struct {
	Change
	Text bool // what is searched for has changed, not only counts, links and editions
}

// IndexChanges returns the changes with numbers after the first and up to the last, in
// their order and limit of them at the most, and the number up to which that is all.
//
// The number of a paper whose text has changed is that of the last change of its text,
// even if its counts have changed since: so who has followed up to a number has every
// text as it was then or later, wherever the pages of limit were cut, and may take
// in the counts of what follows alone.
func (db *DB) IndexChanges(ctx context.Context, after, last int64, limit int) ([]IndexChange, int64, error) {
	const text = `select text_seq, id, false, true from papers where text_seq > $1 and text_seq <= $2 order by text_seq limit $3`
	const counts = `select seq, id, false, false from papers where seq > $1 and seq <= $2 and text_seq <= $1 order by seq limit $3`
	const removed = `select seq, paper, true, false from removals where seq > $1 and seq <= $2 order by seq limit $3`
	var all []IndexChange
	for _, q := range []string{text, counts, removed} {
		rows, err := db.rows(ctx, q, after, last, limit)
		some, err := collect(rows, err, func(rows *sql.Rows) (IndexChange, error) {
			var c IndexChange
			err := rows.Scan(&c.Seq, &c.ID, &c.Removed, &c.Text)
			return c, err
		})
		if err != nil {
			return nil, 0, fmt.Errorf("store: changes after %d for an index: %w", after, err)
		}
		if len(some) == limit { // what lies behind the end of one page is not looked for in the others
			last = some[limit-1].Seq
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b IndexChange) int { return cmp.Compare(a.Seq, b.Seq) })
	if len(all) > limit {
		all = all[:limit]
		last = all[limit-1].Seq
	}
	for len(all) > 0 && all[len(all)-1].Seq > last {
		all = all[:len(all)-1]
	}
	return all, last, nil
}

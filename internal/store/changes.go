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
	Text    bool // what is searched for has changed, not only counts, links and editions
	Removed bool // the paper is gone
}

// Changes returns papers changed or removed after seq in the order of their last
// change: limit of them at the most. Who follows it keeps the last Seq as a cursor.
func (db *DB) Changes(ctx context.Context, seq int64, limit int) ([]Change, error) {
	const changed = `select seq, id, text_seq > $1, false from papers where seq > $1 order by seq limit $2`
	const removed = `select seq, paper, false, true from removals where seq > $1 order by seq limit $2`
	var all []Change
	for _, q := range []string{changed, removed} {
		rows, err := db.rows(ctx, q, seq, limit)
		some, err := collect(rows, err, func(rows *sql.Rows) (Change, error) {
			var c Change
			err := rows.Scan(&c.Seq, &c.ID, &c.Text, &c.Removed)
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

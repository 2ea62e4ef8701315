package store

import (
	"context"
	"fmt"
	"time"

	"broadsheet/internal/paper"
)

// Vote gives a paper the vote of an account, or takes it back, and reports whether that
// changed anything. An unknown paper is paper.ErrNotFound.
func (db *DB) Vote(ctx context.Context, id paper.ID, account string, at time.Time, given bool) (changed bool, err error) {
	const give = `insert into votes (paper, account, at) values ($1, $2, $3) on conflict (paper, account) do nothing`
	const take = `delete from votes where paper = $1 and account = $2`
	err = db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		b := newBatchWriter(w)
		e := b.entry(id)
		if err := b.loadHeads(ctx); err != nil {
			return err
		}
		if !e.known {
			return paper.ErrNotFound
		}
		q, args := take, []any{id, account}
		if given {
			q, args = give, append(args, micros(at))
		}
		n, err := w.execCount(ctx, q, args...)
		if err != nil || n == 0 {
			return err
		}
		changed = true
		if err := b.loadNumbers(ctx, func(*entry) bool { return true }); err != nil {
			return err
		}
		return b.write(ctx)
	})
	if err != nil {
		return false, fmt.Errorf("store: vote for %s: %w", id, err)
	}
	return changed, nil
}

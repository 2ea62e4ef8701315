package store

import (
	"context"
	"encoding/json"
	"fmt"

	"broadsheet/internal/paper"
)

// Final returns the order in which a period was fixed; paper.ErrNotFound if it was not.
func (db *DB) Final(ctx context.Context, period paper.Period) ([]paper.ID, error) {
	const q = `select papers from finals where period = $1`
	var text string
	if err := db.row(ctx, q, period).Scan(&text); err != nil {
		return nil, notFound(err, "final order of %s", period)
	}
	var ids []paper.ID
	if err := json.Unmarshal([]byte(text), &ids); err != nil {
		return nil, fmt.Errorf("store: final order of %s: %w", period, err)
	}
	return ids, nil
}

// Fix fixes the order of a period and returns it. An order that was fixed before stays,
// but for papers that it lacks, which come in behind.
func (db *DB) Fix(ctx context.Context, period paper.Period, ids []paper.ID) ([]paper.ID, error) {
	const find = `select coalesce((select papers from finals where period = $1), '[]')`
	const put = `insert into finals (period, papers) values ($1, $2)
		on conflict (period) do update set papers = excluded.papers`
	var final []paper.ID
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil { // one at a time, whichever the database
			return err
		}
		var text string
		if err := w.row(ctx, find, period).Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &final); err != nil {
			return err
		}
		have := map[paper.ID]bool{}
		for _, id := range final {
			have[id] = true
		}
		for _, id := range ids {
			if !have[id] {
				final = append(final, id)
			}
		}
		b, err := json.Marshal(final)
		if err != nil {
			return err
		}
		return w.exec(ctx, put, period, string(b))
	})
	if err != nil {
		return nil, fmt.Errorf("store: fix the order of %s: %w", period, err)
	}
	return final, nil
}

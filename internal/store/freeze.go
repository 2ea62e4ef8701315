package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"broadsheet/internal/paper"
)

// freezePast closes the editions that are past by any feed clock. Where the order in
// which an edition was published was kept, that order holds.
func freezePast(ctx context.Context, w *writeTx) error {
	published, err := w.publishedOrders(ctx)
	if err != nil {
		return err
	}
	for period, ids := range published {
		if err := w.freeze(ctx, period, ids); err != nil {
			return fmt.Errorf("order of %s: %w", period, err)
		}
	}
	// At noon UTC of the day after, the last place on Earth has seen a day end.
	rows, err := w.rows(ctx, `select period from editions where closed_at = 0 and papers > 0`)
	periods, err := collect(rows, err, scanOne[paper.Period])
	if err != nil {
		return err
	}
	for _, p := range periods {
		if w.now.Before(p.Last().Time().AddDate(0, 0, 2)) {
			continue
		}
		if _, err := w.closeEdition(ctx, p); err != nil {
			return err
		}
	}
	return w.exec(ctx, `drop table finals`)
}

func (w *writeTx) publishedOrders(ctx context.Context) (map[paper.Period][]paper.ID, error) {
	rows, err := w.rows(ctx, `select period, papers from finals`)
	if err != nil {
		return nil, err
	}
	orders := map[paper.Period][]paper.ID{}
	err = each(rows, func(rows *sql.Rows) error {
		var period paper.Period
		var text string
		if err := rows.Scan(&period, &text); err != nil {
			return err
		}
		var ids []paper.ID
		if err := json.Unmarshal([]byte(text), &ids); err != nil {
			return fmt.Errorf("published order of %s: %w", period, err)
		}
		orders[period] = ids
		return nil
	})
	return orders, err
}

// freeze closes a period with its papers in this order, and all others behind them.
func (w *writeTx) freeze(ctx context.Context, period paper.Period, ids []paper.ID) error {
	closed, err := w.closeEdition(ctx, period)
	if err != nil || !closed {
		return err
	}
	const list = `select paper from listings where period = $1 order by standing, position, paper`
	rows, err := w.rows(ctx, list, period)
	listed, err := collect(rows, err, scanOne[paper.ID])
	if err != nil {
		return err
	}
	const put = `update listings set standing = $3, position = $4 where paper = $1 and period = $2`
	place := map[paper.ID]int{}
	for i, id := range ids {
		place[id] = i
	}
	for i, id := range listed {
		standing, position := lateStanding, i
		if n, ok := place[id]; ok {
			standing, position = 0, n
		}
		if err := w.exec(ctx, put, id, period, standing, position); err != nil {
			return err
		}
	}
	return nil
}

func scanOne[T any](rows *sql.Rows) (v T, err error) {
	err = rows.Scan(&v)
	return v, err
}

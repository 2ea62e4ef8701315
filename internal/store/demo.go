package store

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet/internal/paper"
)

// RemoveDemo takes out all that only the demonstration catalogue has said, and
// returns how many papers that removed. Papers that other sources know stay.
func (db *DB) RemoveDemo(ctx context.Context) (int, error) {
	var removed int
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		if err := w.removeDemoSubmissions(ctx); err != nil {
			return err
		}
		if err := w.freePapersFromDemo(ctx); err != nil {
			return err
		}
		n, err := w.removeDemoPapers(ctx)
		if err != nil {
			return err
		}
		removed = n
		if _, err := w.takeNumbers(ctx, "papers", -n); err != nil {
			return err
		}
		return w.noteChange(ctx, 1)
	})
	if err != nil {
		return 0, fmt.Errorf("remove the demonstration catalogue: %w", err)
	}
	return removed, nil
}

// removeDemoSubmissions empties the catalogue's editions. The days of other
// submissions of the same papers lie elsewhere, so a period is either left alone
// or loses the paper.
func (w *writeTx) removeDemoSubmissions(ctx context.Context) error {
	type place struct {
		paper paper.ID
		day   paper.Day
	}
	rows, err := w.rows(ctx, `select paper, day from submissions where source = $1`, paper.SourceDemo)
	places, err := collect(rows, err, func(rows *sql.Rows) (place, error) {
		var p place
		err := rows.Scan(&p.paper, &p.day)
		return p, err
	})
	if err != nil {
		return err
	}
	for _, p := range places {
		if err := w.exec(ctx, `delete from submissions where paper = $1 and day = $2`, p.paper, p.day); err != nil {
			return err
		}
		for _, period := range []paper.Period{p.day.Period(), p.day.Week(), p.day.Month()} {
			if err := w.unlist(ctx, p.paper, period); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, markSubmitted, p.paper); err != nil {
			return err
		}
	}
	return w.exec(ctx, `delete from editions where papers <= 0`)
}

// unlist takes a paper out of a period unless another submission holds it there.
func (w *writeTx) unlist(ctx context.Context, id paper.ID, period paper.Period) error {
	const held = `select count(*) from submissions where paper = $1 and day >= $2 and day <= $3`
	var n int
	if err := w.row(ctx, held, id, period.First(), period.Last()).Scan(&n); err != nil || n > 0 {
		return err
	}
	n, err := w.execCount(ctx, `delete from listings where paper = $1 and period = $2`, id, period)
	if err != nil {
		return err
	}
	return w.exec(ctx, `update editions set papers = papers - $3 where kind = $1 and period = $2`, period.Kind(), period, n)
}

// freePapersFromDemo drops what the catalogue said of papers that others know. Its
// summary and organization stand only where the hub, which has its own, is silent.
func (w *writeTx) freePapersFromDemo(ctx context.Context) error {
	rows, err := w.rows(ctx, `select id from papers where demo = 0 and demo_mark <> 0`)
	ids, err := collect(rows, err, func(rows *sql.Rows) (id paper.ID, err error) {
		err = rows.Scan(&id)
		return id, err
	})
	if err != nil {
		return err
	}
	b := &batchWriter{w: w, entries: map[paper.ID]*entry{}}
	for _, id := range ids {
		e := newEntry(id)
		e.known, e.touched = true, true
		b.entries[id] = e
		b.order = append(b.order, e)
	}
	if err := b.loadStamps(ctx); err != nil {
		return err
	}
	for _, e := range b.order {
		if err := b.loadRecord(ctx, e); err != nil {
			return err
		}
		e.record.Forget(paper.SourceDemo)
	}
	if err := w.exec(ctx, `delete from signals where source = $1`, paper.SourceDemo); err != nil {
		return err
	}
	if err := b.loadNumbers(ctx, func(*entry) bool { return true }); err != nil {
		return err
	}
	return b.write(ctx)
}

// removeDemoPapers deletes the papers that only the catalogue knows, each with a
// number of the change sequence.
func (w *writeTx) removeDemoPapers(ctx context.Context) (int, error) {
	rows, err := w.rows(ctx, `select id from papers where demo = 1 order by id`)
	ids, err := collect(rows, err, func(rows *sql.Rows) (id paper.ID, err error) {
		err = rows.Scan(&id)
		return id, err
	})
	if err != nil {
		return 0, err
	}
	seq, err := w.takeNumbers(ctx, "changes", len(ids))
	if err != nil {
		return 0, err
	}
	for i, id := range ids {
		const gone = `insert into removals (paper, seq) values ($1, $2) on conflict (paper) do update set seq = excluded.seq`
		if err := w.exec(ctx, gone, id, seq+int64(i)+1); err != nil {
			return 0, err
		}
	}
	const mine = `(select id from papers where demo = 1)`
	for _, table := range []string{"versions", "links", "media", "authorships"} {
		if err := w.exec(ctx, `delete from `+table+` where paper in `+mine); err != nil {
			return 0, err
		}
	}
	return w.execCount(ctx, `delete from papers where demo = 1`)
}

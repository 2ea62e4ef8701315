package store

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet/internal/paper"
)

// Forget takes out all that a source has said, and returns how many papers that
// removed: those of which no other source has spoken. The source's cursor is [Forgotten]
// from then on.
func (db *DB) Forget(ctx context.Context, source paper.Source) (int, error) {
	var removed int
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		if err := w.removeSubmissions(ctx, source); err != nil {
			return err
		}
		if err := w.reviseWithout(ctx, source); err != nil {
			return err
		}
		n, err := w.removePapers(ctx, source)
		if err != nil {
			return err
		}
		removed = n
		if _, err := w.takeNumbers(ctx, "papers", -n); err != nil {
			return err
		}
		if err := w.writeEvents(ctx); err != nil {
			return err
		}
		if err := w.putSource(ctx, SourceState{Name: source, Read: w.now, Cursor: Forgotten}); err != nil {
			return err
		}
		return w.noteChange(ctx, 1)
	})
	if err != nil {
		return 0, fmt.Errorf("store: forget what %s has said: %w", source, err)
	}
	return removed, nil
}

// removeSubmissions takes out what a source has put into editions. The days of other
// submissions of the same papers lie elsewhere, so a period is either left alone or
// loses the paper.
func (w *writeTx) removeSubmissions(ctx context.Context, source paper.Source) error {
	type place struct {
		paper paper.ID
		day   paper.Day
	}
	rows, err := w.rows(ctx, `select paper, day from submissions where source = $1`, source)
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
	return w.exec(ctx, `delete from editions where papers <= 0 and opened_at = 0`)
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

// reviseWithout makes the papers that other sources know, too, what these say of them.
func (w *writeTx) reviseWithout(ctx context.Context, source paper.Source) error {
	const shared = `select paper from observations o where source = $1
		and exists (select 1 from observations p where p.paper = o.paper and p.source <> $1)`
	rows, err := w.rows(ctx, shared, source)
	ids, err := collect(rows, err, scanOne[paper.ID])
	if err != nil {
		return err
	}
	if err := w.exec(ctx, `delete from signals where source = $1`, source); err != nil {
		return err
	}
	for len(ids) > 0 {
		b := newBatchWriter(w)
		for _, id := range ids[:min(inChunk, len(ids))] {
			b.entry(id)
		}
		ids = ids[len(b.order):]
		if err := b.loadHeads(ctx); err != nil {
			return err
		}
		for _, e := range b.order {
			if err := b.loadRecord(ctx, e); err != nil {
				return err
			}
			e.record.Remove(source)
			e.touched, e.actor = true, source
			if err := w.exec(ctx, `delete from observations where paper = $1 and source = $2`, e.id, source); err != nil {
				return err
			}
		}
		if err := b.loadNumbers(ctx, func(*entry) bool { return true }); err != nil {
			return err
		}
		if err := b.write(ctx); err != nil {
			return err
		}
	}
	return nil
}

// removePapers deletes the papers that only the source knows, each with a number of the
// change sequence.
func (w *writeTx) removePapers(ctx context.Context, source paper.Source) (int, error) {
	rows, err := w.rows(ctx, `select paper from observations where source = $1 order by paper`, source)
	ids, err := collect(rows, err, scanOne[paper.ID])
	if err != nil {
		return 0, err
	}
	seq, err := w.takeNumbers(ctx, "changes", len(ids))
	if err != nil {
		return 0, err
	}
	var gone [][]any
	for i, id := range ids {
		gone = append(gone, []any{string(id), seq + int64(i) + 1})
		if err := w.event(paper.EventPaperRemoved, id, source, nil); err != nil {
			return 0, err
		}
	}
	if err := w.insertRows(ctx, table{"removals", []string{"paper", "seq"},
		"on conflict (paper) do update set seq = excluded.seq"}, gone); err != nil {
		return 0, err
	}
	const theirs = `(select paper from observations where source = $1)`
	for _, t := range []struct{ name, key string }{
		{"versions", "paper"}, {"links", "paper"}, {"media", "paper"}, {"authorships", "paper"},
		{"milestones", "paper"}, {"votes", "paper"}, {"papers", "id"},
	} {
		if err := w.exec(ctx, `delete from `+t.name+` where `+t.key+` in `+theirs, source); err != nil {
			return 0, err
		}
	}
	return len(ids), w.exec(ctx, `delete from observations where source = $1`, source)
}

package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"broadsheet/internal/paper"
)

var signalsTable = table{
	into:    "signals",
	columns: []string{"paper", "source", "kind", "at", "value"},
	suffix:  "on conflict (paper, source, kind, at) do update set value = excluded.value where excluded.value > signals.value",
}

// writeSignals stores what was counted when, also of papers that are not known yet.
func (b *batchWriter) writeSignals(ctx context.Context) error {
	var rows [][]any
	for _, e := range b.order {
		for key := range e.newSignals {
			rows = append(rows, []any{string(e.id), string(key.source), string(key.kind), key.at, e.signals[key]})
		}
	}
	slices.SortFunc(rows, func(x, y []any) int { // as the table is sorted
		return cmp.Or(cmp.Compare(x[0].(string), y[0].(string)), cmp.Compare(x[1].(string), y[1].(string)),
			cmp.Compare(x[2].(string), y[2].(string)), cmp.Compare(x[3].(int64), y[3].(int64)))
	})
	return b.w.insertRows(ctx, signalsTable, rows)
}

// writeMilestones notes which milestones the counts of papers have passed. A paper that
// comes with its counts passes none: nobody has seen it below.
func (b *batchWriter) writeMilestones(ctx context.Context, changed []*entry) error {
	var ids []string
	for _, e := range changed {
		if e.known && len(e.reaching()) > 0 {
			ids = append(ids, string(e.id))
		}
	}
	reached := map[paper.ID]map[paper.SignalKind]int{}
	const find = `select paper, signal, reached from milestones where paper in %s`
	if err := b.w.selectIn(ctx, find, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var kind paper.SignalKind
		var level int
		err := rows.Scan(&id, &kind, &level)
		if reached[id] == nil {
			reached[id] = map[paper.SignalKind]int{}
		}
		reached[id][kind] = level
		return err
	}); err != nil {
		return err
	}
	var rows [][]any
	for _, e := range changed {
		reaching := e.reaching()
		for _, kind := range slices.Sorted(maps.Keys(reaching)) {
			m := reaching[kind]
			if reached[e.id][kind] >= m.Milestone {
				continue
			}
			rows = append(rows, []any{string(e.id), string(kind), m.Milestone})
			if !e.known {
				continue
			}
			if err := b.w.event(paper.EventMilestone, e.id, e.actor, m); err != nil {
				return err
			}
		}
	}
	return b.w.insertRows(ctx, table{"milestones", []string{"paper", "signal", "reached"},
		"on conflict (paper, signal) do update set reached = excluded.reached"}, rows)
}

// reaching returns the highest milestones that the batch brings the paper to.
func (e *entry) reaching() map[paper.SignalKind]paper.MilestoneEvent {
	p, q := &e.record.Paper, &e.original
	found := map[paper.SignalKind]paper.MilestoneEvent{}
	for kind, n := range map[paper.SignalKind][2]int{paper.SignalVotes: {q.Votes, p.Votes}, paper.SignalStars: {q.Stars, p.Stars}} {
		if m := paper.Milestone(kind, n[1]); m > paper.Milestone(kind, n[0]) {
			found[kind] = paper.MilestoneEvent{Signal: kind, Milestone: m, Value: n[1]}
		}
	}
	return found
}

// recount makes the numbers of all papers those of their signals: they were lost when
// arXiv spoke of a paper after a hub had.
func recount(ctx context.Context, w *writeTx) error {
	const page = 2048
	for last := ""; ; {
		rows, err := w.rows(ctx, `select distinct paper from signals where paper > $1 order by paper limit $2`, last, page)
		ids, err := collect(rows, err, scanOne[paper.ID])
		if err != nil || len(ids) == 0 {
			return err
		}
		last = string(ids[len(ids)-1])
		b := newBatchWriter(w)
		for _, id := range ids {
			b.entry(id)
		}
		if err := b.loadHeads(ctx); err != nil {
			return err
		}
		if err := b.loadNumbers(ctx, func(e *entry) bool { return e.known }); err != nil {
			return err
		}
		changed, err := b.changed(ctx)
		if err != nil {
			return err
		}
		if err := b.writePapers(ctx, changed); err != nil {
			return err
		}
		if err := b.writeStandings(ctx, changed); err != nil {
			return err
		}
	}
}

// noteMilestones notes which milestones the papers have passed already.
func noteMilestones(ctx context.Context, w *writeTx) error {
	for kind, levels := range paper.Milestones {
		for _, level := range levels {
			// The column of a paper has the name of the kind.
			q := fmt.Sprintf(`insert into milestones (paper, signal, reached) select id, $1, $2 from papers where %s >= $2
				on conflict (paper, signal) do update set reached = excluded.reached`, kind)
			if err := w.exec(ctx, q, kind, level); err != nil {
				return err
			}
		}
	}
	return nil
}

// Signals returns what was counted for a paper over time, oldest first, by the source
// whose count the paper shows.
func (db *DB) Signals(ctx context.Context, id paper.ID, kind paper.SignalKind) ([]paper.Signal, error) {
	const q = `select source, at, value from signals where paper = $1 and kind = $2 order by source, at`
	rows, err := db.rows(ctx, q, id, kind)
	if err != nil {
		return nil, fmt.Errorf("store: %s of %s: %w", kind, id, err)
	}
	all := map[paper.Source][]paper.Signal{}
	if err := each(rows, func(rows *sql.Rows) error {
		var source paper.Source
		var at int64
		s := paper.Signal{Kind: kind}
		err := rows.Scan(&source, &at, &s.Value)
		s.At = fromMicros(at)
		all[source] = append(all[source], s)
		return err
	}); err != nil {
		return nil, fmt.Errorf("store: %s of %s: %w", kind, id, err)
	}
	return all[paper.Counting(slices.Collect(maps.Keys(all)))], nil
}

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/paper"
)

// event notes what happens in this transaction; writeEvents writes it.
func (w *writeTx) event(kind paper.EventKind, id paper.ID, actor paper.Source, data any) error {
	var text any // null where there is none, which costs less than an empty text
	if data != nil {
		b, err := json.Marshal(data)
		if err != nil {
			return fmt.Errorf("store: event %s: %w", kind, err)
		}
		text = string(b)
	}
	w.events = append(w.events, []any{int64(0), micros(w.now), string(kind), string(id), string(actor), text})
	return nil
}

// writeEvents numbers and writes the events noted so far. The transaction must have
// locked the changes.
func (w *writeTx) writeEvents(ctx context.Context) error {
	if len(w.events) == 0 {
		return nil
	}
	seq, err := w.takeNumbers(ctx, "events", len(w.events))
	if err != nil {
		return err
	}
	for i, e := range w.events {
		e[0] = seq + int64(i) + 1
	}
	err = w.insertRows(ctx, table{"events", []string{"seq", "at", "kind", "paper", "actor", "data"}, ""}, w.events)
	w.events = nil
	return err
}

// Events returns what happened after the event with the number seq, in the order in
// which it was committed: limit of them at the most.
func (db *DB) Events(ctx context.Context, seq int64, limit int) ([]paper.Event, error) {
	const q = `select seq, at, kind, paper, actor, data from events where seq > $1 order by seq limit $2`
	rows, err := db.rows(ctx, q, seq, limit)
	all, err := collect(rows, err, func(rows *sql.Rows) (paper.Event, error) {
		var e paper.Event
		var at int64
		var data []byte
		err := rows.Scan(&e.Seq, &at, &e.Kind, &e.Paper, &e.Actor, &data)
		e.At = fromMicros(at)
		e.Data = data
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: events after %d: %w", seq, err)
	}
	return all, nil
}

// Cursor returns how far the named reader of the events has come; 0 when it has not
// begun.
func (db *DB) Cursor(ctx context.Context, name string) (int64, error) {
	const q = `select seq from cursors where name = $1`
	var seq int64
	err := db.row(ctx, q, name).Scan(&seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("store: cursor %s: %w", name, err)
	}
	return seq, nil
}

// SetCursor notes how far the named reader has come. Events that a cursor has not
// passed are kept.
func (db *DB) SetCursor(ctx context.Context, name string, seq int64) error {
	const q = `insert into cursors (name, seq) values ($1, $2) on conflict (name) do update set seq = excluded.seq`
	return db.update(ctx, func(w *writeTx) error { return w.exec(ctx, q, name, seq) })
}

// Prune drops what nobody needs any more: events from before a time that all cursors
// have passed, and the history beyond the newest 100,000 transactions.
func (db *DB) Prune(ctx context.Context, before time.Time) error {
	const events = `delete from events where at < $1
		and seq <= coalesce((select min(seq) from cursors), (select value from counters where name = 'events'))`
	const history = `delete from history where seq <= coalesce((select seq from history order by seq desc limit 1 offset $1), 0)`
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.exec(ctx, events, micros(before)); err != nil {
			return err
		}
		return w.exec(ctx, history, historySize)
	})
	if err != nil {
		return fmt.Errorf("store: prune: %w", err)
	}
	return nil
}

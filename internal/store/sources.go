package store

import (
	"context"
	"database/sql"
	"time"

	"broadsheet/internal/paper"
)

// A SourceState says when a source was last read, and how far.
type SourceState struct {
	Name   paper.Source
	Read   time.Time
	Cursor string
}

// Sources returns where papers have come from, by name.
func (db *DB) Sources(ctx context.Context) ([]SourceState, error) {
	const q = `select name, read_at, cursor from sources order by name`
	rows, err := db.rows(ctx, q)
	return collect(rows, err, func(rows *sql.Rows) (SourceState, error) {
		var s SourceState
		var at int64
		err := rows.Scan(&s.Name, &at, &s.Cursor)
		s.Read = fromMicros(at)
		return s, err
	})
}

// PutSource notes that a source was read.
func (db *DB) PutSource(ctx context.Context, s SourceState) error {
	return db.update(ctx, func(w *writeTx) error { return w.putSource(ctx, s) })
}

func (w *writeTx) putSource(ctx context.Context, s SourceState) error {
	const q = `insert into sources (name, read_at, cursor) values ($1, $2, $3)
		on conflict (name) do update set read_at = excluded.read_at, cursor = excluded.cursor`
	return w.exec(ctx, q, s.Name, micros(s.Read), s.Cursor)
}

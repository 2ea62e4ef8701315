package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/paper"
)

// Forgotten is the cursor of a source whose word was taken out: see [DB.Forget].
const Forgotten = "removed"

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

// Source returns when a source was last read, and how far; the zero times and cursor if
// it never was.
func (db *DB) Source(ctx context.Context, name paper.Source) (SourceState, error) {
	const q = `select read_at, cursor from sources where name = $1`
	s := SourceState{Name: name}
	var at int64
	err := db.row(ctx, q, name).Scan(&at, &s.Cursor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return SourceState{}, fmt.Errorf("store: source %s: %w", name, err)
	}
	s.Read = fromMicros(at)
	return s, nil
}

// putSource notes that a source was read. One without a cursor leaves the cursor alone.
func (w *writeTx) putSource(ctx context.Context, s SourceState) error {
	const q = `insert into sources (name, read_at, cursor) values ($1, $2, $3)
		on conflict (name) do update set read_at = excluded.read_at, cursor = coalesce(nullif(excluded.cursor, ''), sources.cursor)`
	return w.exec(ctx, q, s.Name, micros(s.Read), s.Cursor)
}

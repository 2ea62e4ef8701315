package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// A writeTx is a write transaction with its statements prepared once.
type writeTx struct {
	tx      *sql.Tx
	dialect dialect
	now     time.Time // when the transaction began
	events  [][]any   // noted and not yet written
	seq     int64     // the last number of the change sequence that it took; 0: none
	stmts   map[string]*sql.Stmt
}

func (w *writeTx) close() {
	for _, s := range w.stmts {
		s.Close()
	}
}

func (w *writeTx) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	s, err := w.tx.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("store: prepare %.60q: %w", query, err)
	}
	w.stmts[query] = s
	return s, nil
}

func (w *writeTx) exec(ctx context.Context, query string, args ...any) error {
	_, err := w.execCount(ctx, query, args...)
	return err
}

// execCount also returns how many rows were touched.
func (w *writeTx) execCount(ctx context.Context, query string, args ...any) (int, error) {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("store: %.60q: %w", query, err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

func (w *writeTx) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (w *writeTx) row(ctx context.Context, query string, args ...any) scanner {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return failed{err}
	}
	return s.QueryRowContext(ctx, args...)
}

// A table names the target of insertRows.
type table struct {
	into    string   // "insert into t"
	columns []string // as many as a row has values
	suffix  string   // "on conflict ..."
}

// insertRows inserts all rows with few statements: as many rows at a time as a
// power of two allows, so that each text is prepared once.
func (w *writeTx) insertRows(ctx context.Context, t table, rows [][]any) error {
	limit := 1
	for limit*2*len(t.columns) <= 512 {
		limit *= 2
	}
	args := make([]any, 0, limit*len(t.columns))
	for n := limit; len(rows) > 0; {
		if len(rows) < n {
			n /= 2
			continue
		}
		args = args[:0]
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := w.exec(ctx, t.text(w.dialect, n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// insertTexts keeps the texts that table.text has made.
var insertTexts sync.Map // insertKey -> string

type insertKey struct {
	into, columns, suffix string
	n                     int
	nameless              bool
}

// text is the statement for n rows.
func (t table) text(d dialect, n int) string {
	key := insertKey{t.into, strings.Join(t.columns, ","), t.suffix, n, d.nameless}
	if text, ok := insertTexts.Load(key); ok {
		return text.(string)
	}
	text := t.makeText(d, n)
	insertTexts.Store(key, text)
	return text
}

func (t table) makeText(d dialect, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "insert into %s (%s) values ", t.into, strings.Join(t.columns, ", "))
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.placeholders(i*len(t.columns), len(t.columns)))
	}
	b.WriteString(" ")
	b.WriteString(t.suffix)
	return b.String()
}

// placeholders is "($3, $4)" for n = 2 after the first 2. SQLite's driver looks a
// named parameter up among all others, which takes the square of their number, so
// long lists use its nameless ones.
func (d dialect) placeholders(after, n int) string {
	if d.nameless {
		return "(?" + strings.Repeat(", ?", n-1) + ")"
	}
	var b strings.Builder
	b.WriteByte('(')
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", after+i+1)
	}
	b.WriteByte(')')
	return b.String()
}

// inChunk is how many values an "in (...)" list has at the most.
const inChunk = 256

// selectIn runs query, whose %s becomes a list of placeholders, for all ids, and
// calls scan for each row. The list is padded with its last value to few sizes.
func (w *writeTx) selectIn(ctx context.Context, query string, ids []string, scan func(*sql.Rows) error) error {
	for len(ids) > 0 {
		part := ids[:min(inChunk, len(ids))]
		ids = ids[len(part):]
		size := 1
		for size < len(part) {
			size *= 4
		}
		args := make([]any, size)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		rows, err := w.rows(ctx, fmt.Sprintf(query, w.dialect.placeholders(0, size)), args...)
		if err != nil {
			return err
		}
		if err := each(rows, scan); err != nil {
			return err
		}
	}
	return nil
}

// each calls scan for every row and closes rows.
func each(rows *sql.Rows, scan func(*sql.Rows) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

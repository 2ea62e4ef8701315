// Package store keeps all of Broadsheet's state in one SQL database: SQLite in a
// file, or PostgreSQL. It gives one concrete type, [DB], over one text of SQL.
//
// Start with [Open]. Papers come in through [DB.Apply], which takes a batch of
// observations in one transaction; readers ask with the methods that return
// [paper.Paper] values. Every change of a paper takes the next number of the
// change sequence ([DB.Version], [DB.Changes]), which is what derived data
// follows.
//
// Callers pass the clock and the context, and close what they open. Times are
// bigint microseconds UTC in the database. Full text and vectors are kept
// elsewhere.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet/internal/paper"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// DB is an open database. It may be used by several goroutines.
type DB struct {
	*connection
	lease *Lease // under which this DB writes; nil: none
}

// A connection is what all handles of one open database share.
type connection struct {
	writer     *sql.DB
	reader     *sql.DB
	dialect    dialect
	identity   string
	file       *file // SQLite's; nil for PostgreSQL
	readOnly   bool
	now        func() time.Time
	stmts      sync.Map     // SQL text -> *sql.Stmt on reader
	statements atomic.Int64 // that readers have run
}

// Statements returns how many reading statements were run since the database was
// opened.
func (db *DB) Statements() int64 { return db.statements.Load() }

// SetClock makes now the clock by which events are dated; it is time.Now before. Call
// it before the database is used.
func (db *DB) SetClock(now func() time.Time) { db.now = now }

// A dialect is what the two databases do not say alike.
type dialect struct {
	name      string
	clustered string // after "create table (...)": keep the rows in the primary key
	key       string // the type of text that is compared byte by byte
	bytes     string // the type of binary strings
	shared    string // after a select: keep the rows from being changed until the transaction ends
	nameless  bool   // long lists of parameters are "?", not "$1"
}

var (
	sqliteDialect   = dialect{name: "sqlite", clustered: "without rowid", key: "text", bytes: "blob", nameless: true}
	postgresDialect = dialect{name: "postgres", key: `text collate "C"`, bytes: "bytea", shared: " for share"}
)

// Open opens the database at url, "sqlite:PATH" or "postgres://...", and brings
// its tables up to date. A database newer than this program is refused with
// [ErrNewer], one that is damaged with [ErrDamaged]. A SQLite database on which this
// program may not write is opened for reading alone: see [DB.ReadOnly].
func Open(ctx context.Context, url string, options ...Option) (*DB, error) {
	var o openOptions
	for _, set := range options {
		set(&o)
	}
	db, err := openOnce(ctx, url, o)
	// Several processes that start at once on a new database get in each other's way
	// before they know to wait, and one that brings it forward may take its time.
	for wait := time.Millisecond; isBusy(err) && wait < busyFor; wait *= 2 {
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
		}
		db, err = openOnce(ctx, url, o)
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && mayNotWrite(err) {
		if _, gone := os.Stat(path); gone == nil {
			return OpenReadOnly(ctx, url)
		}
	}
	return db, err
}

// busyFor bounds the waits for other processes when a database is opened.
const busyFor = time.Minute

// An Option changes how a database is opened.
type Option func(*openOptions)

type openOptions struct {
	migrating func(name string) // nil: nobody is told
}

// OnMigration has told called before each step that brings a database of an earlier
// program forward, which takes some time where there are many papers.
func OnMigration(told func(name string)) Option {
	return func(o *openOptions) { o.migrating = told }
}

func openOnce(ctx context.Context, url string, o openOptions) (*DB, error) {
	db, err := connect(url)
	if err != nil {
		return nil, err
	}
	if err := db.begin(ctx, o); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	return db, nil
}

// begin makes a connected database ready.
func (db *DB) begin(ctx context.Context, o openOptions) error {
	if err := db.checkFile(ctx); err != nil {
		return err
	}
	if err := db.migrate(ctx, o.migrating); err != nil {
		return err
	}
	var err error
	if db.identity, err = db.readIdentity(ctx); err != nil {
		return err
	}
	return db.noteFile()
}

func newDB(writer, reader *sql.DB, d dialect) *DB {
	return &DB{connection: &connection{writer: writer, reader: reader, dialect: d, now: time.Now}}
}

func connect(url string) (*DB, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return connectSQLite(path)
	}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		pool, err := sql.Open("pgx", url)
		if err != nil {
			return nil, fmt.Errorf("store: open PostgreSQL: %w", err)
		}
		pool.SetMaxOpenConns(16)
		pool.SetMaxIdleConns(8)
		return newDB(pool, pool, postgresDialect), nil
	}
	return nil, paper.Invalid("database", `want "sqlite:PATH" or "postgres://user:password@host/name"`)
}

// Close waits for running queries and closes the database.
func (db *DB) Close() error {
	db.stmts.Range(func(_, s any) bool {
		s.(*sql.Stmt).Close()
		return true
	})
	err := db.reader.Close()
	if db.writer != db.reader {
		err = errors.Join(err, db.writer.Close())
	}
	return err
}

// stmt returns query as a statement prepared once for all readers.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.reader.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("store: prepare: %w", err)
	}
	if old, loaded := db.stmts.LoadOrStore(query, s); loaded {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

func (db *DB) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return nil, answered(err)
	}
	db.statements.Add(1)
	rows, err := s.QueryContext(ctx, args...)
	return rows, answered(err)
}

// A scanner is a row to be: its Scan gives the error of the query, too.
type scanner interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

func (db *DB) row(ctx context.Context, query string, args ...any) scanner {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return failed{answered(err)}
	}
	db.statements.Add(1)
	return answeredRow{s.QueryRowContext(ctx, args...)}
}

// update runs f in one write transaction. If db writes under a lease, it is refused
// with [ErrLeaseLost] once another holder has taken the lease.
func (db *DB) update(ctx context.Context, f func(*writeTx) error) (err error) {
	if db.readOnly {
		return ErrReadOnly
	}
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	w := &writeTx{tx: tx, dialect: db.dialect, now: db.now(), stmts: map[string]*sql.Stmt{}}
	defer w.close()
	if db.lease != nil {
		if err := w.checkLease(ctx, *db.lease); err != nil {
			return err
		}
	}
	if err := f(w); err != nil {
		return err
	}
	if err := w.noteHistory(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	return nil
}

// ignoreDone drops the error of rolling back what the driver has ended already.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// collect reads all rows with scan.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, answered(rows.Err())
}

// micros is t as the database keeps it; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// notFound turns the driver's word for no row into ours.
func notFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		err = paper.ErrNotFound
	}
	return fmt.Errorf("store: "+format+": %w", append(args, err)...)
}

package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"modernc.org/sqlite"

	"broadsheet/internal/paper"
)

var (
	// ErrDamaged says that the database's file cannot be trusted any more.
	ErrDamaged = errors.New("the database file is damaged: stop the site and put a copy of it back, " +
		"or save what can be read with `sqlite3 FILE .recover`")
	// ErrReadOnly says that a database was opened for reading alone.
	ErrReadOnly = errors.New("the database can only be read: this program may not write its file")
)

// Page caches of SQLite in KiB: the writer's is large because an import touches
// pages all over the author index.
const (
	writerCache = 48 << 10
	readerCache = 4 << 10
	readers     = 4
)

// sqliteURL is the driver's name of a database with a page cache.
func sqliteURL(path string, cache int, more string) string {
	return fmt.Sprintf("file:%s?_pragma=busy_timeout(15000)&_pragma=cache_size(-%d)&_pragma=temp_store(2)%s", escapePath(path), cache, more)
}

func connectSQLite(path string) (*DB, error) {
	// A checkpoint every 16,384 pages keeps the log at 64 MB in an import. A commit waits
	// for the disk, so that a power cut takes back nothing that somebody was told is done.
	writer, err := sql.Open("sqlite", sqliteURL(path, writerCache,
		"&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=wal_autocheckpoint(16384)&_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	writer.SetMaxOpenConns(1)
	db, err := readSQLite(path, "&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	db.writer = writer
	return db, nil
}

// readSQLite connects the readers alone.
func readSQLite(path, more string) (*DB, error) {
	reader, err := sql.Open("sqlite", sqliteURL(path, readerCache, more))
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	db := newDB(reader, reader, sqliteDialect)
	db.file = &file{path: path}
	return db, nil
}

// escapePath makes path safe in a file: URI.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// OpenReadOnly opens the SQLite database at url, "sqlite:PATH", for reading alone, which
// brings nothing forward and changes nothing. SQLite's log beside the file takes part in
// it; where that cannot be opened without writing and holds something, reading would give
// old answers, and is refused.
func OpenReadOnly(ctx context.Context, url string) (*DB, error) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return nil, paper.Invalid("database", `only "sqlite:PATH" can be opened for reading alone`)
	}
	modes := []string{"&mode=ro"}
	if log, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() == 0 {
		modes = append(modes, "&mode=ro&immutable=1")
	}
	var err error
	for _, mode := range modes {
		var db *DB
		if db, err = readSQLite(path, mode); err != nil {
			return nil, err
		}
		if err = db.beginReading(ctx); err == nil {
			return db, nil
		}
		err = errors.Join(explain(err), db.Close())
	}
	return nil, fmt.Errorf("the database %s may not be written, and cannot be read as it is; if a -wal file lies beside it, "+
		"copy both to a place where they may be written: %w", path, err)
}

func (db *DB) beginReading(ctx context.Context) error {
	db.readOnly = true
	if err := db.checkFile(ctx); err != nil {
		return err
	}
	if err := db.checkSchema(ctx); err != nil {
		return err
	}
	var err error
	if db.identity, err = db.readIdentity(ctx); err != nil {
		return err
	}
	return db.noteFile()
}

// ReadOnly reports whether the database was opened for reading alone, because this
// program may not write its file. Every write fails with [ErrReadOnly].
func (db *DB) ReadOnly() bool { return db.readOnly }

// A file is the file of a SQLite database.
type file struct {
	path   string
	opened os.FileInfo // as it was when it was opened
}

// noteFile remembers which file was opened.
func (db *DB) noteFile() (err error) {
	if db.file != nil {
		db.file.opened, err = os.Stat(db.file.path)
	}
	return err
}

// Healthy reports whether the database answers and its file is whole as far as that can
// be told without reading all of it: that it is there, the one that was opened, and as
// long as it says.
func (db *DB) Healthy(ctx context.Context) error {
	const q = `select value from counters where name = 'changes'`
	var n int64
	if err := db.row(ctx, q).Scan(&n); err != nil {
		return explain(err)
	}
	if db.file == nil {
		return nil
	}
	now, err := os.Stat(db.file.path)
	if err != nil {
		return fmt.Errorf("the database file is gone: %w", err)
	}
	if !os.SameFile(db.file.opened, now) {
		return fmt.Errorf("the database file %s was replaced while the program runs: start it again", db.file.path)
	}
	return db.checkFile(ctx)
}

// checkFile compares the length of the file with what its header says. While a log is
// written back into the file, the header may be ahead for a moment: then all pages are
// looked through.
func (db *DB) checkFile(ctx context.Context) error {
	if db.file == nil {
		return nil
	}
	short, err := db.file.short()
	if err != nil || !short {
		return err
	}
	if log, err := os.Stat(db.file.path + "-wal"); err == nil && log.Size() > 0 {
		whole, err := db.file.quickCheck(ctx)
		if err != nil || whole {
			return err
		}
	}
	return fmt.Errorf("%s is shorter than it says: %w", db.file.path, ErrDamaged)
}

// short reports whether the file is shorter than its header says.
func (f *file) short() (bool, error) {
	r, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	// https://www.sqlite.org/fileformat.html#the_database_header
	header := make([]byte, 100)
	if _, err := io.ReadFull(r, header); errors.Is(err, io.ErrUnexpectedEOF) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	pageSize := int64(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 1 << 16
	}
	return info.Size() < pageSize*int64(binary.BigEndian.Uint32(header[28:])), nil
}

// quickCheck looks through all pages, with a connection that has none of them in memory.
func (f *file) quickCheck(ctx context.Context) (whole bool, err error) {
	db, err := sql.Open("sqlite", sqliteURL(f.path, readerCache, "&_pragma=query_only(1)"))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, `pragma quick_check(1)`).Scan(&verdict); err != nil {
		if code := sqliteCode(err); code == codeCorrupt || code == codeNotADatabase {
			return false, nil
		}
		return false, err
	}
	return verdict == "ok", nil
}

// Codes of SQLite: https://www.sqlite.org/rescode.html
const (
	codeBusy         = 5
	codeLocked       = 6
	codeReadOnly     = 8
	codeCorrupt      = 11
	codeCannotOpen   = 14
	codeNotADatabase = 26
)

// sqliteCode is SQLite's primary code of an error; 0 for one that is not SQLite's.
func sqliteCode(err error) int {
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() & 0xff
	}
	return 0
}

func isBusy(err error) bool {
	code := sqliteCode(err)
	return code == codeBusy || code == codeLocked
}

func mayNotWrite(err error) bool {
	code := sqliteCode(err)
	return code == codeReadOnly || code == codeCannotOpen || errors.Is(err, fs.ErrPermission)
}

// explain says what to do where SQLite says that a file is damaged.
func explain(err error) error {
	if code := sqliteCode(err); code == codeCorrupt || code == codeNotADatabase {
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}

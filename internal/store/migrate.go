package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// conversions are the parts of migrations that SQL cannot do, by the name of the
// migration. They run after its SQL, in the same transaction.
var conversions = map[string][]func(context.Context, *writeTx) error{
	"migrations/0004_foundations.sql":  {makeIdentity},
	"migrations/0005_observations.sql": {recount, noteMilestones, freezePast},
}

// ErrNewer says that the database was written by a newer program.
var ErrNewer = errors.New("the database was made by a newer Broadsheet: run that version or a later one")

// migrate brings the tables forward, each step in a transaction of its own.
// Migrations are never changed once released; they only get successors. told, unless it
// is nil, is called before each step of a database that has tables already.
func (db *DB) migrate(ctx context.Context, told func(name string)) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	_, made := db.writer.ExecContext(ctx, `create table if not exists schema_version (version bigint not null)`)
	have, err := db.schemaVersion(ctx)
	if err != nil {
		// When two programs start at once, PostgreSQL fails one of the creates, though the
		// table is there.
		return errors.Join(made, err)
	}
	if have > len(names) {
		return fmt.Errorf("store: schema %d, this program knows %d: %w", have, len(names), ErrNewer)
	}
	for i := have; i < len(names); i++ {
		if told != nil && have > 0 {
			told(path.Base(names[i]))
		}
		if err := db.step(ctx, names[i], i); err != nil {
			return fmt.Errorf("store: %s: %w", names[i], err)
		}
	}
	if have > 0 && have < len(names) {
		db.vacuum(ctx)
	}
	return nil
}

// vacuum gives back the room of tables that a migration has rewritten, where that is
// much. Without it the room is used again, but every copy carries it until then: where
// there is no room for it or somebody else writes, the database is as good as with it.
func (db *DB) vacuum(ctx context.Context) {
	if db.dialect.name != sqliteDialect.name {
		return // PostgreSQL does this by itself
	}
	const q = `select page_count, freelist_count from pragma_page_count, pragma_freelist_count`
	var pages, free int64
	if err := db.writer.QueryRowContext(ctx, q).Scan(&pages, &free); err == nil && free > pages/8 {
		_, _ = db.writer.ExecContext(ctx, `vacuum`)
	}
}

func (db *DB) schemaVersion(ctx context.Context) (int, error) {
	var n int
	if err := db.writer.QueryRowContext(ctx, `select coalesce(max(version), 0) from schema_version`).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: schema version: %w", err)
	}
	return n, nil
}

// checkSchema reports whether a database that may not be written has the tables that
// this program needs.
func (db *DB) checkSchema(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	have, err := db.schemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case have > len(names):
		return fmt.Errorf("store: schema %d, this program knows %d: %w", have, len(names), ErrNewer)
	case have < len(names):
		return fmt.Errorf("store: it was written by an older program, and has to be brought forward: %w", ErrReadOnly)
	}
	return nil
}

// step runs migration number i (from 0) unless another process has done so in
// the meantime.
func (db *DB) step(ctx context.Context, name string, i int) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	return db.update(ctx, func(w *writeTx) error {
		if db.dialect.name == postgresDialect.name {
			if err := w.exec(ctx, `lock table schema_version in exclusive mode`); err != nil {
				return err
			}
		}
		var n int
		if err := w.tx.QueryRowContext(ctx, `select coalesce(max(version), 0) from schema_version`).Scan(&n); err != nil {
			return err
		}
		if n > i {
			return nil
		}
		for _, q := range statements(db.dialect.fill(string(text))) {
			if _, err := w.tx.ExecContext(ctx, q); err != nil {
				return fmt.Errorf("%w in %q", err, q)
			}
		}
		for _, convert := range conversions[name] {
			if err := convert(ctx, w); err != nil {
				return err
			}
		}
		return w.exec(ctx, `insert into schema_version (version) values ($1)`, i+1)
	})
}

// fill puts the dialect's words into a migration.
func (d dialect) fill(text string) string {
	return strings.NewReplacer("{clustered}", d.clustered, "{key}", d.key, "{bytes}", d.bytes).Replace(text)
}

// statements splits a migration at the semicolons that end a line.
func statements(text string) []string {
	var all []string
	for _, q := range strings.Split(text, ";\n") {
		if q = strings.TrimSpace(q); q != "" {
			all = append(all, q)
		}
	}
	return all
}

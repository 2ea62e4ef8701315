package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"broadsheet/internal/paper"
)

// A seen is a value with the time it was seen.
type seen[T any] struct {
	at    time.Time
	value T
}

// keepLatest keeps the latest value under name; of one time, the first.
func keepLatest[T any](m map[string]seen[T], name string, at time.Time, value T) {
	if old, ok := m[name]; !ok || at.After(old.at) {
		m[name] = seen[T]{at, value}
	}
}

// noteOrganization collects the organization that an observation names.
func (b *batchWriter) noteOrganization(o paper.Observation) {
	if org := o.Paper.Organization; org != nil {
		keepLatest(b.organizations, org.Name, o.At, *org)
	}
}

// writeOrganizations stores organizations where they are newer than what is known.
func (b *batchWriter) writeOrganizations(ctx context.Context) error {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(b.organizations)) {
		changed, err := b.w.putOrganization(ctx, b.organizations[name])
		if err != nil {
			return err
		}
		n += boolToInt(changed)
	}
	return b.w.noteChange(ctx, n)
}

// noteChange takes a number of the change sequence for a change that belongs to
// no single paper, so that whoever watches the sequence looks again.
func (w *writeTx) noteChange(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	_, err := w.takeNumbers(ctx, "changes", 1)
	return err
}

// putOrganization stores s unless something as new is known, and reports whether
// that changed what readers see.
func (w *writeTx) putOrganization(ctx context.Context, s seen[paper.Organization]) (bool, error) {
	const find = `select key, full_name, avatar, seen_at from organizations where name = $1`
	const put = `insert into organizations (name, key, full_name, avatar, seen_at) values ($1, $2, $3, $4, $5)
		on conflict (name) do update set key = excluded.key, full_name = excluded.full_name,
			avatar = excluded.avatar, seen_at = excluded.seen_at`
	o, old := s.value, paper.Organization{Name: s.value.Name}
	var at int64
	err := w.row(ctx, find, o.Name).Scan(&old.Key, &old.FullName, &old.Avatar, &at)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		old = paper.Organization{}
	case err != nil:
		return false, err
	case micros(s.at) <= at:
		return false, nil
	}
	return o != old, w.exec(ctx, put, o.Name, o.Key, o.FullName, o.Avatar, micros(s.at))
}

// fillInOrganizations stores those of all that are not known, and returns how many
// these were.
func (w *writeTx) fillInOrganizations(ctx context.Context, all []paper.Organization) (int, error) {
	added := 0
	for _, o := range all {
		changed, err := w.putOrganization(ctx, seen[paper.Organization]{value: o})
		if err != nil {
			return 0, err
		}
		added += boolToInt(changed)
	}
	return added, w.noteChange(ctx, added)
}

// Organization returns one by name; paper.ErrNotFound if it is not known.
func (db *DB) Organization(ctx context.Context, name string) (paper.Organization, error) {
	const q = `select key, full_name, avatar from organizations where name = $1`
	o := paper.Organization{Name: name}
	if err := db.row(ctx, q, name).Scan(&o.Key, &o.FullName, &o.Avatar); err != nil {
		return paper.Organization{}, notFound(err, "organization %s", name)
	}
	return o, nil
}

// OrganizationNames returns the full names of the organizations of these names, those that
// are known and have one.
func (db *DB) OrganizationNames(ctx context.Context, names []string) (map[string]string, error) {
	rows, err := rowsIn(ctx, db, `select name, full_name from organizations where name in %s and full_name <> ''`, names)
	if err != nil {
		return nil, fmt.Errorf("store: organizations: %w", err)
	}
	full := map[string]string{}
	err = each(rows, func(rows *sql.Rows) error {
		var name, fullName string
		err := rows.Scan(&name, &fullName)
		full[name] = fullName
		return err
	})
	return full, err
}

// Organizations returns organizations by name, after the given one.
func (db *DB) Organizations(ctx context.Context, after string, limit int) ([]paper.Organization, error) {
	const q = `select name, key, full_name, avatar from organizations where name > $1 order by name limit $2`
	rows, err := db.rows(ctx, q, after, limit)
	return collect(rows, err, func(rows *sql.Rows) (paper.Organization, error) {
		var o paper.Organization
		err := rows.Scan(&o.Name, &o.Key, &o.FullName, &o.Avatar)
		return o, err
	})
}

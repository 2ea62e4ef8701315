package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Lease is the right to do a named work until it expires. Its Token grows with
// every holder, so that a holder who was thought dead cannot write any more: see
// [DB.Under].
type Lease struct {
	Name    string
	Holder  string
	Token   int64
	Expires time.Time
}

var (
	// ErrLeaseHeld says that somebody else holds a lease.
	ErrLeaseHeld = errors.New("another process holds the lease")
	// ErrLeaseLost says that a lease has gone to somebody else.
	ErrLeaseLost = errors.New("the lease has gone to another process")
)

// Acquire takes the named lease for holder, who is a process or a part of one, from
// now on for a time. It fails with [ErrLeaseHeld] while another holder's lasts.
func (db *DB) Acquire(ctx context.Context, name, holder string, now time.Time, lasts time.Duration) (Lease, error) {
	const q = `insert into leases (name, holder, token, expires_at) values ($1, $2, 1, $3)
		on conflict (name) do update set holder = excluded.holder, token = leases.token + 1, expires_at = excluded.expires_at
			where leases.expires_at <= $4 or leases.holder = excluded.holder
		returning token`
	l := Lease{Name: name, Holder: holder, Expires: now.Add(lasts)}
	err := db.update(ctx, func(w *writeTx) error {
		return w.row(ctx, q, name, holder, micros(l.Expires), micros(now)).Scan(&l.Token)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrLeaseHeld
	}
	if err != nil {
		return Lease{}, fmt.Errorf("store: acquire lease %s: %w", name, err)
	}
	return l, nil
}

// Renew lets l last longer from now on. It fails with [ErrLeaseLost] if another holder
// has taken it meanwhile.
func (db *DB) Renew(ctx context.Context, l Lease, now time.Time, lasts time.Duration) (Lease, error) {
	l.Expires = now.Add(lasts)
	return l, db.expire(ctx, l)
}

// Release gives l back.
func (db *DB) Release(ctx context.Context, l Lease) error {
	l.Expires = time.Time{}
	return db.expire(ctx, l)
}

func (db *DB) expire(ctx context.Context, l Lease) error {
	const q = `update leases set expires_at = $3 where name = $1 and token = $2`
	err := db.update(ctx, func(w *writeTx) error {
		n, err := w.execCount(ctx, q, l.Name, l.Token, micros(l.Expires))
		if err == nil && n == 0 {
			err = ErrLeaseLost
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: lease %s: %w", l.Name, err)
	}
	return nil
}

// Leases returns the leases whose names begin with prefix and that last at now.
func (db *DB) Leases(ctx context.Context, prefix string, now time.Time) ([]Lease, error) {
	const q = `select name, holder, token, expires_at from leases
		where name >= $1 and substr(name, 1, length($1)) = $1 and expires_at > $2 order by name`
	rows, err := db.rows(ctx, q, prefix, micros(now))
	return collect(rows, err, func(rows *sql.Rows) (Lease, error) {
		var l Lease
		var expires int64
		err := rows.Scan(&l.Name, &l.Holder, &l.Token, &expires)
		l.Expires = fromMicros(expires)
		return l, err
	})
}

// Under returns db as the holder of l uses it: what is written through it fails with
// [ErrLeaseLost], and changes nothing, once another holder has taken the lease.
func (db *DB) Under(l Lease) *DB { return &DB{connection: db.connection, lease: &l} }

func (w *writeTx) checkLease(ctx context.Context, l Lease) error {
	var token int64
	err := w.row(ctx, `select token from leases where name = $1`+w.dialect.shared, l.Name).Scan(&token)
	if err == nil && token != l.Token {
		err = ErrLeaseLost
	}
	if err != nil {
		return fmt.Errorf("store: write under lease %s: %w", l.Name, err)
	}
	return nil
}

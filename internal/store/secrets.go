package store

import (
	"context"
	"crypto/rand"
	"fmt"
)

// KeepSecret makes value the named key where there is none yet.
func (db *DB) KeepSecret(ctx context.Context, name string, value []byte) error {
	const q = `insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing`
	err := db.update(ctx, func(w *writeTx) error { return w.exec(ctx, q, name, value) })
	if err != nil {
		return fmt.Errorf("store: secret %s: %w", name, err)
	}
	return nil
}

// Secret returns the named random key, which all servers of this database share. The
// first to ask makes it, with size bytes.
func (db *DB) Secret(ctx context.Context, name string, size int) ([]byte, error) {
	const find = `select value from secrets where name = $1`
	const put = `insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing`
	var key []byte
	if err := db.row(ctx, find, name).Scan(&key); err == nil {
		return key, nil
	}
	fresh := make([]byte, size)
	rand.Read(fresh)
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.exec(ctx, put, name, fresh); err != nil {
			return err
		}
		return w.row(ctx, find, name).Scan(&key) // another server's, if that was first
	})
	if err != nil {
		return nil, fmt.Errorf("store: secret %s: %w", name, err)
	}
	return key, nil
}

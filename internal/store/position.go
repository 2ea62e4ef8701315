package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	randv2 "math/rand/v2"
)

// A Position is a point of a database's history: the one at which the change with
// the number Seq was committed. What is derived from a database keeps the position up
// to which it has followed, and asks [DB.Check] whether it still holds.
type Position struct {
	Site  string // the database's identity
	Seq   int64  // 0: before the first change
	Token int64  // of the transaction that took the number Seq; 0: not known
}

var (
	// ErrOtherDatabase says that a position belongs to another database.
	ErrOtherDatabase = errors.New("this position is of another database")
	// ErrAhead says that a position is not on the database's history: the database
	// was put back to an earlier state, or lost its last commits in a power cut.
	ErrAhead = errors.New("this position is ahead of the database, which has lost changes since")
)

// historySize is how many transactions are remembered.
const historySize = 100_000

// makeIdentity gives the database its identity, and its history so far one token.
func makeIdentity(ctx context.Context, w *writeTx) error {
	id := make([]byte, 16)
	rand.Read(id)
	if err := w.exec(ctx, `insert into properties (name, value) values ('identity', $1)`, hex.EncodeToString(id)); err != nil {
		return err
	}
	const q = `insert into history (seq, token) select value, $1 from counters where name = 'changes' and value > 0`
	return w.exec(ctx, q, newToken())
}

// newToken is random and never 0.
func newToken() int64 { return randv2.Int64N(1<<62) + 1 }

func (db *DB) readIdentity(ctx context.Context) (string, error) {
	const q = `select value from properties where name = 'identity'`
	var id string
	if err := db.row(ctx, q).Scan(&id); err != nil {
		return "", fmt.Errorf("store: identity: %w", err)
	}
	return id, nil
}

// Identity is the random name that the database was given when it was made. Copies
// keep it.
func (db *DB) Identity() string { return db.identity }

// noteHistory gives the transaction a token, if it took numbers of the change
// sequence.
func (w *writeTx) noteHistory(ctx context.Context) error {
	if w.seq == 0 {
		return nil
	}
	return w.exec(ctx, `insert into history (seq, token) values ($1, $2)`, w.seq, newToken())
}

// Position returns the newest position.
func (db *DB) Position(ctx context.Context) (Position, error) {
	const q = `select seq, token from history order by seq desc limit 1`
	p := Position{Site: db.identity}
	err := db.row(ctx, q).Scan(&p.Seq, &p.Token)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Position{}, fmt.Errorf("store: position: %w", err)
	}
	return p, nil
}

// PositionAt returns the position of the change with the number seq. It fails with
// [ErrAhead] where there is no such change yet.
func (db *DB) PositionAt(ctx context.Context, seq int64) (Position, error) {
	// A transaction takes all numbers after those of the one before it.
	const q = `select token from history where seq >= $1 order by seq limit 1`
	p := Position{Site: db.identity, Seq: seq}
	if seq == 0 {
		return p, nil
	}
	err := db.row(ctx, q, seq).Scan(&p.Token)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrAhead
	}
	if err != nil {
		return Position{}, fmt.Errorf("store: position of change %d: %w", seq, err)
	}
	return p, nil
}

// Check reports whether p is of this database and on its history: nil, or an error
// that is [ErrOtherDatabase] or [ErrAhead]. Positions from before the transactions that
// are remembered are taken as right.
func (db *DB) Check(ctx context.Context, p Position) error {
	if p.Site != db.identity {
		return fmt.Errorf("store: position %d of %.8s in %.8s: %w", p.Seq, p.Site, db.identity, ErrOtherDatabase)
	}
	now, err := db.PositionAt(ctx, p.Seq)
	if err != nil || p.Token == 0 || now.Token == p.Token {
		return err
	}
	const q = `select min(seq) from history`
	var oldest int64
	if err := db.row(ctx, q).Scan(&oldest); err != nil {
		return fmt.Errorf("store: history: %w", err)
	}
	if p.Seq < oldest {
		return nil
	}
	return fmt.Errorf("store: change %d: %w", p.Seq, ErrAhead)
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"broadsheet/internal/paper"
)

// Surroundings are an edition among the others of its kind.
type Surroundings struct {
	Papers     int          // that it has; 0 when it is not known
	Prev, Next paper.Period // nearest periods that have papers; "" where there is none
}

// Around returns the surroundings of a period.
func (db *DB) Around(ctx context.Context, p paper.Period) (Surroundings, error) {
	const q = `select
		coalesce((select papers from editions where kind = $1 and period = $2), 0),
		coalesce((select max(period) from editions where kind = $1 and period < $2 and papers > 0), ''),
		coalesce((select min(period) from editions where kind = $1 and period > $2 and papers > 0), '')`
	var s Surroundings
	if err := db.row(ctx, q, p.Kind(), p).Scan(&s.Papers, &s.Prev, &s.Next); err != nil {
		return Surroundings{}, fmt.Errorf("store: around %s: %w", p, err)
	}
	return s, nil
}

// CountEditions returns how many periods of a kind have papers.
func (db *DB) CountEditions(ctx context.Context, kind paper.PeriodKind) (int, error) {
	const q = `select count(*) from editions where kind = $1 and papers > 0`
	var n int
	if err := db.row(ctx, q, kind).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: count editions: %w", err)
	}
	return n, nil
}

// A DayCount is a feed day and how many papers it has.
type DayCount struct {
	Day    paper.Day
	Papers int
}

// Days returns the editions from first to last, both included, oldest first.
func (db *DB) Days(ctx context.Context, first, last paper.Day) ([]DayCount, error) {
	const q = `select period, papers from editions where kind = 'day' and period >= $1 and period <= $2 and papers > 0 order by period`
	rows, err := db.rows(ctx, q, first, last)
	return collect(rows, err, func(rows *sql.Rows) (DayCount, error) {
		var d DayCount
		err := rows.Scan(&d.Day, &d.Papers)
		return d, err
	})
}

// Span returns the publication times of the oldest and the newest paper; zero
// times when there are none.
func (db *DB) Span(ctx context.Context) (first, last time.Time, err error) {
	// The two ends of an index: min and max in one query would read all of it.
	for dest, q := range map[*time.Time]string{
		&first: `select published from papers where published <> 0 order by published limit 1`,
		&last:  `select published from papers order by published desc limit 1`,
	} {
		var us int64
		err := db.row(ctx, q).Scan(&us)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return first, last, fmt.Errorf("store: span: %w", err)
		}
		*dest = fromMicros(us)
	}
	return first, last, nil
}

// PublishedBetween returns the identifiers of papers published from first up to,
// not including, end: limit of them at the most, oldest first.
func (db *DB) PublishedBetween(ctx context.Context, first, end time.Time, limit int) ([]paper.ID, error) {
	const q = `select id from papers where published >= $1 and published < $2 order by published, id limit $3`
	rows, err := db.rows(ctx, q, micros(first), micros(end), limit)
	return collect(rows, err, func(rows *sql.Rows) (paper.ID, error) {
		var id paper.ID
		err := rows.Scan(&id)
		return id, err
	})
}

// A PeriodCount is a period and how many papers it has.
type PeriodCount struct {
	Period paper.Period
	Papers int
}

// Editions returns the periods of a kind that have papers, newest first, before the
// given one ("": from the newest).
func (db *DB) Editions(ctx context.Context, kind paper.PeriodKind, before paper.Period, limit int) ([]PeriodCount, error) {
	const q = `select period, papers from editions where kind = $1 and period < $2 and papers > 0 order by period desc limit $3`
	if before == "" {
		before = "~" // behind every digit
	}
	rows, err := db.rows(ctx, q, kind, before, limit)
	return collect(rows, err, func(rows *sql.Rows) (PeriodCount, error) {
		var c PeriodCount
		err := rows.Scan(&c.Period, &c.Papers)
		return c, err
	})
}

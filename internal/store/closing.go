package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet/internal/paper"
)

// lateStanding is that of papers which come into a closed edition: behind all votes.
const lateStanding = 1

// A Closing says what [DB.UpdateEditions] did.
type Closing struct {
	Opened, Closed []paper.Period
}

// UpdateEditions brings the editions to the state that they have at now. Those among
// current that are not there yet are opened, and those whose time has passed are closed
// if closing is set. An edition closes only once it holds a paper from elsewhere than
// the demonstration catalog: an import that comes late still finds it in order of votes.
func (db *DB) UpdateEditions(ctx context.Context, clock paper.Clock, now time.Time, current []paper.Period, closing bool) (Closing, error) {
	var done Closing
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		for _, p := range current {
			const q = `insert into editions (kind, period, papers) values ($1, $2, 0) on conflict (kind, period) do nothing`
			if err := w.exec(ctx, q, p.Kind(), p); err != nil {
				return err
			}
		}
		var err error
		done, err = w.updateEditions(ctx, clock, now, closing)
		return err
	})
	if err != nil {
		return Closing{}, fmt.Errorf("store: update editions: %w", err)
	}
	return done, nil
}

// An unclosed is an edition that is not closed yet.
type unclosed struct {
	period               paper.Period
	papers               int
	opens, closes, began int64
}

func (w *writeTx) updateEditions(ctx context.Context, clock paper.Clock, now time.Time, closing bool) (Closing, error) {
	const list = `select period, papers, opens_at, closes_at, opened_at from editions where closed_at = 0 order by period`
	rows, err := w.rows(ctx, list)
	all, err := collect(rows, err, func(rows *sql.Rows) (unclosed, error) {
		var u unclosed
		err := rows.Scan(&u.period, &u.papers, &u.opens, &u.closes, &u.began)
		return u, err
	})
	if err != nil {
		return Closing{}, err
	}
	var done Closing
	for _, u := range all {
		opens, closes := clock.OpensAt(u.period.First()), clock.ClosesAt(u.period.Last())
		if micros(opens) != u.opens || micros(closes) != u.closes {
			const q = `update editions set opens_at = $3, closes_at = $4 where kind = $1 and period = $2`
			if err := w.exec(ctx, q, u.period.Kind(), u.period, micros(opens), micros(closes)); err != nil {
				return Closing{}, err
			}
		}
		switch {
		case now.Before(opens):
		case now.Before(closes) && u.began == 0:
			const q = `update editions set opened_at = $3 where kind = $1 and period = $2`
			if err := w.exec(ctx, q, u.period.Kind(), u.period, micros(w.now)); err != nil {
				return Closing{}, err
			}
			if err := w.editionEvent(paper.EventEditionOpened, u, opens, closes); err != nil {
				return Closing{}, err
			}
			done.Opened = append(done.Opened, u.period)
		case !now.Before(closes) && closing && u.papers > 0:
			closed, err := w.closeEdition(ctx, u.period)
			if err != nil {
				return Closing{}, err
			}
			if !closed {
				continue
			}
			if err := w.editionEvent(paper.EventEditionClosed, u, opens, closes); err != nil {
				return Closing{}, err
			}
			done.Closed = append(done.Closed, u.period)
		}
	}
	return done, w.writeEvents(ctx)
}

func (w *writeTx) editionEvent(kind paper.EventKind, u unclosed, opens, closes time.Time) error {
	return w.event(kind, "", "", paper.EditionEvent{Period: u.period, Papers: u.papers, Opens: opens, Closes: closes})
}

// closeEdition closes a period, unless all its papers are the demonstration catalog's.
func (w *writeTx) closeEdition(ctx context.Context, p paper.Period) (closed bool, err error) {
	const q = `update editions set closed_at = $3 where kind = $1 and period = $2 and closed_at = 0
		and exists (select 1 from listings l join papers p on p.id = l.paper where l.period = $2 and p.demo = 0)`
	n, err := w.execCount(ctx, q, p.Kind(), p, micros(w.now))
	return n > 0, err
}

// Package edition opens and closes editions by the feed clock.
//
// Start with [Update], which brings a site's editions to the state that they have now.
// It writes one row and one event for each edition that opens or closes, and nothing
// when all is as it should be, so it may be called at any time and by any number of
// servers. A job of the site calls it when the clock says so ([Next]), and an import when
// it ends.
//
// A closed edition keeps its order: votes move it no more, and papers that are brought
// in later stand behind all others.
package edition

import (
	"context"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// ImportLease begins the names of the leases that imports hold while they run.
const ImportLease = "import/"

// Update opens the editions whose time has come and closes those whose time has passed.
// While an import runs nothing closes: the papers of past editions may still be on
// their way, and the import calls Update when it ends. One that was interrupted stops
// counting when its lease expires.
func Update(ctx context.Context, db *store.DB, clock paper.Clock, now time.Time) (store.Closing, error) {
	imports, err := db.Leases(ctx, ImportLease, now)
	if err != nil {
		return store.Closing{}, err
	}
	day := clock.Day(now)
	return db.UpdateEditions(ctx, clock, now, []paper.Period{day.Period(), day.Week(), day.Month()}, len(imports) == 0)
}

// Next is when the next edition opens, and the one that is open closes.
func Next(clock paper.Clock, now time.Time) time.Time { return clock.ClosesAt(clock.Day(now)) }

package store

import (
	"context"
	"fmt"

	"broadsheet/internal/paper"
)

// A Summary is what is true of all that the database holds.
type Summary struct {
	Version int64     // as DB.Version has it
	Papers  int64     // how many there are
	Latest  paper.Day // the newest feed day that has papers; "" when none has
	Demo    bool      // the demonstration catalog is in
}

// Summary reads it, in one statement.
func (db *DB) Summary(ctx context.Context) (Summary, error) {
	const q = `select
		(select value from counters where name = 'changes'),
		(select value from counters where name = 'papers'),
		coalesce((select max(period) from editions where kind = $1 and papers > 0), ''),
		exists (select 1 from sources where name = $2 and cursor <> $3)`
	var s Summary
	if err := db.row(ctx, q, paper.KindDay, paper.SourceDemo, Forgotten).Scan(&s.Version, &s.Papers, &s.Latest, &s.Demo); err != nil {
		return Summary{}, fmt.Errorf("store: summary: %w", err)
	}
	return s, nil
}

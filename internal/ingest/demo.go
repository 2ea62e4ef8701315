package ingest

import (
	"context"
	"time"

	"broadsheet/internal/demo"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// demoRemoved is the cursor of the demonstration catalogue once it was taken out:
// it does not come back by itself.
const demoRemoved = "removed"

// Demo puts the demonstration catalogue into a store that holds no papers, unless
// it was taken out before.
func Demo(ctx context.Context, db *store.DB) error {
	n, err := db.Papers(ctx)
	if err != nil || n > 0 {
		return err
	}
	sources, err := db.Sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if s.Name == paper.SourceDemo && s.Cursor == demoRemoved {
			return nil
		}
	}
	return LoadDemo(ctx, db)
}

// LoadDemo puts the demonstration catalogue in.
func LoadDemo(ctx context.Context, db *store.DB) error {
	batch, err := demo.Observations()
	if err != nil {
		return err
	}
	if _, err := db.Apply(ctx, batch); err != nil {
		return err
	}
	return db.PutSource(ctx, store.SourceState{Name: paper.SourceDemo, Read: time.Now()})
}

// RemoveDemo takes out what only the demonstration catalogue has said, and returns
// how many papers that removed.
func RemoveDemo(ctx context.Context, db *store.DB) (int, error) {
	n, err := db.Forget(ctx, paper.SourceDemo)
	if err != nil {
		return 0, err
	}
	return n, db.PutSource(ctx, store.SourceState{Name: paper.SourceDemo, Read: time.Now(), Cursor: demoRemoved})
}

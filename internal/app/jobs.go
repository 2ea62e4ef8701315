package app

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"broadsheet/internal/edition"
	"broadsheet/internal/job"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// keepEvents is how long events stay that all their readers have passed.
const keepEvents = 90 * 24 * time.Hour

// runJobs does the site's regular work until ctx ends.
func runJobs(ctx context.Context, db *store.DB, clock paper.Clock, log *slog.Logger) {
	job.Run(ctx, job.Options{DB: db, Holder: rand.Text(), Now: time.Now, Log: log},
		job.Job{
			Name: "editions",
			Do: func(ctx context.Context, db *store.DB) error {
				done, err := edition.Update(ctx, db, clock, time.Now())
				if n := len(done.Opened) + len(done.Closed); n > 0 {
					log.LogAttrs(ctx, slog.LevelInfo, "editions updated", slog.Int("opened", len(done.Opened)), slog.Int("closed", len(done.Closed)))
				}
				return err
			},
			// At the time of the clock, and between soon after an import that was interrupted.
			Next: func(done time.Time) time.Time {
				next, soon := edition.Next(clock, done), done.Add(time.Minute)
				if next.Before(soon) {
					return next
				}
				return soon
			},
		},
		job.Job{
			Name: "prune",
			Do:   func(ctx context.Context, db *store.DB) error { return db.Prune(ctx, time.Now().Add(-keepEvents)) },
			Next: job.Every(6 * time.Hour),
		},
	)
}

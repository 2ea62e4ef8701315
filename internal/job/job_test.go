package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/job"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func options(db *store.DB, holder string, log *bytes.Buffer) job.Options {
	return job.Options{DB: db, Holder: holder, Now: time.Now, Log: slog.New(slog.NewTextHandler(log, nil)), Lease: 60 * time.Millisecond}
}

// A job that panics or fails is tried again, and the others go on.
func TestFailuresAreTriedAgain(t *testing.T) {
	db := storetest.SQLite(t)
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var log bytes.Buffer
	var bad, good atomic.Int32
	job.Run(ctx, options(db, "a", &log),
		job.Job{Name: "bad", Next: job.Every(time.Hour), Do: func(context.Context, *store.DB) error {
			if bad.Add(1) == 1 {
				panic("no such luck")
			}
			stop()
			return nil
		}},
		job.Job{Name: "good", Next: job.Every(10 * time.Millisecond), Do: func(context.Context, *store.DB) error {
			good.Add(1)
			return nil
		}},
	)
	if bad.Load() != 2 || good.Load() < 2 {
		t.Errorf("%d and %d runs", bad.Load(), good.Load())
	}
	if !strings.Contains(log.String(), "job=bad") || !strings.Contains(log.String(), "no such luck") {
		t.Errorf("log %s", log.String())
	}
}

// Of two servers one works, and when it dies the other takes over.
func TestOneServerWorks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var working, together atomic.Int32
		done := make(chan string, 100)
		run := func(ctx context.Context, holder string) <-chan struct{} {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				var log bytes.Buffer
				job.Run(ctx, options(db, holder, &log), job.Job{Name: "work", Next: job.Every(time.Millisecond), Do: func(ctx context.Context, _ *store.DB) error {
					if working.Add(1) > 1 {
						together.Add(1)
					}
					defer working.Add(-1)
					time.Sleep(100 * time.Millisecond) // longer than a lease lasts that is not renewed
					done <- holder
					return nil
				}})
			}()
			return ended
		}
		first, kill := context.WithCancel(t.Context())
		second, stop := context.WithCancel(t.Context())
		endA, endB := run(first, "a"), run(second, "b")
		<-done
		<-done
		kill()
		<-endA
		for len(done) > 0 {
			<-done
		}
		if by := <-done; by != "b" {
			t.Errorf("after the death of a: %s", by)
		}
		stop()
		<-endB
		if together.Load() > 0 {
			t.Errorf("%d times both worked", together.Load())
		}
	})
}

// Whoever has lost its lease is told to stop, and cannot write.
func TestALostLeaseEndsTheWork(t *testing.T) {
	db := storetest.SQLite(t)
	ctx := t.Context()
	err := job.Under(ctx, db, "work", "a", time.Now, 60*time.Millisecond, func(ctx context.Context, db *store.DB) error {
		if _, err := db.Acquire(ctx, "work", "b", time.Now().Add(time.Hour), time.Hour); err != nil {
			t.Error(err) // the other's clock runs an hour ahead
		}
		<-ctx.Done()
		_, err := db.Apply(context.WithoutCancel(ctx), []paper.Observation{{Source: paper.SourceHub, Fingerprint: 1, Paper: paper.Paper{ID: "2605.00001"}}})
		return err
	})
	if !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("error %v", err)
	}
	if n, err := db.Papers(ctx); n != 0 || err != nil {
		t.Errorf("%d papers were written, %v", n, err)
	}
}

// Package job runs a site's regular work: each job under a lease of its own, so that of
// several servers on one database one does it.
//
// Start with [Run], which runs jobs until its context ends. A [Job] says what is to be
// done and when next; [Every] and times of its own make a schedule. A job that fails or
// panics costs a line in the log and is tried again, later each time, while the others go
// on. What a job writes through the database that it is given fails once its lease has
// gone to another server.
//
// Jobs must be ready to be stopped anywhere and run again.
package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"broadsheet/internal/store"
)

// A Job is a named work.
type Job struct {
	Name string // also of its lease, "job/" before it
	// Do does the work. It writes through db, which holds the job's lease.
	Do func(ctx context.Context, db *store.DB) error
	// Next says when the work is due again after it was done at a time. It is due at the
	// start, too.
	Next func(done time.Time) time.Time
}

// Every is a schedule: so long after the work was done.
func Every(d time.Duration) func(time.Time) time.Time {
	return func(done time.Time) time.Time { return done.Add(d) }
}

// Options are what [Run] needs besides its jobs.
type Options struct {
	DB     *store.DB
	Holder string // of the leases: the name of this server, no other's
	Now    func() time.Time
	Log    *slog.Logger
	Lease  time.Duration // how long a lease lasts before it is renewed; 0: a minute
}

// Times of waiting after a failure: doubled each time, up to a bound.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

// Run runs jobs until ctx ends, and then waits for those that are at work.
func Run(ctx context.Context, o Options, jobs ...Job) {
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	var running sync.WaitGroup
	for _, j := range jobs {
		running.Go(func() { o.loop(ctx, j) })
	}
	running.Wait()
}

func (o *Options) loop(ctx context.Context, j Job) {
	retry := firstRetry
	for {
		var wait time.Duration
		err := o.once(ctx, j)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			retry = firstRetry
			now := o.Now()
			wait = max(j.Next(now).Sub(now), 0)
		case errors.Is(err, store.ErrLeaseHeld):
			wait = o.Lease // another server does it; look again whether it still lives
		default:
			o.Log.LogAttrs(ctx, slog.LevelError, "job failed", slog.String("job", j.Name), slog.Any("err", err), slog.Duration("retry", retry))
			wait = retry
			retry = min(2*retry, lastRetry)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// once does the work of j once, under its lease.
func (o *Options) once(ctx context.Context, j Job) error {
	return Under(ctx, o.DB, "job/"+j.Name, o.Holder, o.Now, o.Lease, j.Do)
}

// Under does work while holding a lease, which it renews as long as the work goes on and
// gives back at the end. It fails with store.ErrLeaseHeld where somebody else has the
// lease. The work's context ends when the lease is lost. A panic of the work is an error.
func Under(ctx context.Context, db *store.DB, name, holder string, now func() time.Time, lasts time.Duration,
	work func(context.Context, *store.DB) error,
) error {
	lease, err := db.Acquire(ctx, name, holder, now(), lasts)
	if err != nil {
		return err
	}
	working, stop := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { renew(working, stop, db, lease, now, lasts) })
	err = protect(func() error { return work(working, db.Under(lease)) })
	if cause := context.Cause(working); err != nil && cause != nil && ctx.Err() == nil {
		err = errors.Join(err, cause)
	}
	stop(nil)
	renewing.Wait()
	// The lease is given back even when the work was told to stop.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if released := db.Release(ending, lease); !errors.Is(released, store.ErrLeaseLost) {
		err = errors.Join(err, released)
	}
	return err
}

// renew renews the lease until ctx ends, and ends the work when it is lost.
func renew(ctx context.Context, stop context.CancelCauseFunc, db *store.DB, lease store.Lease, now func() time.Time, lasts time.Duration) {
	tick := time.NewTicker(lasts / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := db.Renew(ctx, lease, now(), lasts); errors.Is(err, store.ErrLeaseLost) {
				stop(err)
				return
			}
		}
	}
}

// protect turns a panic into an error.
func protect(work func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return work()
}

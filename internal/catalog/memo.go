package catalog

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"broadsheet/internal/paper"
)

// A memo keeps the newest answer to one question about the database. One query at a time
// answers all who ask. While the database is silent or fails, the kept answer serves on for
// a while; nobody waits for the database longer than the memo says.
type memo[T any] struct {
	now      func() time.Time
	patience time.Duration // how long to wait for the database when a kept answer can serve instead
	wait     time.Duration // how long to wait when none can
	limit    time.Duration // of the query, which goes on when nobody waits for it any more
	outlives time.Duration // how long an answer can serve after it was last known to be right

	flight singleflight.Group

	mu     sync.Mutex
	last   kept[T]
	silent bool // the database has not answered in time: until it does, a kept answer serves at once
}

// A kept answer. Its zero value is none.
type kept[T any] struct {
	value T
	asked time.Time // when its query began
	right time.Time // when it was last known to be right
}

// get returns the kept answer if it is still right, else what read returns. Those who ask
// with one key meanwhile share one call of read.
func (m *memo[T]) get(ctx context.Context, key string, right func(value T, age time.Duration) bool, read func(context.Context) (T, error)) (T, error) {
	last, old, ok := m.look(right)
	if ok {
		return last.value, nil
	}
	// The query must not end with the first who asks: others wait for it, too.
	background, asked := context.WithoutCancel(ctx), m.now()
	done := m.flight.DoChan(key, func() (any, error) { return m.ask(background, asked, read) })
	serves := !last.asked.IsZero() && old < m.outlives
	wait := m.wait
	if serves {
		wait = m.patienceNow()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	var err error
	select {
	case r := <-done:
		if r.Err == nil {
			return r.Val.(T), nil
		}
		err = r.Err
	case <-timer.C:
		m.setSilent()
		err = fmt.Errorf("catalog: the database has not answered within %s: %w", wait, paper.ErrUnavailable)
	case <-ctx.Done():
		err = ctx.Err()
	}
	if serves {
		return last.value, nil
	}
	var none T
	return none, err
}

// look returns the kept answer, how long ago it was right, and whether it still is.
func (m *memo[T]) look(right func(T, time.Duration) bool) (last kept[T], old time.Duration, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if m.last.asked.IsZero() {
		return m.last, 0, false
	}
	if right(m.last.value, now.Sub(m.last.asked)) {
		m.last.right = now
		return m.last, 0, true
	}
	return m.last, now.Sub(m.last.right), false
}

// ask asks the database and keeps its answer. A panic is an error: here it would end the
// process.
func (m *memo[T]) ask(ctx context.Context, asked time.Time, read func(context.Context) (T, error)) (value T, err error) {
	ctx, cancel := context.WithTimeout(ctx, m.limit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("catalog: panic: %v\n%s", p, debug.Stack())
		}
	}()
	if value, err = read(ctx); err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent = false
	if !asked.Before(m.last.asked) { // else a later query was faster
		m.last = kept[T]{value, asked, asked}
	}
	return value, nil
}

func (m *memo[T]) patienceNow() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.silent {
		return 0
	}
	return m.patience
}

func (m *memo[T]) setSilent() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent = true
}

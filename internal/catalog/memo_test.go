package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/paper"
)

// A database answers after delay, or not at all when that is negative: then its query
// ends with its context.
type database struct {
	mu    sync.Mutex
	delay time.Duration
	err   error
	value int
	asked int
}

// set says how the database answers the queries that begin from now on.
func (d *database) set(delay time.Duration, value int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.delay, d.value, d.err = delay, value, err
}

func (d *database) read(ctx context.Context) (int, error) {
	d.mu.Lock()
	d.asked++
	delay, value, err := d.delay, d.value, d.err
	d.mu.Unlock()
	answer := time.After(delay)
	if delay < 0 {
		answer = nil
	}
	select {
	case <-answer:
		return value, err
	case <-ctx.Done():
		return 0, fmt.Errorf("query: %w", ctx.Err())
	}
}

// secondly is a memo of answers that are right for a second.
func secondly() *memo[int] {
	return &memo[int]{now: time.Now, patience: time.Second / 2, wait: 2 * time.Second, limit: 3 * time.Second, outlives: 10 * time.Second}
}

// ask asks the memo, and says how long that took.
func (m *memo[T]) timed(ctx context.Context, d func(context.Context) (T, error)) (value T, took time.Duration, err error) {
	start := time.Now()
	value, err = m.get(ctx, "", func(_ T, age time.Duration) bool { return age < time.Second }, d)
	return value, time.Since(start), err
}

func TestMemoAsksWhenItsAnswerIsOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, d := secondly(), &database{value: 1}
		for _, step := range []struct {
			wait               time.Duration
			value, want, asked int
		}{{0, 1, 1, 1}, {0, 2, 1, 1}, {time.Second - 1, 2, 1, 1}, {1, 2, 2, 2}, {time.Hour, 3, 3, 3}} {
			time.Sleep(step.wait)
			d.set(0, step.value, nil)
			if got, _, err := m.timed(t.Context(), d.read); got != step.want || d.asked != step.asked || err != nil {
				t.Errorf("%+v: %d, asked %d times, %v", step, got, d.asked, err)
			}
		}
	})
}

// While the database is silent, the kept answer serves: after some patience, then at once,
// then no more. When it speaks again, its answers count.
func TestMemoOfASilentDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, d := secondly(), &database{delay: -1}
		if _, took, err := m.timed(t.Context(), d.read); !errors.Is(err, paper.ErrUnavailable) || took != m.wait {
			t.Errorf("before any answer: %v after %s", err, took)
		}
		time.Sleep(m.limit)
		d.set(0, 7, nil)
		if got, _, err := m.timed(t.Context(), d.read); got != 7 || err != nil {
			t.Fatal(got, err)
		}
		d.set(-1, 0, nil)
		time.Sleep(2 * time.Second)
		for _, wait := range []time.Duration{m.patience, 0, 0} {
			if got, took, err := m.timed(t.Context(), d.read); got != 7 || took != wait || err != nil {
				t.Errorf("%d, %v after %s, want it after %s", got, err, took, wait)
			}
		}
		time.Sleep(m.outlives)
		if _, took, err := m.timed(t.Context(), d.read); !errors.Is(err, paper.ErrUnavailable) || took != m.wait {
			t.Errorf("the answer is too old: %v after %s", err, took)
		}
		time.Sleep(m.limit)
		d.set(time.Millisecond, 8, nil)
		if got, _, err := m.timed(t.Context(), d.read); got != 8 || err != nil {
			t.Errorf("it speaks again: %d, %v", got, err)
		}
		d.set(m.patience-1, 9, nil)
		time.Sleep(time.Second)
		if got, _, err := m.timed(t.Context(), d.read); got != 9 || err != nil {
			t.Errorf("there is no patience any more: %d, %v", got, err)
		}
	})
}

func TestMemoOfAFailingDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		m, d := secondly(), &database{err: broken}
		if _, _, err := m.timed(t.Context(), d.read); !errors.Is(err, broken) {
			t.Error(err)
		}
		d.set(0, 7, nil)
		for _, wait := range []time.Duration{0, time.Second - 1} { // for a second it is right, and its age does not count
			time.Sleep(wait)
			if _, _, err := m.timed(t.Context(), d.read); err != nil {
				t.Error(err)
			}
		}
		d.set(0, 0, broken)
		time.Sleep(m.outlives - 1)
		if got, took, err := m.timed(t.Context(), d.read); got != 7 || took != 0 || err != nil {
			t.Errorf("%d, %v after %s", got, err, took)
		}
		time.Sleep(time.Nanosecond)
		if _, _, err := m.timed(t.Context(), d.read); !errors.Is(err, broken) {
			t.Errorf("the answer is too old: %v", err)
		}
		_, _, err := m.timed(t.Context(), func(context.Context) (int, error) { panic("out of ink") })
		if err == nil || errors.Is(err, broken) {
			t.Errorf("a panic: %v", err)
		}
	})
}

// A hundred who ask at a time cost one query, and none who leaves ends it for the others.
func TestMemoSharesItsQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, d := secondly(), &database{delay: time.Second, value: 7}
		first, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, took, err := m.timed(first, d.read); !errors.Is(err, context.Canceled) || took != time.Second/2 {
				t.Errorf("who left got %v after %s", err, took)
			}
		})
		synctest.Wait()
		for range 100 {
			wg.Go(func() {
				if got, took, err := m.timed(t.Context(), d.read); got != 7 || took != time.Second || err != nil {
					t.Errorf("%d, %v after %s", got, err, took)
				}
			})
		}
		time.Sleep(time.Second / 2)
		leave()
		wg.Wait()
		if d.asked != 1 {
			t.Errorf("the database was asked %d times", d.asked)
		}
	})
}

// An answer that comes late does not take the place of a newer one.
func TestMemoKeepsTheNewestAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := secondly()
		never := func(int, time.Duration) bool { return false }
		var wg sync.WaitGroup
		wg.Go(func() {
			slow := &database{delay: time.Second, value: 1}
			if got, err := m.get(t.Context(), "slow", never, slow.read); got != 1 || err != nil {
				t.Error(got, err)
			}
		})
		time.Sleep(time.Millisecond)
		if got, err := m.get(t.Context(), "fast", never, (&database{value: 2}).read); got != 2 || err != nil {
			t.Error(got, err)
		}
		wg.Wait()
		if m.last.value != 2 {
			t.Errorf("kept %d", m.last.value)
		}
	})
}

// finding returns a search for similar papers, which counts how often it is made.
func finding(n *int, ids ...paper.ID) func(context.Context) ([]paper.ID, error) {
	return func(context.Context) ([]paper.ID, error) { *n++; return ids, nil }
}

func TestSimilarCache(t *testing.T) {
	now := time.Unix(1e9, 0)
	ready, changed := IndexState{Ready: true, stamp: stamp{1, 1}}, IndexState{Ready: true, stamp: stamp{1, 2}}
	three := []paper.ID{"1", "2", "3"}
	for _, tt := range []struct {
		name  string
		first similarQuestion
		found []paper.ID
		after time.Duration
		then  similarQuestion
		again bool // the engine is asked again
	}{
		{"the same", similarQuestion{"a", 3, ready}, three, 0, similarQuestion{"a", 3, ready}, false},
		{"fewer", similarQuestion{"a", 3, ready}, three, 0, similarQuestion{"a", 2, ready}, false},
		{"more", similarQuestion{"a", 3, ready}, three, 0, similarQuestion{"a", 4, ready}, true},
		{"more than there are", similarQuestion{"a", 5, ready}, three, 0, similarQuestion{"a", 9, ready}, false},
		{"another paper", similarQuestion{"a", 3, ready}, three, 0, similarQuestion{"b", 3, ready}, true},
		{"a day later", similarQuestion{"a", 3, ready}, three, 24 * time.Hour, similarQuestion{"a", 3, ready}, false},
		{"soon after a change", similarQuestion{"a", 3, ready}, three, similarAge - 1, similarQuestion{"a", 3, changed}, false},
		{"long after a change", similarQuestion{"a", 3, ready}, three, similarAge, similarQuestion{"a", 3, changed}, true},
		{"ready now", similarQuestion{"a", 3, IndexState{}}, three, 0, similarQuestion{"a", 3, ready}, true},
		{"still not ready", similarQuestion{"a", 3, IndexState{}}, three, 0, similarQuestion{"a", 3, IndexState{}}, false},
		{"not ready for long", similarQuestion{"a", 3, IndexState{}}, three, similarAge, similarQuestion{"a", 3, IndexState{}}, true},
	} {
		at, asked := now, 0
		c := &similarCache{now: func() time.Time { return at }}
		if got, err := c.get(t.Context(), tt.first, finding(&asked, tt.found...)); err != nil || asked != 1 || len(got) != len(tt.found) {
			t.Errorf("%s: first %v, %v", tt.name, got, err)
		}
		at = now.Add(tt.after)
		got, err := c.get(t.Context(), tt.then, finding(&asked, tt.found[:min(len(tt.found), tt.then.limit)]...))
		if want := min(len(tt.found), tt.then.limit); err != nil || len(got) != want || (asked == 2) != tt.again {
			t.Errorf("%s: then %v, %v, asked %d times", tt.name, got, err, asked)
		}
	}
}

func TestSimilarCacheIsBounded(t *testing.T) {
	c := &similarCache{now: func() time.Time { return time.Unix(1e9, 0) }}
	asked := 0
	for i := range 2 * similarKept {
		for _, id := range []paper.ID{paper.ID(fmt.Sprint(i)), "often"} {
			if _, err := c.get(t.Context(), similarQuestion{id: id, limit: 1}, finding(&asked)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := len(c.young) + len(c.old); n > similarKept {
		t.Errorf("%d papers are kept", n)
	}
	if want := 2*similarKept + 1; asked != want {
		t.Errorf("%d searches for %d papers, one of which was asked for all the time", asked, want)
	}
}

// Those who ask for the same share a search, which goes on when one of them leaves; its
// error and its panic are theirs, and are not kept.
func TestSimilarCacheSharesSearches(t *testing.T) {
	c := &similarCache{now: time.Now}
	began, end := make(chan struct{}), make(chan struct{})
	asked := 0
	find := func(ctx context.Context) ([]paper.ID, error) {
		asked++
		close(began)
		<-end
		return []paper.ID{"1"}, ctx.Err()
	}
	leaving, leave := context.WithCancel(t.Context())
	left, got := make(chan error), make(chan []paper.ID)
	q := similarQuestion{id: "a", limit: 1}
	go func() { _, err := c.get(leaving, q, find); left <- err }()
	<-began
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who has left gets %v", err)
	}
	go func() { ids, _ := c.get(t.Context(), q, find); got <- ids }()
	close(end)
	if ids := <-got; len(ids) != 1 || asked != 1 {
		t.Errorf("%v after %d searches", ids, asked)
	}
	if _, ok := c.look(q); !ok {
		t.Error("what was found when the first had left is not kept")
	}
	for range 2 {
		_, err := c.get(t.Context(), similarQuestion{id: "b"}, func(context.Context) ([]paper.ID, error) { panic("broken") })
		if err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("a panic is %v", err)
		}
	}
}

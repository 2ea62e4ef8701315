package httpserver

import (
	"cmp"
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"broadsheet/internal/paper"
)

const (
	freshFor   = 60 * time.Second        // how long a response is fresh while nothing changes: it may speak of the time
	staleFor   = 10 * time.Minute        // how old a response may be that is served while no new one can be had
	patience   = 1500 * time.Millisecond // how long anything is waited for before the database counts as silent
	probeTime  = 500 * time.Millisecond  // how long a database that may be silent has to say its version
	probeEvery = time.Second             // how often a silent database is tried again
	entryBytes = 512                     // what a cached response weighs beside its body, roughly
)

// CacheOptions are the settings of a Cache.
type CacheOptions struct {
	Bytes   int                                  // what all responses may weigh together; 0 means 16 MiB
	Version func(context.Context) (int64, error) // grows with every change of what responses tell; asked with every request, so it is cheap, and it ends with its context
	Now     func() time.Time                     // nil means time.Now
	Log     *slog.Logger                         // nil means silence
}

// A Cache keeps responses while the version stays the same, the least recently asked
// for falling out first. While no new response can be had, because the database is
// silent or fails, it serves the old one for a while. It is safe for concurrent use.
type Cache struct {
	CacheOptions
	flight singleflight.Group
	probe  atomic.Int64 // when a silent database is tried again, in Unix nanoseconds; 0 while it is not silent

	mu     sync.Mutex
	size   int
	recent *list.List               // of *CachedResponse, the most recently asked for first
	byKey  map[string]*list.Element // into recent
}

// NewCache returns an empty cache.
func NewCache(o CacheOptions) *Cache {
	o.Bytes = cmp.Or(o.Bytes, 16<<20)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Cache{CacheOptions: o, recent: list.New(), byKey: map[string]*list.Element{}}
}

// Get is the response to what key names, for a viewer: a cached one if it is still
// true, else what render returns, as [Render] calls it. Two requests with one key get
// the same response, so key holds all that render depends on beside the viewer.
//
// However many of the anonymous ask for one key at a time, render is called once, with a
// context that outlives that of a client who goes away, as others may wait for it. A
// known viewer's response, and one that is NoCache or NoStore, is made for each request; one
// that is Rare for all who ask at one time.
//
// An error comes within about two seconds of when the database fell silent.
func (c *Cache) Get(ctx context.Context, key string, viewer Viewer, render RenderFunc) (*CachedResponse, error) {
	if !viewer.Anonymous() {
		return c.Uncached(ctx, viewer, render)
	}
	if c.silent() {
		if k := c.stale(key); k != nil {
			return k, nil
		}
	}
	k, err := c.fresh(ctx, key, render)
	if err != nil && passes(err) {
		if old := c.stale(key); old != nil {
			c.Log.LogAttrs(ctx, slog.LevelWarn, "an old response is served", slog.String("key", key), slog.Duration("age", old.age), slog.Any("err", err))
			return old, nil
		}
	}
	return k, err
}

// fresh is a response that is true now.
func (c *Cache) fresh(ctx context.Context, key string, render RenderFunc) (*CachedResponse, error) {
	version, err := c.versionWithin(ctx, patience)
	if err != nil {
		return nil, err
	}
	if k := c.find(ctx, key, version); k != nil {
		return k, nil
	}
	mine := false
	name := key + " " + strconv.FormatInt(version, 10)
	done := c.flight.DoChan(name, func() (any, error) {
		mine = true
		if k := c.find(ctx, key, version); k != nil { // made while this one came here
			return k, nil
		}
		a, err := Render(context.WithoutCancel(ctx), Viewer{}, render)
		if err != nil {
			return nil, err
		}
		k := newCached(a, c.Now())
		if k.key, k.version = key, version; !a.NoCache && !a.NoStore && !a.Rare {
			c.put(k)
		}
		return k, nil
	})
	k, err := c.wait(ctx, done)
	if errors.Is(err, errSilent) {
		c.flight.Forget(name) // who comes when the database is back does not wait for this one
	}
	if err == nil && !mine && (k.NoCache || k.NoStore) {
		return c.Uncached(ctx, Viewer{}, render)
	}
	return k, err
}

// Uncached is a response made for one request alone: one that depends on more than a
// key and the version say, or on who asks.
func (c *Cache) Uncached(ctx context.Context, viewer Viewer, render RenderFunc) (*CachedResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan singleflight.Result, 1)
	go func() {
		a, err := Render(ctx, viewer, render)
		if err != nil {
			done <- singleflight.Result{Err: err}
			return
		}
		a.NoStore = a.NoStore || !viewer.Anonymous()
		done <- singleflight.Result{Val: newCached(a, c.Now())}
	}()
	return c.wait(ctx, done)
}

// While calls do for one who waits for no response of the cache, and gives up when the
// database falls silent meanwhile, as Get does. do must not be asked for what it has made
// after an error.
func (c *Cache) While(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan singleflight.Result, 1)
	go func() { done <- singleflight.Result{Err: do(ctx)} }()
	_, err := c.wait(ctx, done)
	return err
}

// wait waits for a response as long as the database says its version meanwhile: what is
// slow may come, and what is silent is not waited for.
func (c *Cache) wait(ctx context.Context, done <-chan singleflight.Result) (*CachedResponse, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		select {
		case res := <-done:
			if res.Err != nil {
				return nil, res.Err
			}
			k, _ := res.Val.(*CachedResponse) // nil of While
			return k, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timer.C:
			if _, err := c.versionWithin(ctx, probeTime); err != nil {
				return nil, err
			}
			timer.Reset(patience)
		}
	}
}

var errSilent = fmt.Errorf("the database does not answer: %w", paper.ErrUnavailable)

// versionWithin asks for the version, and notes whether the database is silent.
func (c *Cache) versionWithin(ctx context.Context, limit time.Duration) (int64, error) {
	asked, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	version, err := c.Version(asked)
	switch {
	case err == nil:
		if c.probe.Load() != 0 {
			c.probe.Store(0)
		}
		return version, nil
	case ctx.Err() != nil: // the client has gone, which says nothing of the database
		return 0, err
	}
	c.probe.Store(c.Now().Add(probeEvery).UnixNano())
	if asked.Err() != nil {
		err = fmt.Errorf("%w: %w", errSilent, err)
	}
	return 0, err
}

// silent reports whether the database did not answer of late. One request at a time
// finds that it did, and so asks again.
func (c *Cache) silent() bool {
	at := c.probe.Load()
	if at == 0 {
		return false
	}
	now := c.Now()
	return now.UnixNano() < at || !c.probe.CompareAndSwap(at, now.Add(patience+probeEvery).UnixNano())
}

// find is the fresh response under a key; nil where there is none.
func (c *Cache) find(ctx context.Context, key string, version int64) *CachedResponse {
	k := c.look(key, version)
	if k == nil {
		return nil
	}
	// Asked without the lock, as it may take a while.
	if k.Provisional != nil && !k.Provisional(ctx) || k.Changed != nil && k.Changed(ctx) {
		return nil
	}
	return k
}

func (c *Cache) look(key string, version int64) *CachedResponse {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	k := e.Value.(*CachedResponse)
	if k.version != version || now.Sub(k.made) >= freshFor {
		return nil
	}
	c.recent.MoveToFront(e)
	return k
}

// stale is the response under a key, however old; nil where there is none or it is too
// old. It says its age.
func (c *Cache) stale(key string) *CachedResponse {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	k := e.Value.(*CachedResponse)
	if now.Sub(k.made) > staleFor {
		c.drop(e)
		return nil
	}
	c.recent.MoveToFront(e)
	old := *k
	old.age = max(0, now.Sub(k.made))
	return &old
}

func (c *Cache) put(k *CachedResponse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.byKey[k.key]; old != nil {
		c.drop(old)
	}
	c.byKey[k.key] = c.recent.PushFront(k)
	c.size += k.size
	for c.size > c.Bytes {
		c.drop(c.recent.Back())
	}
}

func (c *Cache) drop(e *list.Element) {
	k := c.recent.Remove(e).(*CachedResponse)
	delete(c.byKey, k.key)
	c.size -= k.size
}

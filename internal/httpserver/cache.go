package httpserver

import (
	"container/list"
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	cachedFor  = 60 * time.Second // how long an answer is kept while nothing changes: it may speak of the time
	entryBytes = 512              // what a kept answer weighs beside its text, roughly
)

// A Cache keeps answers while the catalogue's version stays the same, the least
// recently asked for falling out first. It is safe for concurrent use.
type Cache struct {
	limit  int
	flight singleflight.Group

	mu     sync.Mutex
	size   int
	recent *list.List               // of *CachedResponse, the most recently asked for first
	byKey  map[string]*list.Element // into recent
}

// NewCache returns a cache of answers that weigh limit bytes together at the most.
func NewCache(limit int) *Cache {
	return &Cache{limit: limit, recent: list.New(), byKey: map[string]*list.Element{}}
}

// Get is the answer kept under key if it is still true, else what makeIt returns, as
// [Render] calls it. However many ask for one key at a time, makeIt is called once; its
// context outlives that of a client who goes away, as others may wait for the answer.
func (c *Cache) Get(ctx context.Context, key string, version int64, now time.Time, makeIt RenderFunc) (*CachedResponse, error) {
	if k := c.find(key, version, now); k != nil {
		return k, nil
	}
	v, err, _ := c.flight.Do(key+" "+strconv.FormatInt(version, 10), func() (any, error) {
		if k := c.find(key, version, now); k != nil { // made while this one came here
			return k, nil
		}
		a, err := Render(context.WithoutCancel(ctx), makeIt)
		if err != nil {
			return nil, err
		}
		k := newCached(a, version, now.Add(cachedFor))
		if k.key = key; !a.NoStore {
			c.put(k)
		}
		return k, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*CachedResponse), nil
}

func (c *Cache) find(key string, version int64, now time.Time) *CachedResponse {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	k := e.Value.(*CachedResponse)
	if k.version != version || !now.Before(k.until) {
		c.drop(e)
		return nil
	}
	c.recent.MoveToFront(e)
	return k
}

func (c *Cache) put(k *CachedResponse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.byKey[k.key]; old != nil {
		c.drop(old)
	}
	c.byKey[k.key] = c.recent.PushFront(k)
	c.size += k.size
	for c.size > c.limit {
		c.drop(c.recent.Back())
	}
}

func (c *Cache) drop(e *list.Element) {
	k := c.recent.Remove(e).(*CachedResponse)
	delete(c.byKey, k.key)
	c.size -= k.size
}

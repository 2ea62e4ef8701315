package reply

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)

func TestOneAnswerIsMadeOnce(t *testing.T) {
	c := NewCache(1 << 20)
	made := 0
	var wg sync.WaitGroup
	started := make(chan bool)
	for range 20 {
		wg.Go(func() {
			_, err := c.Get("key", 1, noon, func() (*Answer, error) {
				made++
				<-started
				return &Answer{Body: []byte("page")}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(started)
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	c := NewCache(10_000)
	for i := range 100 {
		_, _ = c.Get(fmt.Sprint(i), 1, noon, func() (*Answer, error) { return &Answer{Body: make([]byte, 1000)}, nil })
		c.find("0", 1, noon) // which keeps it
	}
	if c.size > c.limit || c.size != c.recent.Len()*(1500+entryBytes) || len(c.byKey) != c.recent.Len() {
		t.Errorf("size %d with %d pages, limit %d", c.size, c.recent.Len(), c.limit)
	}
	if c.find("0", 1, noon) == nil || c.find("50", 1, noon) != nil {
		t.Error("what was asked for last did not stay, or the rest did")
	}
}

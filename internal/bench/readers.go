package bench

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// pageTimeout is how long a reader waits for a page.
const pageTimeout = time.Minute

// A page is how long one took from the moment at which it was due.
type page struct {
	took   time.Duration
	failed bool
}

// Readers ask for the pages of random papers at a steady rate.
type readers struct {
	every  time.Duration
	ids    []paper.ID
	client *http.Client

	mu  sync.Mutex
	now []page // of the phase that goes on
}

func newReaders(rate int) *readers {
	transport := &http.Transport{MaxIdleConnsPerHost: 1000}
	return &readers{every: time.Second / time.Duration(rate), client: &http.Client{Transport: transport, Timeout: pageTimeout}}
}

// run asks until stop is closed, and then waits for the pages that were asked for; when ctx
// ends it waits for nothing. A page that is late keeps none behind it from being asked for.
func (r *readers) run(ctx context.Context, stop <-chan struct{}, site string) {
	random := rand.New(rand.NewPCG(3, 3))
	var asking sync.WaitGroup
	defer r.client.CloseIdleConnections()
	defer asking.Wait()
	for due := time.Now(); ; due = due.Add(r.every) {
		select {
		case <-ctx.Done():
			return
		case <-stop:
			return
		case <-time.After(time.Until(due)):
		}
		url := site + urls.Paper(r.ids[random.IntN(len(r.ids))])
		asking.Go(func() {
			status, err := get(ctx, r.client, url)
			if ctx.Err() != nil {
				return // nobody waits for it any more
			}
			r.add(page{time.Since(due), err != nil || status != http.StatusOK})
		})
	}
}

func (r *readers) add(p page) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = append(r.now, p)
}

// soFar says how many pages were answered in this phase, and how long the longest took.
func (r *readers) soFar() (int, time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	longest := time.Duration(0)
	for _, p := range r.now {
		longest = max(longest, p.took)
	}
	return len(r.now), longest
}

// next ends a phase and returns its pages. A page counts in the phase in which it is answered.
func (r *readers) next() []page {
	r.mu.Lock()
	defer r.mu.Unlock()
	pages := r.now
	r.now = nil
	return pages
}

// serveRow sums up the pages of a phase.
func serveRow(phase string, seconds float64, pages []page) ServeRow {
	row := ServeRow{Phase: phase, Seconds: seconds, Pages: len(pages)}
	took := make([]time.Duration, len(pages))
	for i, p := range pages {
		took[i] = p.took
		if p.failed {
			row.Failed++
		}
	}
	slices.Sort(took)
	row.P50, row.P90, row.P99 = percentile(took, 50), percentile(took, 90), percentile(took, 99)
	row.Longest = percentile(took, 100)
	return row
}

// percentile returns the time in milliseconds that so many percent of the sorted times do
// not exceed; 0 without times.
func percentile(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return milliseconds(sorted[min(len(sorted)-1, len(sorted)*percent/100)])
}

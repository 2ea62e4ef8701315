package catalog

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// mostParallel is how many goroutines do the work of one request at the most: there are
// others.
const mostParallel = 4

// inParallel calls do for every i below n, and makes an error of its panic, which would end
// the process.
func inParallel(n int, do func(i int)) error {
	workers := min(mostParallel, runtime.GOMAXPROCS(0), n)
	failed := make([]error, workers)
	var working sync.WaitGroup
	for w := range workers {
		working.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failed[w] = fmt.Errorf("catalog: panic: %v\n%s", p, debug.Stack())
				}
			}()
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	working.Wait()
	return errors.Join(failed...)
}

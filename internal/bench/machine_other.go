//go:build !unix

package bench

import "time"

// processorTime returns 0: this system does not say it.
func processorTime() time.Duration { return 0 }

// PeakMemory is not known on this system.
func PeakMemory() (int64, bool) { return 0, false }

//go:build !unix

package cli

import "time"

// processorTime is what the process has used so far; 0 where that is not known.
func processorTime() time.Duration { return 0 }

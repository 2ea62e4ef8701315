//go:build unix

package cli

import (
	"runtime"
	"syscall"
)

// peakMemory is the most resident memory that the process has had, in bytes.
func peakMemory() (int64, bool) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, false
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(usage.Maxrss), true
	}
	return int64(usage.Maxrss) * 1024, true // elsewhere in KiB
}

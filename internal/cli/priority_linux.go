package cli

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// lowPriority is the nice value of a process that works in the background.
const lowPriority = 10

// yieldProcessor lets others go first where processors are short: a page that somebody
// waits for must not wait for an import. Linux keeps a priority for each thread, and
// threads to come inherit it.
func yieldProcessor() {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return // without it all is as before
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.Setpriority(unix.PRIO_PROCESS, id, lowPriority) // it may have ended, or be nicer already
		}
	}
}

package cli

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// All threads of a process that yields, those included that it starts later, have a low
// priority. The test does so in a process of its own.
func TestYieldProcessor(t *testing.T) {
	if os.Getenv("BROADSHEET_TEST_YIELD") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestYieldProcessor$", "-test.v")
		cmd.Env = append(os.Environ(), "BROADSHEET_TEST_YIELD=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	yieldProcessor()
	for range 4 { // threads that did not exist before
		go func() {
			runtime.LockOSThread()
			select {}
		}()
	}
	runtime.Gosched()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			t.Fatal(err)
		}
		// The system call gives 20 minus the nice value.
		if got, err := unix.Getpriority(unix.PRIO_PROCESS, id); err == nil && got > 20-lowPriority {
			t.Errorf("thread %d has nice value %d, want %d or more", id, 20-got, lowPriority)
		}
	}
}

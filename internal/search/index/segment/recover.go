package segment

import (
	"fmt"
	"runtime/debug"
)

// A PanicError is a panic that became an error.
type PanicError struct {
	Value any
	Stack string
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Recover makes an error of a panic, and of what reading damaged or vanished memory
// does: files are checked when they are opened, but a disk may fail, or somebody may
// cut a file, later. It is deferred as in
//
//	defer segment.Recover(&err)()
//
// in each goroutine that reads mapped files.
func Recover(err *error) func() {
	was := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(was)
		if r := recover(); r != nil {
			*err = &PanicError{r, string(debug.Stack())}
		}
	}
}

// Package record reads records from files: JSON lines or one JSON array, plain
// or packed with gzip or zstd, from a path or from standard input.
//
// Start with [Open] and call [Reader.Next] until io.EOF. A record that cannot be
// used comes back as a [*LineError], and reading goes on with the next one. What
// a record means is for a decoder to say; [Decode] gives decoders the messages
// that people can act on, and [Record.Bad] gives their errors the same shape.
//
// Record.Data is only valid until the next call of Next. A Reader belongs to one
// goroutine; only [Reader.Progress] may be called from others.
//
// The package checks what encoding/json lets pass (invalid UTF-8, lone
// surrogates, NUL characters) and leaves everything else to the decoder.
package record

import "fmt"

// MaxSize is the most bytes that one record may have.
const MaxSize = 8 << 20

// A Record is one JSON value of a file.
type Record struct {
	Line int    // the line on which it starts, from 1
	Data []byte // valid until the next call of Next
}

// Bad says that a record of the named file is wrong.
func (r Record) Bad(name string, err error) *LineError {
	return &LineError{Name: name, Line: r.Line, Err: err}
}

// A LineError says which line of which file is wrong, and how.
type LineError struct {
	Name string
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("%s:%d: %v", e.Name, e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// An UnreadableError says that a file is missing or cannot be read at all.
type UnreadableError struct {
	Name string
	Err  error
}

func (e *UnreadableError) Error() string { return fmt.Sprintf("%s: %v", e.Name, e.Err) }

// Unwrap returns why the file cannot be read.
func (e *UnreadableError) Unwrap() error { return e.Err }

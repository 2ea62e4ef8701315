package record

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
)

const bom = "\xef\xbb\xbf"

// A Reader gives the records of one file, one after the other.
type Reader struct {
	name    string
	closers []io.Closer
	done    atomic.Int64
	total   int64
	packed  bool

	in      *bufio.Reader
	limit   int
	array   bool   // the file is one JSON array
	first   bool   // no element of the array was read yet
	line    int    // the line of the next byte
	scratch []byte // a record that does not lie in one piece in the buffer
	end     error  // what Next gives from now on, once set
}

// Name is the file's name in messages: what Open was given, or "stdin".
func (r *Reader) Name() string { return r.name }

// Progress says how many bytes of the file, as it is on disk, were read, and how
// many it has; 0 when that is not known. It may be called from any goroutine.
func (r *Reader) Progress() (done, total int64) { return r.done.Load(), r.total }

// Next returns the next record, io.EOF after the last one, or a *LineError for
// one that cannot be used; after that, Next goes on with the record that follows.
// Where the file itself is damaged, a *LineError says so and io.EOF follows.
func (r *Reader) Next() (Record, error) {
	if r.end != nil {
		return Record{}, r.end
	}
	rec, err := r.next()
	if err == nil || err == io.EOF {
		return rec, err
	}
	if broken, ok := errors.AsType[*brokenError](err); ok {
		r.end = io.EOF
		rec.Line, err = r.line, broken.err
	}
	return Record{}, rec.Bad(r.name, err)
}

// next is Next with errors that do not name the file: a *brokenError ends the
// file, any other one is about the record.
func (r *Reader) next() (Record, error) {
	for {
		rec, err := r.one()
		if err != nil {
			return rec, err
		}
		if err := checkText(rec.Data); err != nil {
			return rec, err
		}
		rec.Data = bytes.TrimSpace(rec.Data)
		if len(rec.Data) > 0 {
			return rec, nil
		}
	}
}

func (r *Reader) one() (Record, error) {
	if r.array {
		return r.element()
	}
	return r.textLine()
}

// begin skips what stands before the first record and sees whether it opens an array.
func (r *Reader) begin() error {
	if _, err := r.in.Peek(1); err != nil && err != io.EOF {
		return r.unpackFailure(err)
	}
	if head, _ := r.in.Peek(len(bom)); string(head) == bom {
		r.discard(len(bom))
	}
	c, err := r.skipBlanks()
	if err != nil {
		return nil // empty or damaged: Next meets it again, and says so
	}
	if c == '[' {
		r.discard(1)
		r.array, r.first = true, true
	}
	return nil
}

func (r *Reader) unpackFailure(err error) error {
	if errors.Is(err, zstd.ErrWindowSizeExceeded) {
		return errors.New("this needs a window of more than 128 MB: pack it again with zstd --long=27 or without --long")
	}
	if r.packed {
		return fmt.Errorf("this cannot be unpacked: %w", err)
	}
	return withoutPath(err)
}

// textLine reads one line, without its end.
func (r *Reader) textLine() (Record, error) {
	rec := Record{Line: r.line}
	data, err := r.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		data, err = r.longLine(data)
	}
	switch {
	case err == io.EOF && len(data) == 0:
		return rec, io.EOF
	case err != nil && err != io.EOF:
		return rec, r.failure(err)
	}
	r.line++
	if data == nil || len(data) > r.limit {
		return rec, fmt.Errorf("line of more than %s", size(r.limit))
	}
	rec.Data = data
	return rec, nil
}

// longLine reads the rest of a line that is longer than the buffer. Of a line
// that is longer than the limit it keeps nothing and returns nil.
func (r *Reader) longLine(start []byte) ([]byte, error) {
	r.scratch = append(r.scratch[:0], start...)
	tooLong := false
	for {
		data, err := r.in.ReadSlice('\n')
		tooLong = tooLong || len(r.scratch)+len(data) > r.limit
		if !tooLong {
			r.scratch = append(r.scratch, data...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case tooLong && err == io.EOF:
			return nil, nil
		case tooLong:
			return nil, err
		default:
			return r.scratch, err
		}
	}
}

// failure is what reading the file gave, other than its end.
func (r *Reader) failure(err error) error {
	if err == io.EOF {
		return &brokenError{errors.New("the file ends in the middle of the list")}
	}
	if r.packed {
		return &brokenError{fmt.Errorf("the compressed data is damaged: %w", err)}
	}
	return &brokenError{fmt.Errorf("the file cannot be read on: %w", withoutPath(err))}
}

// A brokenError says that nothing more can be read from the file.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }

func size(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

package source

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"runtime"
	"sync"

	"broadsheet/internal/paper"
	"broadsheet/internal/source/record"
)

// Files are files with records: JSON lines or one JSON array, plain or packed; "-" is
// Stdin.
type Files struct {
	Names []string
	Stdin io.Reader
}

// batchSize is how many records a batch has at the least, but for the last one: enough
// that a commit costs little, few enough that memory stays small and an interruption
// loses little work.
const batchSize = 2048

// decodeSize is how many records are decoded in one go.
const decodeSize = 256

// FromFiles is the source that says what the records of files say. Records are decoded
// on all cores, each by decode, and put into batches by add, in their order. It has no
// cursor: taking in a record again changes nothing.
func FromFiles[T any](name paper.Source, files Files, decode func([]byte) (T, error), add func(*Batch, T)) Source {
	return &fileSource[T]{name, files, decode, add}
}

type fileSource[T any] struct {
	name   paper.Source
	files  Files
	decode func([]byte) (T, error)
	add    func(*Batch, T)
}

func (s *fileSource[T]) Name() paper.Source { return s.name }

// Observations reads the files one after the other. All are opened before the first is
// read: a name that is wrong shows at once, not after an hour.
func (s *fileSource[T]) Observations(ctx context.Context, _ string) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		if err := s.check(); err != nil {
			yield(Batch{}, err)
			return
		}
		for _, name := range s.files.Names {
			more, err := s.file(ctx, name, yield)
			if err != nil {
				yield(Batch{}, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

func (s *fileSource[T]) check() error {
	for _, name := range s.files.Names {
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() || name == "-" {
			continue // a pipe can be read once only
		}
		r, err := record.Open(name, s.files.Stdin)
		if err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}

// A chunk is some neighboring records on their way from reader to writer.
type chunk[T any] struct {
	name    string
	records []record.Record
	ends    []int  // of each record in text
	text    []byte // of all records
	broken  error  // what the reader met after them, if anything: a *record.LineError
	done    int64
	total   int64

	ready  chan struct{} // closed once decoded
	values []T
	errs   []error // a *record.LineError or nil for each record
}

// file yields one file: one goroutine reads, some decode, this one yields. It reports
// whether more is wanted.
func (s *fileSource[T]) file(ctx context.Context, name string, yield func(Batch, error) bool) (more bool, err error) {
	r, err := record.Open(name, s.files.Stdin)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()

	reading, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	ordered := make(chan *chunk[T], 4)
	work := make(chan *chunk[T], 4)
	var readErr error
	group.Go(func() {
		defer close(ordered)
		defer close(work)
		readErr = read(reading, r, ordered, work)
	})
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() { s.decodeAll(work) })
	}
	var b Batch
	n := 0
	for c := range ordered {
		<-c.ready
		n += s.take(&b, c)
		if n < batchSize {
			continue
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if !yield(b, nil) {
			return false, nil
		}
		b, n = Batch{}, 0
	}
	if err := errors.Join(readErr, ctx.Err()); err != nil {
		return false, err
	}
	return n == 0 || yield(b, nil), nil
}

// take adds a chunk to a batch and returns how many records these were.
func (s *fileSource[T]) take(b *Batch, c *chunk[T]) int {
	n := len(c.records)
	for i, v := range c.values {
		if c.errs[i] != nil {
			b.Bad = append(b.Bad, c.errs[i])
			continue
		}
		s.add(b, v)
	}
	if c.broken != nil {
		b.Bad = append(b.Bad, c.broken)
		n++
	}
	b.Progress = Progress{c.name, c.done, c.total}
	return n
}

// read cuts the file into chunks until it ends, or ctx does.
func read[T any](ctx context.Context, r *record.Reader, ordered, work chan<- *chunk[T]) error {
	for {
		c := &chunk[T]{name: r.Name(), ready: make(chan struct{})}
		err := c.fill(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		c.done, c.total = r.Progress()
		for _, to := range []chan<- *chunk[T]{work, ordered} {
			select {
			case to <- c:
			case <-ctx.Done():
				return nil
			}
		}
		if err != nil {
			return nil
		}
	}
}

// fill reads records until the chunk is full or one is broken. io.EOF is the end
// of the file.
func (c *chunk[T]) fill(r *record.Reader) error {
	for len(c.records) < decodeSize && c.broken == nil {
		rec, err := r.Next()
		var line *record.LineError
		switch {
		case errors.As(err, &line):
			c.broken = line
			return nil
		case err != nil:
			return err
		}
		c.text = append(c.text, rec.Data...)
		c.ends = append(c.ends, len(c.text))
		c.records = append(c.records, record.Record{Line: rec.Line})
	}
	return nil
}

func (s *fileSource[T]) decodeAll(work <-chan *chunk[T]) {
	for c := range work {
		c.values = make([]T, len(c.records))
		c.errs = make([]error, len(c.records))
		start := 0
		for i, rec := range c.records {
			rec.Data = c.text[start:c.ends[i]]
			start = c.ends[i]
			v, err := s.decode(rec.Data)
			if err != nil {
				c.errs[i] = rec.Bad(c.name, err)
			}
			c.values[i] = v
		}
		c.text = nil
		close(c.ready)
	}
}

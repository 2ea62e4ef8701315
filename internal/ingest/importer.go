package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"broadsheet/internal/record"
)

// batchSize is how many records one transaction takes in: enough that a commit
// costs little, few enough that memory stays small and an interruption loses
// little work.
const batchSize = 2048

// decodeSize is how many records are decoded in one go.
const decodeSize = 256

// An importer reads records of one kind, decodes them on all cores and applies
// them in their order.
type importer[T any] struct {
	options Options
	decode  func([]byte) (T, error)
	apply   func(context.Context, []T, *Summary) error

	sum   Summary
	batch []T
}

// A chunk is some neighbouring records on their way from reader to writer.
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

// run imports the files one after the other. What was applied before an error
// stays.
func (im *importer[T]) run(ctx context.Context, files []string, stdin io.Reader) (Summary, error) {
	start := time.Now()
	err := im.files(ctx, files, stdin)
	im.sum.Took = time.Since(start)
	return im.sum, err
}

func (im *importer[T]) files(ctx context.Context, files []string, stdin io.Reader) error {
	// All files are opened before the first is read: a name that is wrong shows at
	// once, not after an hour.
	for _, name := range files {
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() || name == "-" {
			continue // a pipe can be read once only
		}
		r, err := record.Open(name, stdin)
		if err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	for _, name := range files {
		if err := im.file(ctx, name, stdin); err != nil {
			return err
		}
	}
	return nil
}

// file imports one file: one goroutine reads, some decode, this one applies.
func (im *importer[T]) file(ctx context.Context, name string, stdin io.Reader) (err error) {
	r, err := record.Open(name, stdin)
	if err != nil {
		return err
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
		readErr = im.read(reading, r, ordered, work)
	})
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() { im.decodeAll(work) })
	}
	if err := im.applyAll(ctx, ordered); err != nil {
		return err
	}
	return errors.Join(readErr, ctx.Err())
}

// read cuts the file into chunks until it ends, or ctx does.
func (im *importer[T]) read(ctx context.Context, r *record.Reader, ordered, work chan<- *chunk[T]) error {
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

func (im *importer[T]) decodeAll(work <-chan *chunk[T]) {
	for c := range work {
		c.values = make([]T, len(c.records))
		c.errs = make([]error, len(c.records))
		start := 0
		for i, rec := range c.records {
			rec.Data = c.text[start:c.ends[i]]
			start = c.ends[i]
			v, err := im.decode(rec.Data)
			if err != nil {
				c.errs[i] = rec.Bad(c.name, err)
			}
			c.values[i] = v
		}
		c.text = nil
		close(c.ready)
	}
}

// applyAll takes the decoded chunks in the order of the file.
func (im *importer[T]) applyAll(ctx context.Context, ordered <-chan *chunk[T]) error {
	for c := range ordered {
		<-c.ready
		if err := im.take(c); err != nil {
			im.batch = im.batch[:0]
			return err
		}
		if len(im.batch) >= batchSize {
			if err := im.flush(ctx); err != nil {
				return err
			}
			im.progress(c)
		}
	}
	return im.flush(ctx)
}

// take adds a chunk to the batch.
func (im *importer[T]) take(c *chunk[T]) error {
	for i, v := range c.values {
		im.sum.Records++
		if err := im.bad(c.errs[i]); err != nil {
			return err
		}
		if c.errs[i] == nil {
			im.batch = append(im.batch, v)
		}
	}
	if c.broken == nil {
		return nil
	}
	im.sum.Records++
	return im.bad(c.broken)
}

// bad reports a record that cannot be used; the error it returns ends a strict
// import.
func (im *importer[T]) bad(err error) error {
	if err == nil {
		return nil
	}
	im.sum.Bad++
	if im.options.Strict {
		return fmt.Errorf("%w (nothing of its batch was kept)", err)
	}
	if im.options.Bad != nil {
		im.options.Bad(err)
	}
	return nil
}

func (im *importer[T]) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(im.batch) == 0 {
		return nil
	}
	err := im.apply(ctx, im.batch, &im.sum)
	clear(im.batch)
	im.batch = im.batch[:0]
	return err
}

func (im *importer[T]) progress(c *chunk[T]) {
	if im.options.Progress != nil {
		im.options.Progress(Progress{Name: c.name, Done: c.done, Total: c.total, Records: im.sum.Records})
	}
}

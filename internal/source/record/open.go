package record

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
)

const (
	bufferSize = 256 << 10
	maxWindow  = 128 << 20 // of zstd: what "zstd --long=27" writes
)

// Open opens a file of records; "-" is standard input, read from stdin. Its
// error is an *UnreadableError. Whoever opens a Reader closes it.
func Open(name string, stdin io.Reader) (*Reader, error) {
	r := &Reader{name: name, limit: MaxSize, line: 1}
	if err := r.open(stdin); err != nil {
		_ = r.Close() // nothing was written; the first error says more
		return nil, &UnreadableError{Name: r.name, Err: err}
	}
	return r, nil
}

func (r *Reader) open(stdin io.Reader) error {
	src := stdin
	if r.name == "-" {
		r.name = "stdin"
	} else {
		f, err := os.Open(r.name)
		if err != nil {
			return withoutPath(err)
		}
		r.closers = append(r.closers, f)
		info, err := f.Stat()
		if err != nil {
			return withoutPath(err)
		}
		if info.IsDir() {
			return errors.New("this is a folder, not a file")
		}
		if info.Mode().IsRegular() {
			r.total = info.Size()
		}
		src = f
	}
	raw := bufio.NewReaderSize(&countingReader{src: src, n: &r.done}, bufferSize)
	return r.unpack(raw)
}

// withoutPath drops the path from an error of package os: the name is said once.
func withoutPath(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// foreign are beginnings of files that people have, but that are not read here.
var foreign = []struct{ magic, what string }{
	{"PK\x03\x04", "a zip archive: unpack it first"},
	{"BZh", "packed with bzip2: unpack it first"},
	{"\xfd7zXZ\x00", "packed with xz: unpack it first"},
	{"\xff\xfe", "UTF-16 text: convert it to UTF-8 first"},
	{"\xfe\xff", "UTF-16 text: convert it to UTF-8 first"},
}

// unpack looks at the first bytes and puts the right decompressor on top. One
// byte is taken from it at once, so that a file that cannot be unpacked at all
// is found here.
func (r *Reader) unpack(raw *bufio.Reader) error {
	head, err := raw.Peek(8)
	if err != nil && err != io.EOF {
		return withoutPath(err)
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return errors.New("this is " + f.what)
		}
	}
	switch {
	case isZstd(head):
		err = r.unpackZstd(raw)
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		err = r.unpackGzip(raw)
	default:
		r.in = raw
		err = plausible(r.name, head)
	}
	if err != nil {
		return err
	}
	return r.begin()
}

// isZstd knows the magic numbers of zstd's frames and of its skippable frames.
func isZstd(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) {
		return true
	}
	return len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte("\x2a\x4d\x18"))
}

// plausible reports a file whose name says that it is packed while its bytes do not.
// Text is let through: some programs unpack a file and leave its name.
func plausible(name string, head []byte) error {
	if !strings.HasSuffix(name, ".zst") && !strings.HasSuffix(name, ".gz") {
		return nil
	}
	if len(head) == 0 {
		return errors.New("the file is empty: fetch it again")
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(bom)), " \t\r\n")
	if len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return nil
	}
	return errors.New("this cannot be unpacked: it does not begin as a packed file does; fetch it again")
}

func (r *Reader) unpackZstd(raw io.Reader) error {
	d, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return fmt.Errorf("this cannot be unpacked: %w", err)
	}
	r.closers = append(r.closers, d.IOReadCloser())
	r.packed = true
	r.in = bufio.NewReaderSize(d, bufferSize)
	return nil
}

func (r *Reader) unpackGzip(raw io.Reader) error {
	d, err := gzip.NewReader(raw)
	if err != nil {
		return fmt.Errorf("this cannot be unpacked: %w", err)
	}
	r.closers = append(r.closers, d)
	r.packed = true
	r.in = bufio.NewReaderSize(d, bufferSize)
	return nil
}

// Close closes the file. Standard input stays open.
func (r *Reader) Close() error {
	var errs []error
	for i := len(r.closers) - 1; i >= 0; i-- {
		errs = append(errs, r.closers[i].Close())
	}
	r.closers = nil
	return errors.Join(errs...)
}

// A countingReader counts what was read through it.
type countingReader struct {
	src io.Reader
	n   *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}

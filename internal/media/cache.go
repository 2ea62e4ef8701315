package media

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A cache is a folder of pictures, one file each, named by the checksum of the
// URL they came from. A file is a picture followed by a trailer:
//
//	picture | magic (8 bytes) | length of the picture (8) | its SHA-256 (32)
//
// so that a file that was cut or changed is known as such and fetched again. All
// truth is in the folder: it may be emptied at any time.
type cache struct {
	dir   string
	limit int64

	mu   sync.Mutex
	size int64 // bytes in dir, as far as this process knows
}

const (
	magic      = "bsmedia1"
	trailerLen = 8 + 8 + sha256.Size
	suffix     = ".img"
	tmpPattern = ".fetch-*"
)

var errCorrupt = errors.New("corrupt")

func openCache(dir string, limit int64) (*cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	c := &cache{dir: dir, limit: limit}
	if err := c.evict(); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return c, nil
}

func (c *cache) file(src string) string {
	sum := sha256.Sum256([]byte(src))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+suffix)
}

// An image is a kept picture, open for reading.
type image struct {
	io.ReadSeeker
	kind    string // media type
	sum     []byte // SHA-256
	fetched time.Time
	f       *os.File
}

func (m *image) Close() error { return m.f.Close() }

// get opens the picture of src. It returns fs.ErrNotExist when there is none and
// errCorrupt when its file is damaged.
func (c *cache) get(src string) (*image, error) {
	f, err := os.Open(c.file(src))
	if err != nil {
		return nil, err
	}
	m, err := check(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return m, nil
}

// check reads all of f: pictures are small, and what is served is then known to
// be what was fetched.
func check(f *os.File) (*image, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size() - trailerLen
	if size <= 0 {
		return nil, errCorrupt
	}
	trailer := make([]byte, trailerLen)
	if _, err := f.ReadAt(trailer, size); err != nil {
		return nil, err
	}
	if string(trailer[:8]) != magic || int64(binary.BigEndian.Uint64(trailer[8:])) != size {
		return nil, errCorrupt
	}
	body := io.NewSectionReader(f, 0, size)
	hash := sha256.New()
	if _, err := io.Copy(hash, body); err != nil {
		return nil, err
	}
	if string(hash.Sum(nil)) != string(trailer[16:]) {
		return nil, errCorrupt
	}
	head := make([]byte, min(size, sniffLen))
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	_, err = body.Seek(0, io.SeekStart)
	return &image{ReadSeeker: body, kind: sniff(head), sum: trailer[16:], fetched: info.ModTime(), f: f}, err
}

// put keeps the picture of src, which is head followed by rest. Readers see the
// old file or the whole new one.
func (c *cache) put(src string, head []byte, rest io.Reader) error {
	tmp, err := os.CreateTemp(c.dir, tmpPattern)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails once renamed
	n, err := write(tmp, head, rest)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), c.file(src)); err != nil {
		return err
	}
	return c.added(n)
}

// write writes picture and trailer to f and returns the size of the file.
func write(f io.Writer, head []byte, rest io.Reader) (int64, error) {
	hash := sha256.New()
	w := io.MultiWriter(f, hash)
	if _, err := w.Write(head); err != nil {
		return 0, err
	}
	n, err := io.Copy(w, rest)
	if err != nil {
		return 0, err
	}
	n += int64(len(head))
	trailer := binary.BigEndian.AppendUint64([]byte(magic), uint64(n))
	_, err = f.Write(hash.Sum(trailer))
	return n + trailerLen, err
}

// added counts n new bytes, and evicts when that is over the limit.
func (c *cache) added(n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size += n; c.size <= c.limit {
		return nil
	}
	return c.evict()
}

// staleAfter is the age at which an unfinished file was left by a process that
// died: no fetch takes so long.
const staleAfter = time.Hour

// evict counts the folder anew and, when it is over the limit, removes the
// pictures that were fetched first until a tenth is free again.
func (c *cache) evict() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	c.size = 0
	for _, e := range entries {
		info, err := e.Info()
		switch {
		case err != nil: // vanished meanwhile
		case strings.HasSuffix(e.Name(), suffix):
			files = append(files, info)
			c.size += info.Size()
		case strings.HasPrefix(e.Name(), ".fetch-") && time.Since(info.ModTime()) > staleAfter:
			os.Remove(filepath.Join(c.dir, e.Name()))
		}
	}
	if c.size <= c.limit {
		return nil
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	return c.removeUntil(files, c.limit-c.limit/10)
}

func (c *cache) removeUntil(files []fs.FileInfo, limit int64) error {
	for _, f := range files {
		if c.size <= limit {
			return nil
		}
		if err := os.Remove(filepath.Join(c.dir, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		c.size -= f.Size()
	}
	return nil
}

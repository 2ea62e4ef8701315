package train

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A checkpoint keeps a state in a file: the fingerprint, the step, weights, history and
// a CRC-32 of all that. It is replaced as a whole.
type checkpoint struct {
	path        string // "": nothing is kept
	fingerprint [sha256.Size]byte
	saved       time.Time
}

// fingerprint tells apart runs that would end differently.
func fingerprint(o Options, c *corpus) [sha256.Size]byte {
	documents := c.fingerprint()
	return sha256.Sum256(fmt.Appendf(nil, "1 %d %d %d %d %d %g %g %g %x", o.Seed, o.Vocabulary,
		o.Dimensions, o.Epochs, o.Batch, o.Temperature, o.Rate, o.Span, documents))
}

var errOtherRun = errors.New("made with other options or documents, or damaged: remove it to begin anew")

// load reads the state that the file has, if there is one.
func (f *checkpoint) load(s *state) error {
	if f.path == "" {
		return nil
	}
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	size := sha256.Size + 8 + 8*len(s.weights)
	if len(data) != size+4 || !bytes.Equal(data[:sha256.Size], f.fingerprint[:]) ||
		crc32.ChecksumIEEE(data[:size]) != binary.LittleEndian.Uint32(data[size:]) {
		return fmt.Errorf("train: checkpoint %s: %w", f.path, errOtherRun)
	}
	r := bytes.NewReader(data[sha256.Size:size])
	var step uint64
	for _, part := range []any{&step, s.weights, s.history} {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("train: checkpoint %s: %w", f.path, err)
		}
	}
	s.step = int(step)
	return nil
}

// save replaces the file with the state after so many steps.
func (f *checkpoint) save(s *state, step int) error {
	f.saved = time.Now()
	if f.path == "" {
		return nil
	}
	if err := f.replace(s, step); err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	return nil
}

func (f *checkpoint) replace(s *state, step int) (err error) {
	out, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	err = errors.Join(f.write(out, s, step), out.Sync(), out.Close())
	if err != nil {
		return err
	}
	return os.Rename(out.Name(), f.path)
}

func (f *checkpoint) write(out io.Writer, s *state, step int) error {
	sum := crc32.NewIEEE()
	buffered := bufio.NewWriterSize(out, 1<<16)
	w := io.MultiWriter(buffered, sum)
	for _, part := range []any{f.fingerprint, uint64(step), s.weights, s.history} {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	if err := binary.Write(buffered, binary.LittleEndian, sum.Sum32()); err != nil {
		return err
	}
	return buffered.Flush()
}

// interrupted keeps the state before the run ends with err.
func (f *checkpoint) interrupted(s *state, err error) error {
	return errors.Join(err, f.save(s, s.step))
}

func (f *checkpoint) remove() error {
	if f.path == "" {
		return nil
	}
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	return nil
}

package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"

	"broadsheet/internal/search/analysis"
)

// A model file is a header, the stems as a length byte and their bytes, the scales as
// float32 and the rows, little-endian. The header ends with the SHA-256 of all the
// rest, part of which is in the model's name.
const (
	magic      = "BSSTATIC"
	hashAt     = 32
	headerSize = hashAt + sha256.Size
	maxStem    = 255
)

// Limits of what is read: more than any model that is of use here, little enough not
// to be dangerous.
const (
	maxRows = 1 << 22
	maxDims = 4096
)

var errNotModel = errors.New("not a static model, or of another version")

func checkSizes(stems, dims, numbers int) error {
	switch {
	case dims < 1 || dims > maxDims:
		return fmt.Errorf("static: %d dimensions, want 1 to %d", dims, maxDims)
	case stems > maxRows:
		return fmt.Errorf("static: %d stems, want at most %d", stems, maxRows)
	case numbers != stems*dims:
		return fmt.Errorf("static: %d numbers for %d stems of %d dimensions", numbers, stems, dims)
	}
	return nil
}

func (m *Model) makeIndex() error {
	m.index = make(map[string]int32, len(m.stems))
	for i, s := range m.stems {
		if s == "" || len(s) > maxStem {
			return fmt.Errorf("static: stem %d has %d bytes, want 1 to %d", i, len(s), maxStem)
		}
		m.index[s] = int32(i)
	}
	if len(m.index) != len(m.stems) {
		return fmt.Errorf("static: %d of the stems stand twice", len(m.stems)-len(m.index))
	}
	return nil
}

// front encodes the stems and scales.
func (m *Model) front() []byte {
	var out []byte
	for _, s := range m.stems {
		out = append(append(out, byte(len(s))), s...)
	}
	for _, x := range m.scales {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}

// header encodes everything in front of front, and its hash.
func (m *Model) header(front []byte) []byte {
	h := make([]byte, hashAt, headerSize)
	copy(h, magic)
	binary.LittleEndian.PutUint32(h[8:], uint32(m.dims))
	binary.LittleEndian.PutUint32(h[12:], uint32(len(m.stems)))
	binary.LittleEndian.PutUint32(h[16:], uint32(m.analysis))
	binary.LittleEndian.PutUint32(h[20:], uint32(len(front)))
	sum := sha256.New()
	for _, part := range [][]byte{h, front, bytesOf(m.rows)} {
		sum.Write(part)
	}
	return sum.Sum(h)
}

func (m *Model) setName() { m.nameFrom(m.header(m.front())) }

func (m *Model) nameFrom(header []byte) {
	m.name = fmt.Sprintf("static-%d-%s", m.dims, hex.EncodeToString(header[hashAt:hashAt+4]))
}

// WriteTo writes the model so that Read gives it back.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	front := m.front()
	written := int64(0)
	for _, part := range [][]byte{m.header(front), front, bytesOf(m.rows)} {
		n, err := w.Write(part)
		written += int64(n)
		if err != nil {
			return written, fmt.Errorf("static: write model: %w", err)
		}
	}
	return written, nil
}

// maxFile bounds what Read takes into memory.
const maxFile = 1 << 30

// Read reads a model that WriteTo wrote.
func Read(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return nil, fmt.Errorf("static: read model: %w", err)
	}
	return parse(data)
}

// parse makes a model that keeps using data.
func parse(data []byte) (*Model, error) {
	if len(data) < headerSize || string(data[:8]) != magic {
		return nil, fmt.Errorf("static: read model: %w", errNotModel)
	}
	header, rest := data[:headerSize], data[headerSize:]
	field := func(i int) int { return int(binary.LittleEndian.Uint32(header[i:])) }
	dims, rows, front := field(8), field(12), field(20)
	if front > len(rest) {
		return nil, fmt.Errorf("static: read model: cut off after %d bytes", len(data))
	}
	if err := checkSizes(rows, dims, len(rest)-front); err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write(header[:hashAt])
	sum.Write(rest)
	if !bytes.Equal(sum.Sum(nil), header[hashAt:]) {
		return nil, errors.New("static: read model: damaged: its hash differs")
	}
	m := &Model{dims: dims, analysis: field(16), rows: int8sOf(rest[front:])}
	m.nameFrom(header)
	if err := m.parseFront(string(rest[:front]), rows); err != nil {
		return nil, err
	}
	if m.analysis != analysis.Version {
		return nil, fmt.Errorf("static: read model: made for version %d of the analyzer, this is %d: train it again", m.analysis, analysis.Version)
	}
	return m, m.makeIndex()
}

// parseFront reads the stems, which stay parts of front, and the scales.
func (m *Model) parseFront(front string, rows int) error {
	errShort := errors.New("static: read model: stems are cut off")
	m.stems = make([]string, 0, min(rows, len(front)))
	for range rows {
		if front == "" || len(front) < 1+int(front[0]) {
			return errShort
		}
		n := 1 + int(front[0])
		m.stems = append(m.stems, front[1:n])
		front = front[n:]
	}
	if len(front) != 4*rows {
		return errShort
	}
	m.scales = make([]float32, rows)
	for i := range m.scales {
		m.scales[i] = math.Float32frombits(binary.LittleEndian.Uint32([]byte(front[4*i : 4*i+4])))
	}
	return nil
}

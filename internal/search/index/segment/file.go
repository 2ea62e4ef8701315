package segment

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unsafe"
)

// A File is one of the handful of files that a segment consists of, so that a merge can
// write them all at once from front to back. It has a header, sections aligned to eight
// bytes, a table of the sections and a footer. All numbers are little-endian.
type File int

// The files.

const (
	fileDocs      File = iota // what is known of each document: identifier, columns, title, authors
	fileTerms                 // the term dictionary
	fileBlocks                // for each term: the blocks of documents it is in, with the best impact
	filePostings              // for each block: documents and impacts
	filePositions             // for each posting: where in the document
	fileVectors               // codes and rows, written by package vector
	NumFiles
)

// Files are the contents of a segment's files.
type Files [NumFiles][]byte

// fileNames are the endings of their names; "ranges" is what blocks were called once.
var fileNames = [NumFiles]string{"docs", "terms", "ranges", "postings", "positions", "vectors"}

const (
	fileMagic   = "BSIX"
	fileVersion = 1
	headerSize  = 16
	footerSize  = 16
	sectionSize = 24
)

// ErrDamaged says that bytes are not what was written.
var ErrDamaged = errors.New("damaged")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A fileWriter writes one file from front to back. Errors are kept and given by
// finish.
type fileWriter struct {
	w        *bufio.Writer
	crc      uint32
	n        int64
	sections []sectionEntry
	err      error
}

type sectionEntry struct {
	id       uint32
	off, len int64
}

func newFileWriter(w io.Writer, p File, buffer int) *fileWriter {
	pw := &fileWriter{w: bufio.NewWriterSize(w, buffer)}
	var header [headerSize]byte
	copy(header[:], fileMagic)
	header[4], header[5] = fileVersion, byte(p)
	pw.write(header[:])
	return pw
}

func (pw *fileWriter) write(b []byte) {
	if pw.err != nil {
		return
	}
	pw.crc = crc32.Update(pw.crc, castagnoli, b)
	pw.n += int64(len(b))
	_, pw.err = pw.w.Write(b)
}

// section begins a section; it ends where the next one begins.
func (pw *fileWriter) section(id uint32) {
	pw.endSection()
	var zeros [8]byte
	if over := pw.n % 8; over != 0 {
		pw.write(zeros[over:])
	}
	pw.sections = append(pw.sections, sectionEntry{id: id, off: pw.n, len: -1})
}

func (pw *fileWriter) endSection() {
	if k := len(pw.sections); k > 0 && pw.sections[k-1].len < 0 {
		pw.sections[k-1].len = pw.n - pw.sections[k-1].off
	}
}

// finish writes the table and gives the size and the checksum of the whole file.
func (pw *fileWriter) finish() (Checksum, error) {
	pw.endSection()
	table := pw.n
	for _, s := range pw.sections {
		var b [sectionSize]byte
		binary.LittleEndian.PutUint32(b[0:], s.id)
		binary.LittleEndian.PutUint64(b[8:], uint64(s.off))
		binary.LittleEndian.PutUint64(b[16:], uint64(s.len))
		pw.write(b[:])
	}
	var b [footerSize]byte
	binary.LittleEndian.PutUint64(b[0:], uint64(table))
	binary.LittleEndian.PutUint32(b[8:], uint32(len(pw.sections)))
	copy(b[12:], fileMagic)
	pw.write(b[:])
	if pw.err == nil {
		pw.err = pw.w.Flush()
	}
	return Checksum{Size: pw.n, CRC: pw.crc}, pw.err
}

// A Checksum tells whether a file is still what was written.
type Checksum struct {
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc"`
}

// ChecksumOf is the checksum of a file's content.
func ChecksumOf(b []byte) Checksum {
	return Checksum{Size: int64(len(b)), CRC: crc32.Checksum(b, castagnoli)}
}

// sectionsOf reads the table of a file.
func sectionsOf(b []byte, p File) (map[uint32][]byte, error) {
	bad := func(why string) error {
		return fmt.Errorf("index: file %s: %s: %w", fileNames[p], why, ErrDamaged)
	}
	if len(b) < headerSize+footerSize || string(b[:4]) != fileMagic || b[5] != byte(p) {
		return nil, bad("no header")
	}
	if b[4] != fileVersion {
		return nil, bad(fmt.Sprintf("version %d", b[4]))
	}
	foot := b[len(b)-footerSize:]
	table, n := binary.LittleEndian.Uint64(foot), uint64(binary.LittleEndian.Uint32(foot[8:]))
	if string(foot[12:]) != fileMagic || n > uint64(len(b)) || table > uint64(len(b)) ||
		table+n*sectionSize+footerSize != uint64(len(b)) {
		return nil, bad("no footer")
	}
	sections := make(map[uint32][]byte, n)
	for i := range n {
		e := b[table+i*sectionSize:]
		off, size := binary.LittleEndian.Uint64(e[8:]), binary.LittleEndian.Uint64(e[16:])
		if off > table || size > table-off || off%8 != 0 {
			return nil, bad("a section lies outside")
		}
		sections[binary.LittleEndian.Uint32(e)] = b[off : off+size : off+size]
	}
	return sections, nil
}

// bigEndian machines read numbers from a copy.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

type number interface {
	~uint16 | ~uint32 | ~uint64 | ~int64 | ~float64 | ~float32
}

// numbersOf reads a section as numbers, in place where the machine allows it.
func numbersOf[T number](b []byte) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	n := len(b) / size
	if n == 0 {
		return nil
	}
	if bigEndian || uintptr(unsafe.Pointer(&b[0]))%uintptr(size) != 0 {
		out := make([]T, n)
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&out[0])), n*size), b)
		if bigEndian {
			swap(unsafe.Slice((*byte)(unsafe.Pointer(&out[0])), n*size), size)
		}
		return out
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n)
}

// bytesOf is numbers as a section holds them.
func bytesOf[T number](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	size := int(unsafe.Sizeof(v[0]))
	b := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*size)
	if bigEndian {
		b = append([]byte(nil), b...)
		swap(b, size)
	}
	return b
}

// swap turns the order of the bytes in each number.
func swap(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		for i := range size / 2 {
			b[i], b[size-1-i] = b[size-1-i], b[i]
		}
	}
}

package index

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// The log makes small changes last with one write: each record holds what one Apply
// brought, as a finished small segment, so that opening does not analyse anything
// again. What follows a damaged record is ignored; the sequence tells from where the
// changes have to come again.
type logFile struct {
	f    *os.File
	size int64
}

const maxRecord = 1 << 30

// A record is one Apply.
type record struct {
	seq   int64
	token int64
	ids   []string // forgotten, or replaced by the segment's
	parts [numParts][]byte
	docs  bool // there is a segment
}

// What a record holds beside its position and identifiers; the first version knew
// documents only.
const (
	recordDocs = 1 << iota
	recordToken
)

func createLog(dir, name string) (*logFile, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o666)
	if err != nil {
		return nil, fmt.Errorf("index: log: %w", err)
	}
	return &logFile{f: f}, nil
}

// openLog reads the records of a log and makes it ready for more.
func openLog(dir, name string) (*logFile, []record, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, nil, fmt.Errorf("index: log: %w", err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("index: log: %w", err)
	}
	records, good := readRecords(b)
	l := &logFile{f: f, size: good}
	if good < int64(len(b)) {
		err = f.Truncate(good)
	}
	if err == nil {
		_, err = f.Seek(good, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("index: log: %w", err)
	}
	return l, records, nil
}

// readRecords gives the records before the first damaged one and where they end.
func readRecords(b []byte) (records []record, good int64) {
	for len(b) >= 8 {
		size, sum := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		if size > maxRecord || int(size) > len(b)-8 {
			break
		}
		body := b[8 : 8+size]
		if crc32.Checksum(body, castagnoli) != sum {
			break
		}
		r, ok := decodeRecord(body)
		if !ok {
			break
		}
		records = append(records, r)
		b = b[8+size:]
		good += int64(8 + size)
	}
	return records, good
}

// close is for a log that may not have been opened.
func (l *logFile) close() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}

// append writes a record and makes it last.
func (l *logFile) append(r record) error {
	b := r.encode(make([]byte, 8))
	binary.LittleEndian.PutUint32(b, uint32(len(b)-8))
	binary.LittleEndian.PutUint32(b[4:], crc32.Checksum(b[8:], castagnoli))
	_, err := l.f.Write(b)
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		// What was half written must not stand before the next record.
		l.f.Truncate(l.size)
		l.f.Seek(l.size, io.SeekStart)
		return fmt.Errorf("index: log: %w", err)
	}
	l.size += int64(len(b))
	return nil
}

func (r record) encode(b []byte) []byte {
	b = binary.AppendVarint(b, r.seq)
	b = binary.AppendUvarint(b, uint64(len(r.ids)))
	for _, id := range r.ids {
		b = binary.AppendUvarint(b, uint64(len(id)))
		b = append(b, id...)
	}
	flags := byte(recordToken)
	if r.docs {
		flags |= recordDocs
	}
	b = binary.AppendVarint(append(b, flags), r.token)
	if !r.docs {
		return b
	}
	for _, p := range r.parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

func decodeRecord(b []byte) (r record, ok bool) {
	seq, n := binary.Varint(b)
	if n <= 0 {
		return r, false
	}
	r.seq, b = seq, b[n:]
	count, b := uvarint(b)
	for range count {
		var id []byte
		if id, b, ok = cutBytes(b); !ok {
			return r, false
		}
		r.ids = append(r.ids, string(id))
	}
	if len(b) == 0 {
		return r, false
	}
	flags := b[0]
	r.docs, b = flags&recordDocs != 0, b[1:]
	if flags&recordToken != 0 {
		token, n := binary.Varint(b)
		if n <= 0 {
			return r, false
		}
		r.token, b = token, b[n:]
	}
	for p := range r.parts {
		if !r.docs {
			break
		}
		var part []byte
		if part, b, ok = cutBytes(b); !ok {
			return r, false
		}
		r.parts[p] = append(make([]byte, 0, len(part)), part...) // aligned
	}
	return r, len(b) == 0
}

// cutBytes reads a length and so many bytes.
func cutBytes(b []byte) (cut, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	b = b[n:]
	return b[:size], b[size:], true
}

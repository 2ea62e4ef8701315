package index

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// The log makes small changes durable with one write: each record holds what one Apply
// brought, as a finished small segment, so that opening does not analyze anything
// again. What follows a damaged record is ignored; the sequence tells from where the
// changes have to come again.
type logFile struct {
	f      file
	size   int64
	broken bool // nothing more can be added
}

const maxRecord = 1 << 30

// A record is one Apply.
type record struct {
	seq     int64
	token   int64
	ids     []string       // deleted, or replaced by the segment's
	files   *segment.Files // of a segment; nil: there is none
	counts  []countsChange
	vectors []vectorChange
}

type countsChange struct {
	id     string
	counts segment.Counts
}

type vectorChange struct {
	id     string
	vector []float32
}

// What a record holds beside its position and identifiers; the first version knew
// documents only.
const (
	recordDocs = 1 << iota
	recordToken
	recordCounts
	recordVectors
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
		if segment.ChecksumOf(body).CRC != sum {
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

// append writes a record and makes it durable. After an error nobody knows what the file
// holds behind the records before: it must not be added to.
func (l *logFile) append(r record) error {
	b := r.encode(make([]byte, 8))
	if len(b)-8 > maxRecord {
		return fmt.Errorf("index: log: a record of %d bytes is too long", len(b))
	}
	binary.LittleEndian.PutUint32(b, uint32(len(b)-8))
	binary.LittleEndian.PutUint32(b[4:], segment.ChecksumOf(b[8:]).CRC)
	_, err := l.f.Write(b)
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		l.broken = true
		return fmt.Errorf("index: log: %w", err)
	}
	l.size += int64(len(b))
	return nil
}

func (r record) encode(b []byte) []byte {
	b = binary.AppendVarint(b, r.seq)
	b = binary.AppendUvarint(b, uint64(len(r.ids)))
	for _, id := range r.ids {
		b = appendBytes(b, id)
	}
	flags := byte(recordToken)
	if r.files != nil {
		flags |= recordDocs
	}
	if len(r.counts) > 0 {
		flags |= recordCounts
	}
	if len(r.vectors) > 0 {
		flags |= recordVectors
	}
	b = binary.AppendVarint(append(b, flags), r.token)
	if r.files != nil {
		for _, f := range r.files {
			b = appendBytes(b, f)
		}
	}
	if len(r.counts) > 0 {
		b = binary.AppendUvarint(b, uint64(len(r.counts)))
		for _, c := range r.counts {
			b = c.counts.Append(appendBytes(b, c.id))
		}
	}
	if len(r.vectors) > 0 {
		b = binary.AppendUvarint(b, uint64(len(r.vectors)))
		for _, v := range r.vectors {
			b = binary.AppendUvarint(appendBytes(b, v.id), uint64(len(v.vector)))
			for _, x := range v.vector {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
		}
	}
	return b
}

func appendBytes[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeRecord reads what encode wrote.
func decodeRecord(b []byte) (r record, ok bool) {
	d := decoder{b: b}
	r.seq = d.varint()
	for n := d.uvarint(); n > 0 && !d.bad; n-- {
		r.ids = append(r.ids, string(d.bytes()))
	}
	flags := byte(0)
	if f := d.take(1); f != nil {
		flags = f[0]
	}
	if flags&recordToken != 0 {
		r.token = d.varint()
	}
	if flags&recordDocs != 0 {
		r.files = new(segment.Files)
		for i := range r.files {
			f := d.bytes()
			r.files[i] = append(make([]byte, 0, len(f)), f...) // aligned
		}
	}
	if flags&recordCounts != 0 {
		for n := d.uvarint(); n > 0 && !d.bad; n-- {
			id := string(d.bytes())
			r.counts = append(r.counts, countsChange{id, segment.DecodeCounts(d.take(segment.CountsSize))})
		}
	}
	if flags&recordVectors != 0 {
		for n := d.uvarint(); n > 0 && !d.bad; n-- {
			v := vectorChange{id: string(d.bytes())}
			for size := d.uvarint(); size > 0 && !d.bad; size-- {
				if x := d.take(4); x != nil {
					v.vector = append(v.vector, math.Float32frombits(binary.LittleEndian.Uint32(x)))
				}
			}
			r.vectors = append(r.vectors, v)
		}
	}
	return r, !d.bad && len(d.b) == 0
}

// A decoder takes values off the front and notes when there were too few bytes.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) take(n uint64) []byte {
	if n > uint64(len(d.b)) {
		d.b, d.bad = nil, true
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[n:]
	return v
}

// bytes reads a length and so many bytes.
func (d *decoder) bytes() []byte { return d.take(d.uvarint()) }

// close closes the log; nil is one that was not opened.
func (l *logFile) close() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}

// A file is what a log needs of an os.File.
type file interface {
	io.Writer
	io.Closer
	Sync() error
}

// A replay takes records in.
type replay struct {
	edit *segment.Edit
	live int // how many of the last segments are in memory only
	at   search.Position
}

// replayOf begins with some segments, of which the last live ones are in memory only.
func replayOf(segments []segment.Snapshot, live int, at search.Position) *replay {
	return &replay{segment.NewEdit(segments), live, at}
}

// take takes a record in. A segment that the caller has parsed already spares doing it
// again.
func (p *replay) take(r record, parsed *segment.Segment) error {
	for _, id := range r.ids {
		p.edit.MarkDeleted(id)
	}
	if r.files != nil && parsed == nil {
		var err error
		if parsed, err = segment.Parse(*r.files); err != nil {
			return fmt.Errorf("index: log: %w", err)
		}
	}
	if parsed != nil {
		p.edit.Add(segment.Of(parsed))
		p.live++
	}
	for _, c := range r.counts {
		p.edit.SetCounts(c.id, c.counts)
	}
	for _, v := range r.vectors {
		p.edit.SetVector(v.id, v.vector)
	}
	p.at.Seq, p.at.Token = r.seq, r.token
	if p.live <= liveSegments {
		return nil
	}
	segments, err := p.edit.Snapshots()
	if err != nil {
		return err
	}
	if segments, p.live, err = mergeLive(segments, p.live); err != nil {
		return err
	}
	p.edit = segment.NewEdit(segments)
	return nil
}

package segment

import (
	"bytes"
	"encoding/binary"
)

// A Class says of what kind a term is; it is the first byte of its key in the
// dictionary.
type Class byte

// The classes.
const (
	ClassText         Class = 't' // of title and abstract, with positions
	ClassTitle        Class = 'T' // of the title alone
	ClassAuthor       Class = 'A' // of an author's name, with positions
	ClassOrgName      Class = 'O' // of the organization's name, with positions
	ClassArchive      Class = 'a' // a category and what it lies in: "cs.CL", "cs"
	ClassOrganization Class = 'o' // an organization's unique name
	ClassExact        Class = 'x' // of title and abstract, as written; of stop words in a title alone
)

// dictBlock is how many terms share one entry of the dictionary's index.
const dictBlock = 16

// A Term says where a term's lists are; one that no document has has the DF 0.
type Term struct {
	DF       uint32 // documents
	blocks   uint32 // entries in fileBlocks
	blockOff uint64 // first of them
	postOff  uint64 // first posting
	posOff   uint64 // first byte of its positions
	posLen   uint64
}

// A dictWriter writes terms in ascending order of their keys.
type dictWriter struct {
	out    *fileWriter
	starts []uint32
	heads  []uint64
	n      int
	start  int64
	last   []byte
	buf    []byte
	at     Term // where the next term's lists begin
}

func newDictWriter(out *fileWriter) *dictWriter {
	out.section(secDict)
	return &dictWriter{out: out, start: out.n}
}

func (d *dictWriter) add(key []byte, df, blocks uint32, posLen uint64) {
	b := d.buf[:0]
	shared := 0
	if d.n%dictBlock == 0 {
		d.starts = append(d.starts, uint32(d.out.n-d.start))
		d.heads = append(d.heads, headOf(key))
		b = binary.AppendUvarint(b, d.at.blockOff)
		b = binary.AppendUvarint(b, d.at.postOff)
		b = binary.AppendUvarint(b, d.at.posOff)
	} else {
		shared = commonPrefix(d.last, key)
	}
	b = binary.AppendUvarint(b, uint64(shared))
	b = binary.AppendUvarint(b, uint64(len(key)-shared))
	b = append(b, key[shared:]...)
	b = binary.AppendUvarint(b, uint64(df))
	b = binary.AppendUvarint(b, uint64(blocks))
	b = binary.AppendUvarint(b, posLen)
	d.out.write(b)
	d.buf = b
	d.last = append(d.last[:0], key...)
	d.n++
	d.at.blockOff += uint64(blocks)
	d.at.postOff += uint64(df)
	d.at.posOff += posLen
}

func (d *dictWriter) finish() {
	d.out.section(secDictIndex)
	d.out.write(bytesOf(d.starts))
	d.out.section(secDictHeads)
	d.out.write(bytesOf(d.heads))
}

// headOf is the first eight bytes of a key, which compare as numbers like the key.
func headOf[T string | []byte](key T) uint64 {
	var head uint64
	for i := range min(8, len(key)) {
		head |= uint64(key[i]) << (56 - 8*i)
	}
	return head
}

func commonPrefix(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// A dict finds terms.
type dict struct {
	data   []byte
	starts []uint32 // where each of its blocks of terms begins
	heads  []uint64 // the first bytes of their first keys
}

// A dictCursor reads terms in order.
type dictCursor struct {
	d    *dict
	rest []byte
	next int // block to read after rest
	key  []byte
	info Term
	at   Term
}

// uvarint reads a number; 0 and nothing left when there is none.
func uvarint(b []byte) (uint64, []byte) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), b[1:]
	}
	return longUvarint(b)
}

func longUvarint(b []byte) (uint64, []byte) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil
	}
	return v, b[n:]
}

// block puts the cursor before the first term of a block.
func (c *dictCursor) block(i int) bool {
	if i >= len(c.d.starts) {
		return false
	}
	end := len(c.d.data)
	if i+1 < len(c.d.starts) {
		end = int(c.d.starts[i+1])
	}
	b := c.d.data[c.d.starts[i]:end]
	c.at.blockOff, b = uvarint(b)
	c.at.postOff, b = uvarint(b)
	c.at.posOff, b = uvarint(b)
	c.rest, c.next, c.key = b, i+1, c.key[:0]
	return true
}

// step goes to the next term.
func (c *dictCursor) step() bool {
	if len(c.rest) == 0 && !c.block(c.next) {
		return false
	}
	var shared, size, df, blocks, posLen uint64
	b := c.rest
	shared, b = uvarint(b)
	size, b = uvarint(b)
	c.key = append(c.key[:shared], b[:size]...)
	b = b[size:]
	df, b = uvarint(b)
	blocks, b = uvarint(b)
	posLen, b = uvarint(b)
	c.rest = b
	c.info = c.at
	c.info.DF, c.info.blocks, c.info.posLen = uint32(df), uint32(blocks), posLen
	c.at.blockOff += blocks
	c.at.postOff += df
	c.at.posOff += posLen
	return true
}

// firstKey is the first key of a block, in place.
func (d *dict) firstKey(i int) []byte {
	b := d.data[d.starts[i]:]
	for range 4 { // three offsets and the shared prefix
		_, b = uvarint(b)
	}
	size, b := uvarint(b)
	return b[:size]
}

// start puts the cursor before the block that key is in, if it is there; false where there
// is no block.
func (c *dictCursor) start(key []byte) bool {
	head := headOf(key)
	lo, hi := 0, len(c.d.starts) // the last block whose first key is not above key
	for lo < hi {
		mid := (lo + hi) / 2
		if h := c.d.heads[mid]; h < head || h == head && bytes.Compare(c.d.firstKey(mid), key) <= 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return c.block(max(lo-1, 0))
}

// seek puts the cursor on the first term that is not below key.
func (c *dictCursor) seek(key []byte) bool {
	if !c.start(key) {
		return false
	}
	for c.step() {
		if bytes.Compare(c.key, key) >= 0 {
			return true
		}
	}
	return false
}

// find gives a term; DF 0 when there is none. It puts no key together: it knows how many
// bytes of key the term at hand, which is below it, begins with, so that of the next one
// only what follows those has to be compared.
func (d *dict) find(key []byte) Term {
	c := dictCursor{d: d}
	if !c.start(key) {
		return Term{}
	}
	same := 0
	for b := c.rest; len(b) > 0; {
		var shared, size, df, blocks, posLen uint64
		shared, b = uvarint(b)
		size, b = uvarint(b)
		rest := b[:size]
		b = b[size:]
		df, b = uvarint(b)
		blocks, b = uvarint(b)
		posLen, b = uvarint(b)
		switch {
		case int(shared) < same: // it is above key
			return Term{}
		case int(shared) == same:
			n := commonPrefix(rest, key[same:])
			same += n
			switch {
			case n == len(rest) && same == len(key):
				c.at.DF, c.at.blocks, c.at.posLen = uint32(df), uint32(blocks), posLen
				return c.at
			case n < len(rest) && (same == len(key) || rest[n] > key[same]):
				return Term{}
			}
		}
		c.at.blockOff += blocks
		c.at.postOff += df
		c.at.posOff += posLen
	}
	return Term{}
}

package record

import (
	"errors"
	"fmt"
	"io"
)

// element reads the next element of the array. It only finds where the element
// ends, by strings and brackets; whether it is JSON is for the decoder to say.
func (r *Reader) element() (Record, error) {
	if err := r.separator(); err != nil {
		return Record{}, err
	}
	rec := Record{Line: r.line}
	var s scanner
	r.scratch = r.scratch[:0]
	tooLong := false
	for {
		c, err := r.in.ReadByte()
		if err != nil {
			return rec, r.failure(err)
		}
		if s.ends(c) {
			r.unread()
			break
		}
		if s.inString && c == '\n' {
			return rec, &brokenError{errors.New("a string does not end on its line; the rest of the array is not read")}
		}
		if c == '\n' {
			r.line++
		}
		tooLong = tooLong || len(r.scratch) == r.limit
		if !tooLong {
			r.scratch = append(r.scratch, c)
		}
		if s.take(c); s.complete {
			break
		}
	}
	if tooLong {
		return rec, fmt.Errorf("element of more than %s", size(r.limit))
	}
	rec.Data = r.scratch
	return rec, nil
}

// separator reads up to the first byte of the next element. It returns io.EOF
// behind the end of the array.
func (r *Reader) separator() error {
	c, err := r.skipBlanks()
	if err != nil {
		return r.failure(err)
	}
	if c == ']' {
		r.discard(1)
		return r.afterArray()
	}
	if !r.first {
		if c != ',' {
			return &brokenError{fmt.Errorf("expected a comma or the end of the array, got %q; the rest of the array is not read", c)}
		}
		r.discard(1)
		if c, err = r.skipBlanks(); err != nil {
			return r.failure(err)
		}
	}
	r.first = false
	if c == ',' || c == ']' || c == '}' || c == ':' {
		return &brokenError{fmt.Errorf("expected a record, got %q; the rest of the array is not read", c)}
	}
	return nil
}

// afterArray sees that nothing follows the array.
func (r *Reader) afterArray() error {
	c, err := r.skipBlanks()
	switch {
	case err == io.EOF:
		r.end = io.EOF
		return io.EOF
	case err != nil:
		return r.failure(err)
	}
	return &brokenError{fmt.Errorf("%q stands behind the end of the list", c)}
}

// skipBlanks passes over white space and shows the byte behind it.
func (r *Reader) skipBlanks() (byte, error) {
	for {
		c, err := r.in.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case c == '\n':
			r.line++
		case c != ' ' && c != '\t' && c != '\r':
			r.unread()
			return c, nil
		}
	}
}

func (r *Reader) unread() {
	if err := r.in.UnreadByte(); err != nil {
		panic(err) // only after something else than ReadByte
	}
}

func (r *Reader) discard(n int) {
	if _, err := r.in.Discard(n); err != nil {
		panic(err) // only beyond what was peeked at
	}
}

// A scanner follows the nesting of one JSON value.
type scanner struct {
	depth    int
	inString bool
	escaped  bool
	started  bool
	complete bool // the byte that was taken last is the last one of the value
}

// ends reports whether c stands behind a number or a word, which have no end of their own.
func (s *scanner) ends(c byte) bool {
	if !s.started || s.depth > 0 || s.inString {
		return false
	}
	switch c {
	case ',', ']', '}', ' ', '\t', '\r', '\n':
		return true
	}
	return false
}

func (s *scanner) take(c byte) {
	s.started = true
	if s.inString {
		s.takeInString(c)
		return
	}
	switch c {
	case '"':
		s.inString = true
	case '{', '[':
		s.depth++
	case '}', ']':
		s.depth--
		s.complete = s.depth == 0
	}
}

func (s *scanner) takeInString(c byte) {
	switch {
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.inString = false
		s.complete = s.depth == 0
	}
}

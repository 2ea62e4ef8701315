package record

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// checkText reports text that must not get any further: encoding/json puts
// U+FFFD in the place of some of it, without a word, and databases refuse NUL.
func checkText(data []byte) error {
	if !utf8.Valid(data) {
		return fmt.Errorf("invalid UTF-8 at byte offset %d", invalidAt(data))
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return fmt.Errorf("NUL character at byte offset %d", i)
	}
	return checkEscapes(data)
}

func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// checkEscapes reports \u0000 and lone halves of surrogate pairs.
func checkEscapes(data []byte) error {
	for i := 0; ; {
		j := bytes.IndexByte(data[i:], '\\')
		if j < 0 || i+j+1 >= len(data) {
			return nil
		}
		i += j
		if data[i+1] != 'u' {
			i += 2
			continue
		}
		n, err := checkUnicodeEscape(data[i:])
		if err != nil {
			return fmt.Errorf("%w at byte offset %d", err, i)
		}
		i += n
	}
}

// checkUnicodeEscape looks at the escape at the start of data and says how long it is.
func checkUnicodeEscape(data []byte) (int, error) {
	switch u := codeUnit(data); {
	case u == 0:
		return 0, errors.New("NUL character (\\u0000)")
	case u >= 0xdc00 && u < 0xe000:
		return 0, errors.New("half of a surrogate pair")
	case u >= 0xd800 && u < 0xdc00:
		if low := codeUnit(data[6:]); low < 0xdc00 || low >= 0xe000 {
			return 0, errors.New("half of a surrogate pair")
		}
		return 12, nil
	}
	return 2, nil
}

// codeUnit is the value of the escape \uXXXX at the start of data, or -1.
func codeUnit(data []byte) int {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	u, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return int(u)
}

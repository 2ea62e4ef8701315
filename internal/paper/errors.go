package paper

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The kinds of error. Ask with errors.Is and errors.As, never by text.
var (
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("conflict")
	ErrForbidden = errors.New("forbidden")
	ErrGone      = errors.New("gone") // it was here, or somewhere else, and will not come back

	// ErrUnavailable says that the database, or another server that the answer needs,
	// does not answer at the moment: asking again later may help.
	ErrUnavailable = errors.New("unavailable")
)

// An InvalidError says which input is wrong and what would be right.
type InvalidError struct {
	Field string // what was given: "date", "paper id", ...
	Msg   string // one sentence for the person who gave it
}

func (e *InvalidError) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Msg) }

// Invalid returns an *InvalidError with a formatted message.
func Invalid(field, format string, args ...any) error {
	return &InvalidError{Field: field, Msg: fmt.Sprintf(format, args...)}
}

// Shorten keeps an error message readable when the input is long: it is the first 80
// bytes of s, with a sign that there was more.
func Shorten(s string) string {
	const limit = 80
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// IsText reports whether s is text that may be looked for: databases take no others.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

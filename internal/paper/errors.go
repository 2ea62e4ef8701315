package paper

import (
	"errors"
	"fmt"
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

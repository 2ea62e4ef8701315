package indexer

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"broadsheet/internal/paper"
)

// What strangers are told has no paths in it.
func TestWord(t *testing.T) {
	at := func(err error) error {
		return fmt.Errorf("index: %w", &os.PathError{Op: "write", Path: "/var/lib/secret", Err: err})
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{at(syscall.ENOSPC), "cannot be written: no space left"},
		{at(syscall.EDQUOT), "cannot be written: the quota is used up"},
		{at(syscall.EROFS), "cannot be written: the folder is read-only"},
		{at(syscall.EACCES), "cannot be written: not allowed"},
		{at(errors.New("at /var/lib/secret")), "cannot be written: an error that is in the log"},
		{fmt.Errorf("%w: postgres://user:secret@host", paper.ErrUnavailable), "the database does not answer"},
	} {
		if got := word(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestStateInWords(t *testing.T) {
	for _, tt := range []struct {
		state    State
		want     string
		complete bool
	}{
		{State{}, "up to date", true},
		{State{Vectors: 9}, "up to date", true},
		{State{Behind: 1}, "1 change behind", false},
		{State{Behind: 1234, Missing: true}, "not there yet, 1,234 changes behind", false},
		{State{Behind: 1234, Rebuilding: true}, "being rebuilt, 1,234 changes behind", false},
		{State{Behind: 5, Problem: "cannot be written: no space left"}, "cannot be written: no space left", false},
	} {
		if got := tt.state.String(); got != tt.want || tt.state.Complete() != tt.complete {
			t.Errorf("%+v: %q, complete %v", tt.state, got, tt.state.Complete())
		}
	}
}

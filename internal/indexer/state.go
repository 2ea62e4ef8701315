package indexer

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// A State says what of a database can be found. The zero value: everything.
type State struct {
	Behind     int64  // changes that cannot be found yet
	Missing    bool   // there is no index to answer from yet
	Rebuilding bool   // the index is built anew; what is found may be old or incomplete
	Problem    string // why the index cannot be brought up to date; "" when nothing is known to be wrong
	Vectors    int64  // changes whose papers are found by their words alone, as their vectors have not come yet
}

// Complete reports whether everything can be found.
func (s State) Complete() bool { return s == State{Vectors: s.Vectors} }

// String says in a few words what cannot be found and why; strangers may read them.
func (s State) String() string {
	switch {
	case s.Problem != "":
		return s.Problem
	case s.Rebuilding:
		return "being rebuilt, " + changes(s.Behind) + " behind"
	case s.Missing && s.Behind > 0:
		return "not there yet, " + changes(s.Behind) + " behind"
	case s.Behind > 0:
		return changes(s.Behind) + " behind"
	}
	return "up to date"
}

// changes is n changes, or one.
func changes(n int64) string {
	if n == 1 {
		return "1 change"
	}
	return message.NewPrinter(language.English).Sprintf("%d changes", n)
}

// State says how far the index has come, by what it holds and the database's last change.
func (i *Index) State(ctx context.Context) (State, error) {
	st, err := i.Status(ctx)
	if err != nil {
		return State{}, err
	}
	last, err := i.o.DB.Position(ctx)
	if err != nil {
		return State{}, err
	}
	s := State{
		Behind: last.Seq, Missing: st.Papers == 0 && last.Seq > 0,
		Rebuilding: st.State == search.Rebuilding, Problem: i.state.problem(),
	}
	switch err := Check(ctx, i.o.DB, st.Position); {
	case err == nil:
		s.Behind = max(0, last.Seq-st.Position.Seq)
	case errors.Is(err, ErrNoSite), errors.Is(err, store.ErrOtherDatabase), errors.Is(err, store.ErrAhead):
		s.Rebuilding = true // as soon as somebody may write it
	default:
		return State{}, err
	}
	if after, ok := i.follower.waiting.after(); ok {
		s.Vectors = max(0, st.Position.Seq-after)
	}
	return s, nil
}

// state remembers what went wrong.
type state struct {
	mu     sync.Mutex
	failed error  // of the last round
	word   string // the same for strangers
	logged string
	lost   atomic.Bool // the index that another process writes is not of this database's history
}

func (s *state) problem() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.word
}

// fail notes an error of a round, and logs it unless it is the one before.
func (s *state) fail(log *slog.Logger, err error) {
	s.mu.Lock()
	s.failed, s.word = err, word(err)
	s.mu.Unlock()
	s.once(log, "the search index cannot be brought up to date; it is tried again", err)
}

// well notes that a round went well.
func (s *state) well(log *slog.Logger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		log.Info("the search index is brought up to date again")
	}
	s.failed, s.word, s.logged = nil, "", ""
}

// once logs an error unless it was the last to be logged.
func (s *state) once(log *slog.Logger, msg string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text := err.Error(); s.logged != text {
		s.logged = text
		log.Error(msg, "err", err)
	}
}

// word is an error for strangers: without paths, addresses and names.
func word(err error) string {
	if errors.Is(err, paper.ErrUnavailable) {
		return "the database does not answer"
	}
	return "cannot be written: " + cause(err)
}

func cause(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "no space left"
	case errors.Is(err, syscall.EDQUOT):
		return "the quota is used up"
	case errors.Is(err, syscall.EROFS):
		return "the folder is read-only"
	case errors.Is(err, fs.ErrPermission):
		return "not allowed"
	}
	return "an error that is in the log"
}

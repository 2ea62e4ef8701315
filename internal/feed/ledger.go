package feed

import (
	"sync"
	"time"
)

// A ledger remembers since when an answer has been as it is. The catalogue numbers its
// versions and does not date them, and the dates in a list do not tell either: a paper
// of last year may come in today.
type ledger struct {
	mu    sync.Mutex
	marks map[string]mark
}

type mark struct {
	tag   string
	since time.Time
}

// mostMarks bounds the ledger. Then it starts anew, and who asks by date gets one
// answer too many.
const mostMarks = 10_000

// since is when the answer under key was first seen with that tag.
func (l *ledger) since(key, tag string, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.marks[key]; ok && m.tag == tag {
		return m.since
	}
	if l.marks == nil || len(l.marks) >= mostMarks {
		l.marks = map[string]mark{}
	}
	l.marks[key] = mark{tag, now}
	return now
}

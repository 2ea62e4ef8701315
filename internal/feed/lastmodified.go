package feed

import (
	"sync"
	"time"
)

// A lastModifiedTracker remembers when a response was first seen as it is: the time for the
// header Last-Modified. The catalog numbers its versions and does not date them, and the dates
// in a list do not tell either: a paper of last year may come in today.
type lastModifiedTracker struct {
	mu   sync.Mutex
	seen map[string]firstSeen // by the key of the response
}

type firstSeen struct {
	tag string
	at  time.Time
}

// maxTracked is how many responses are tracked. When there are more, the tracker begins anew,
// and a client that asks by date gets one response too many.
const maxTracked = 10_000

// since is when the response under key was first seen with that entity tag.
func (l *lastModifiedTracker) since(key, tag string, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.seen[key]; ok && s.tag == tag {
		return s.at
	}
	if l.seen == nil || len(l.seen) >= maxTracked {
		l.seen = map[string]firstSeen{}
	}
	l.seen[key] = firstSeen{tag, now}
	return now
}

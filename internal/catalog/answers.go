package catalog

import (
	"container/list"
	"slices"
	"sync"
)

// An answerCache keeps what searches have found while nothing changes, the least recently
// asked for falling out first. Pages, APIs, feeds and agents share it.
type answerCache struct {
	bytes int // what all answers may weigh together

	mu     sync.Mutex
	stamp  stamp // of all answers
	size   int
	recent *list.List                  // of *keptAnswer, the most recently asked for first
	byKey  map[answerKey]*list.Element // into recent
}

// An answerKey names an answer. Two questions with one key have the same, but for facets
// and parts of scores.
type answerKey struct {
	stamp        stamp
	query        string // its Key
	start, limit int
	words, some  bool
}

type keptAnswer struct {
	key    answerKey
	result SearchResult // nobody may change what it refers to
	size   int
}

const (
	answerBytes = 16 << 20
	answerUnit  = 1 << 10 // what a paper of an answer weighs beside its texts, roughly
)

func newAnswerCache(bytes int) *answerCache {
	return &answerCache{bytes: bytes, recent: list.New(), byKey: map[answerKey]*list.Element{}}
}

// get is a copy of a kept answer that has all that q asks for; nil where there is none.
func (a *answerCache) get(key answerKey, q SearchRequest) *SearchResult {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := a.byKey[key]
	if e == nil {
		return nil
	}
	out := e.Value.(*keptAnswer).result
	if q.Facets && out.Facets == nil || q.Why && !out.explained() {
		return nil
	}
	a.recent.MoveToFront(e)
	out.Hits = slices.Clone(out.Hits)
	if !q.Facets {
		out.Facets = nil
	}
	for i := range out.Hits {
		if !q.Why {
			out.Hits[i].Why = nil
		}
	}
	return &out
}

// explained reports whether all hits say what their scores are made of.
func (f *SearchResult) explained() bool {
	for i := range f.Hits {
		if f.Hits[i].Why == nil {
			return false
		}
	}
	return true
}

// put keeps an answer, unless the index may say something else the next moment.
func (a *answerCache) put(key answerKey, f *SearchResult) {
	size := f.weight()
	if key.stamp == (stamp{}) || key.stamp.generation == 0 || size > a.bytes/4 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if key.stamp != a.stamp { // the answers of before will not be asked for again
		a.recent.Init()
		clear(a.byKey)
		a.stamp, a.size = key.stamp, 0
	}
	if old := a.byKey[key]; old != nil {
		a.drop(old)
	}
	kept := &keptAnswer{key, *f, size}
	kept.result.Hits = slices.Clone(f.Hits)
	a.byKey[key] = a.recent.PushFront(kept)
	a.size += size
	for a.size > a.bytes {
		a.drop(a.recent.Back())
	}
}

func (a *answerCache) drop(e *list.Element) {
	k := a.recent.Remove(e).(*keptAnswer)
	delete(a.byKey, k.key)
	a.size -= k.size
}

// weight is how many bytes an answer holds on to, roughly.
func (f *SearchResult) weight() int {
	n := 4 * answerUnit
	for i := range f.Hits {
		p := &f.Hits[i].Paper
		n += answerUnit + 2*(len(p.Title)+len(p.Abstract)) + len(p.Summary) // plain and as its source wrote it
		for _, a := range p.Authors {
			n += len(a.Name) + 100
		}
	}
	return n
}

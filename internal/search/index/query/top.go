package query

import "slices"

// A top keeps the best k of what is offered: once it is full, a heap with the worst at
// the front.
type top[T any] struct {
	k     int
	items []T
	worse func(a, b T) bool // a total order; by value, since pointers would escape into it
}

func (t *top[T]) full() bool { return len(t.items) >= t.k }

func (t *top[T]) offer(x T) {
	if len(t.items) < t.k {
		t.items = append(t.items, x)
		if len(t.items) == t.k {
			for i := t.k/2 - 1; i >= 0; i-- {
				t.down(i)
			}
		}
		return
	}
	if t.k > 0 && t.worse(t.items[0], x) {
		t.items[0] = x
		t.down(0)
	}
}

func (t *top[T]) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(t.items) {
			return
		}
		if c+1 < len(t.items) && t.worse(t.items[c+1], t.items[c]) {
			c++
		}
		if !t.worse(t.items[c], t.items[i]) {
			return
		}
		t.items[i], t.items[c] = t.items[c], t.items[i]
		i = c
	}
}

// sorted gives the best first.
func (t *top[T]) sorted() []T {
	slices.SortFunc(t.items, func(a, b T) int {
		switch {
		case t.worse(b, a):
			return -1
		case t.worse(a, b):
			return 1
		}
		return 0
	})
	return t.items
}

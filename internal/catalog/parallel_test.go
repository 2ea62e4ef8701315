package catalog

import (
	"slices"
	"strings"
	"testing"
)

func TestInParallel(t *testing.T) {
	for _, n := range []int{0, 1, 3, 20} {
		done := make([]int, n)
		if err := inParallel(n, func(i int) { done[i]++ }); err != nil || slices.Contains(done, 0) || slices.Contains(done, 2) {
			t.Errorf("%d: %v, %v", n, done, err)
		}
	}
	err := inParallel(5, func(i int) {
		if i == 3 {
			panic("broken text")
		}
	})
	if err == nil || !strings.Contains(err.Error(), "broken text") {
		t.Errorf("a panic: %v", err)
	}
}

package static

import (
	"math"
	"math/rand/v2"
	"testing"
)

// With vector instructions and without, a row adds the same.
func TestAddRow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 7, 8, 15, 16, 17, 192, 200} {
		row, a, b := make([]int8, n), make([]float32, n), make([]float32, n)
		for i := range n {
			row[i] = int8(r.IntN(256) - 128)
			a[i] = float32(r.NormFloat64())
			b[i] = a[i]
		}
		plainAddRow(a, row, 0.123)
		addRow(b, row, 0.123)
		for i := range n {
			if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
				t.Fatalf("%d numbers: the one at %d is %v and %v", n, i, a[i], b[i])
			}
		}
	}
}

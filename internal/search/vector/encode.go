package vector

import (
	"math/bits"
	"math/rand/v2"
)

// An encoder makes codes: it spreads a vector by a fixed random rotation and keeps the
// signs. The rotation is random sign changes and a Walsh-Hadamard transform, twice (as
// in A. Andoni and others, "Practical and Optimal LSH for Angular Distance", 2015): it
// costs a few additions a bit, evens out dimensions of unequal weight, and makes 256
// bits of a vector that is shorter. It is not safe for use by several goroutines.
type encoder struct {
	code  []uint64 // the last result
	flips [2][]float32
	work  []float32
	bits  int // of a code
}

// rotationSeed is part of the format: another one makes other codes.
const rotationSeed = 0x62726f6164736865

func newEncoder(l layout) *encoder {
	n := max(64*l.words, 1<<bits.Len(uint(l.dims-1)))
	e := &encoder{code: make([]uint64, l.words), work: make([]float32, n), bits: 64 * l.words}
	random := rand.New(rand.NewPCG(rotationSeed, uint64(n)))
	for i := range e.flips {
		e.flips[i] = make([]float32, n)
		for j := range e.flips[i] {
			e.flips[i][j] = float32(1 - 2*int(random.Uint64()>>63))
		}
	}
	return e
}

// encode leaves the signs of the rotated vector in e.code and itself in e.work.
func (e *encoder) encode(vec []float32) {
	n := copy(e.work, vec)
	clear(e.work[n:])
	for _, flips := range e.flips {
		for i, f := range flips {
			e.work[i] *= f
		}
		hadamard(e.work)
	}
	for w := range e.code {
		word := uint64(0)
		for b, x := range e.work[64*w : 64*w+64] {
			if x > 0 {
				word |= 1 << b
			}
		}
		e.code[w] = word
	}
}

// hadamard transforms x, whose length is a power of two, in place, without scaling.
func hadamard(x []float32) {
	for half := 1; half < len(x); half *= 2 {
		for i := 0; i < len(x); i += 2 * half {
			a, b := x[i:i+half], x[i+half:i+2*half]
			for j, y := range b {
				a[j], b[j] = a[j]+y, a[j]-y
			}
		}
	}
}

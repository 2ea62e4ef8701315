package train

import "math"

// The kernels below exist twice: in plain Go here, and with vector instructions where
// the compiler and the machine have them. Both do the same operations on the same
// numbers in the same order, so they give the same bits: products are rounded before
// they are added (never fused), and sums run over eight lanes or over one index.
type kernels struct {
	name string
	// tile computes 16 columns of c = a*b for rows of a: c[i*n+j] = sum over k of
	// a[i*depth+k]*panel[16*k+j], summed by ascending k.
	tile func(c []float32, n int, a []float32, depth int, panel []float32)
	// add adds src to dst; both have the same length, a multiple of 8, in all of these.
	add func(dst, src []float32)
	// expSum replaces each x by exp(x*by-by) and returns the sum over eight lanes.
	expSum func(x []float32, by float32) (lanes [8]float32)
	// weigh replaces each x by x*(row+column).
	weigh func(x []float32, row float32, column []float32)
	// adagrad adds squares of gradient to history and moves weight against it.
	adagrad func(weight, history, gradient []float32, rate float32)
}

var plain = kernels{
	name: "plain", tile: plainTile, add: plainAdd, expSum: plainExpSum,
	weigh: plainWeigh, adagrad: plainAdagrad,
}

// panelWidth is how many columns tile computes at once.
const panelWidth = 16

func plainTile(c []float32, n int, a []float32, depth int, panel []float32) {
	for i := 0; len(a) >= (i+1)*depth; i++ {
		var sum [panelWidth]float32
		for k, x := range a[i*depth : (i+1)*depth] {
			p := (*[panelWidth]float32)(panel[panelWidth*k:])
			for j, y := range p {
				sum[j] += float32(x * y)
			}
		}
		copy(c[i*n:i*n+panelWidth], sum[:])
	}
}

func plainAdd(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		dst[i] += x
	}
}

// The constants of exp: log2(e), ln(2) in two parts, and the Taylor series.
const (
	log2e     = 1.44269504088896341
	ln2High   = 0.693359375
	ln2Low    = -2.12194440e-4
	roundOff  = 3 << 22 // adding it leaves the nearest integer in the lowest bits
	exponent  = 23      // bits of a float32 below its exponent
	exp2      = 1.0 / 2
	exp3      = 1.0 / 6
	exp4      = 1.0 / 24
	exp5      = 1.0 / 120
	exp6      = 1.0 / 720
	tinyShare = 1e-10 // keeps the first step of Adagrad finite
)

// plainExp is exp(x) to about seven digits for -80 < x < 80.
func plainExp(x float32) float32 {
	shifted := float32(x*log2e) + roundOff
	n := shifted - roundOff
	r := x - float32(n*ln2High)
	r -= float32(n * ln2Low)
	y := float32(exp6*r) + exp5
	y = float32(y*r) + exp4
	y = float32(y*r) + exp3
	y = float32(y*r) + exp2
	y = float32(y*r) + 1
	y = float32(y*r) + 1
	return math.Float32frombits(math.Float32bits(y) + math.Float32bits(shifted)<<exponent)
}

func plainExpSum(x []float32, by float32) (lanes [8]float32) {
	for i := 0; i < len(x); i += 8 {
		part := (*[8]float32)(x[i:])
		for j, v := range part {
			e := plainExp(float32(v*by) - by)
			part[j] = e
			lanes[j] += e
		}
	}
	return lanes
}

func plainWeigh(x []float32, row float32, column []float32) {
	column = column[:len(x)]
	for i, v := range x {
		x[i] = v * (row + column[i])
	}
}

func plainAdagrad(weight, history, gradient []float32, rate float32) {
	history, gradient = history[:len(weight)], gradient[:len(weight)]
	for i, g := range gradient {
		h := history[i] + float32(g*g)
		history[i] = h
		root := float32(math.Sqrt(float64(h + tinyShare)))
		weight[i] -= float32(rate*g) / root
	}
}

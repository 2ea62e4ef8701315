package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func random(r *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(r.NormFloat64())
	}
	return out
}

// Where there are vector instructions, they give the same bits as plain Go.
func TestKernelsAgree(t *testing.T) {
	fast := fastest()
	t.Logf("comparing %s with plain", fast.name)
	r := rand.New(rand.NewPCG(1, 1))
	const rows, depth, n = 11, 37, 48
	a, panel := random(r, rows*depth), random(r, panelWidth*depth)
	c1, c2 := make([]float32, rows*n), make([]float32, rows*n)
	plain.tile(c1, n, a, depth, panel)
	fast.tile(c2, n, a, depth, panel)
	same(t, "tile", c1, c2)

	x, y := random(r, 64), random(r, 64)
	x1, x2 := slices.Clone(x), slices.Clone(x)
	plain.add(x1, y)
	fast.add(x2, y)
	same(t, "add", x1, x2)

	for i := range x1 {
		x1[i] = float32(math.Tanh(float64(x1[i])))
	}
	copy(x2, x1)
	s1, s2 := plain.expSum(x1, 20), fast.expSum(x2, 20)
	same(t, "expSum", append(x1, s1[:]...), append(x2, s2[:]...))

	plain.weigh(x1, 0.5, y)
	fast.weigh(x2, 0.5, y)
	same(t, "weigh", x1, x2)

	h1, h2 := make([]float32, 64), make([]float32, 64)
	for range 3 {
		plain.adagrad(x1, h1, y, 0.1)
		fast.adagrad(x2, h2, y, 0.1)
	}
	same(t, "adagrad", append(x1, h1...), append(x2, h2...))
}

func same(t *testing.T, name string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Errorf("%s: element %d: %v and %v", name, i, a[i], b[i])
			return
		}
	}
}

func TestExp(t *testing.T) {
	for x := float32(-60); x < 20; x += 0.37 {
		want := math.Exp(float64(x))
		if got := float64(plainExp(x)); math.Abs(got-want) > 1e-6*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestMultiply(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const m, n, depth = 13, 32, 20
	a, b := random(r, m*depth), random(r, depth*n)
	for _, workers := range []int{1, 3} {
		got := make([]float32, m*n)
		newMatrices(fastest(), workers).multiply(got, a, b, m, n, depth)
		for i := range m {
			for j := range n {
				want := 0.0
				for k := range depth {
					want += float64(a[i*depth+k]) * float64(b[k*n+j])
				}
				if math.Abs(float64(got[i*n+j])-want) > 1e-5 {
					t.Fatalf("%d workers: element %d, %d is %v, want %v", workers, i, j, got[i*n+j], want)
				}
			}
		}
	}
}

func BenchmarkMultiply(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 3))
	const m, n, depth = 1024, 1024, 192
	x, y, c := random(r, m*depth), random(r, depth*n), make([]float32, m*n)
	for _, k := range []kernels{plain, fastest()} {
		b.Run(k.name, func(b *testing.B) {
			mat := newMatrices(k, 1)
			for b.Loop() {
				mat.multiply(c, x, y, m, n, depth)
			}
			b.ReportMetric(2*m*n*depth*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

package train

import "sync"

// matrices multiplies and transposes in several goroutines. Every element is computed
// by one of them in a fixed order, so their number does not change a bit.
type matrices struct {
	kernels
	workers int
	panels  [][]float32
}

func newMatrices(k kernels, workers int) *matrices {
	return &matrices{kernels: k, workers: workers, panels: make([][]float32, workers)}
}

// split calls f with parts of 0..n whose borders are multiples of step, one for each
// worker, at the same time.
func (m *matrices) split(n, step int, f func(worker, from, to int)) {
	var wg sync.WaitGroup
	steps := (n + step - 1) / step
	for w := range m.workers {
		from, to := steps*w/m.workers*step, min(n, steps*(w+1)/m.workers*step)
		if from < to {
			wg.Go(func() { f(w, from, to) })
		}
	}
	wg.Wait()
}

// multiply makes c = a*b, where a has rows times depth elements, b depth times n, all
// row by row, and n is a multiple of panelWidth.
func (m *matrices) multiply(c, a, b []float32, rows, n, depth int) {
	m.split(n, panelWidth, func(worker, from, to int) {
		if len(m.panels[worker]) < panelWidth*depth {
			m.panels[worker] = make([]float32, panelWidth*depth)
		}
		panel := m.panels[worker][:panelWidth*depth]
		for j := from; j < to; j += panelWidth {
			for k := range depth {
				copy(panel[panelWidth*k:], b[k*n+j:k*n+j+panelWidth])
			}
			m.tile(c[j:], n, a[:rows*depth], depth, panel)
		}
	})
}

// transpose makes dst[j*rows+i] = src[i*n+j].
func (m *matrices) transpose(dst, src []float32, rows, n int) {
	const block = 16
	m.split(n, block, func(_, from, to int) {
		for i := 0; i < rows; i += block {
			for j := from; j < to; j++ {
				for k := i; k < min(i+block, rows); k++ {
					dst[j*rows+k] = src[k*n+j]
				}
			}
		}
	})
}

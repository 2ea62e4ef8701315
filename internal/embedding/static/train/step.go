package train

import (
	"math"
	"math/rand/v2"
)

// A trainer does the steps. Its matrices have a row for each document of the batch.
type trainer struct {
	Options
	*matrices
	corpus *corpus
	state  *state

	batch []document
	spans [][2]int // of each body: the passage

	title, passage, rest []float32 // sums of the terms' vectors
	abstract, others     []float32 // passage + rest, title + rest
	dTitle, dPassage     []float32 // gradients, in the order of the sums
	dAbstract, dOthers   []float32
	pair                 pair

	gradient []float32 // of all stems, zero between steps
	touched  []uint32
	marked   []bool
}

func newTrainer(o Options, c *corpus, s *state, k kernels) *trainer {
	t := &trainer{Options: o, matrices: newMatrices(k, o.Workers), corpus: c, state: s}
	t.batch, t.spans = make([]document, o.Batch), make([][2]int, o.Batch)
	for _, m := range []*[]float32{&t.title, &t.passage, &t.rest, &t.abstract, &t.others,
		&t.dTitle, &t.dPassage, &t.dAbstract, &t.dOthers} {
		*m = make([]float32, o.Batch*o.Dimensions)
	}
	t.pair = newPair(t.matrices, o)
	t.gradient = make([]float32, len(s.weights))
	t.marked = make([]bool, len(c.vocabulary))
	return t
}

// learn does one step on the documents of the given numbers and returns the loss
// before it.
func (t *trainer) learn(numbers []int) float64 {
	r := rand.New(rand.NewPCG(t.Seed, 1<<33+uint64(t.state.step)))
	for i, n := range numbers {
		d := t.corpus.documents[n]
		t.batch[i] = d
		length := max(1, int(t.Span*float64(len(d.body))))
		from := r.IntN(len(d.body) - length + 1)
		t.spans[i] = [2]int{from, from + length}
	}
	t.sum()
	loss := t.pair.loss(t.title, t.abstract, t.dTitle, t.dAbstract)
	loss += t.pair.loss(t.passage, t.others, t.dPassage, t.dOthers)
	t.split(len(t.title), t.Dimensions, func(_, from, to int) {
		t.add(t.dTitle[from:to], t.dOthers[from:to])
		t.add(t.dPassage[from:to], t.dAbstract[from:to])
		t.add(t.dAbstract[from:to], t.dOthers[from:to]) // now that of the rest
	})
	t.scatter()
	t.update()
	return loss / 2
}

// sum makes the sums of the vectors of each document's parts.
func (t *trainer) sum() {
	dims := t.Dimensions
	t.split(len(t.batch), 1, func(_, from, to int) {
		for i := from; i < to; i++ {
			d, span := t.batch[i], t.spans[i]
			title, passage, rest := t.title[i*dims:][:dims], t.passage[i*dims:][:dims], t.rest[i*dims:][:dims]
			clear(title)
			clear(passage)
			clear(rest)
			t.addRows(title, d.title)
			t.addRows(passage, d.body[span[0]:span[1]])
			t.addRows(rest, d.body[:span[0]])
			t.addRows(rest, d.body[span[1]:])
			abstract, others := t.abstract[i*dims:][:dims], t.others[i*dims:][:dims]
			copy(abstract, passage)
			t.add(abstract, rest)
			copy(others, title)
			t.add(others, rest)
		}
	})
}

func (t *trainer) addRows(dst []float32, rows []uint32) {
	for _, row := range rows {
		t.add(dst, t.state.weights[int(row)*t.Dimensions:][:t.Dimensions])
	}
}

// scatter adds the gradients of the sums to those of the stems. Each worker has some
// of the dimensions, so that every number is summed in the order of the documents.
func (t *trainer) scatter() {
	t.touched = t.touched[:0]
	for _, d := range t.batch {
		for _, rows := range [2][]uint32{d.title, d.body} {
			for _, row := range rows {
				if !t.marked[row] {
					t.marked[row] = true
					t.touched = append(t.touched, row)
				}
			}
		}
	}
	dims := t.Dimensions
	t.split(dims, 8, func(_, from, to int) {
		for i, d := range t.batch {
			at, span := i*dims, t.spans[i]
			t.give(d.title, t.dTitle[at+from:at+to], from)
			t.give(d.body[span[0]:span[1]], t.dPassage[at+from:at+to], from)
			t.give(d.body[:span[0]], t.dAbstract[at+from:at+to], from)
			t.give(d.body[span[1]:], t.dAbstract[at+from:at+to], from)
		}
	})
}

func (t *trainer) give(rows []uint32, gradient []float32, from int) {
	for _, row := range rows {
		at := int(row)*t.Dimensions + from
		t.add(t.gradient[at:at+len(gradient)], gradient)
	}
}

// update moves the stems of this batch and clears their gradients.
func (t *trainer) update() {
	dims := t.Dimensions
	t.split(len(t.touched), 1, func(_, from, to int) {
		for _, row := range t.touched[from:to] {
			at := int(row) * dims
			g := t.gradient[at : at+dims]
			t.adagrad(t.state.weights[at:at+dims], t.state.history[at:at+dims], g, float32(t.Rate))
			clear(g)
			t.marked[row] = false
		}
	})
}

// A pair is the loss between two texts of each document of a batch.
type pair struct {
	*matrices
	n, dims     int
	sharpness   float32 // 1/temperature
	x, y        []float32
	xLen, yLen  []float32
	flat        []float32 // the transpose of x or y
	share, turn []float32 // batch times batch, and its transpose
	rows, cols  []float32
	own         []float32 // cosines of the texts that belong together
}

func newPair(m *matrices, o Options) pair {
	n, d := o.Batch, o.Dimensions
	return pair{
		matrices: m, n: n, dims: d, sharpness: float32(1 / o.Temperature),
		x: make([]float32, n*d), y: make([]float32, n*d), flat: make([]float32, n*d),
		xLen: make([]float32, n), yLen: make([]float32, n),
		share: make([]float32, n*n), turn: make([]float32, n*n),
		rows: make([]float32, n), cols: make([]float32, n), own: make([]float32, n),
	}
}

// loss is the mean over rows of the cross-entropy of the softmax over cosines, that a
// of x belongs with its y and the other way round. It leaves in dx and dy its gradients
// (times the batch size and the temperature, which Adagrad does not mind).
func (p *pair) loss(x, y, dx, dy []float32) float64 {
	p.unit(p.x, p.xLen, x)
	p.unit(p.y, p.yLen, y)
	p.transpose(p.flat, p.y, p.n, p.dims)
	p.multiply(p.share, p.x, p.flat, p.n, p.n, p.dims)
	p.exponentials()
	total := 0.0
	for i, s := range p.own {
		total -= float64((s - 1) * p.sharpness)
		total += (math.Log(float64(p.rows[i])) + math.Log(float64(p.cols[i]))) / 2
		p.rows[i], p.cols[i] = 0.5/p.rows[i], 0.5/p.cols[i]
	}
	p.split(p.n, 1, func(_, from, to int) {
		for i := from; i < to; i++ {
			row := p.share[i*p.n : (i+1)*p.n]
			p.weigh(row, p.rows[i], p.cols)
			row[i]--
		}
	})
	p.multiply(dx, p.share, p.y, p.n, p.dims, p.n)
	p.transpose(p.turn, p.share, p.n, p.n)
	p.multiply(dy, p.turn, p.x, p.n, p.dims, p.n)
	p.throughUnit(dx, p.x, p.xLen)
	p.throughUnit(dy, p.y, p.yLen)
	return total / float64(p.n)
}

// exponentials replaces the cosines by the exponentials of their logits and sums them
// by row and by column. They are at most 1, as the largest logit is subtracted.
func (p *pair) exponentials() {
	n := p.n
	p.split(n, 1, func(_, from, to int) {
		for i := from; i < to; i++ {
			p.own[i] = p.share[i*n+i]
			lanes := p.expSum(p.share[i*n:(i+1)*n], p.sharpness)
			p.rows[i] = 0
			for _, x := range lanes {
				p.rows[i] += x
			}
		}
	})
	p.split(n, 8, func(_, from, to int) {
		clear(p.cols[from:to])
		for i := range n {
			p.add(p.cols[from:to], p.share[i*n+from:i*n+to])
		}
	})
}

// unit writes the rows of src at unit length to dst, and their lengths.
func (p *pair) unit(dst, lengths, src []float32) {
	p.split(p.n, 1, func(_, from, to int) {
		for i := from; i < to; i++ {
			row, out := src[i*p.dims:(i+1)*p.dims], dst[i*p.dims:(i+1)*p.dims]
			lengths[i] = max(1e-6, float32(math.Sqrt(float64(dot(row, row)))))
			for j, x := range row {
				out[j] = x / lengths[i]
			}
		}
	})
}

// throughUnit turns the gradient of unit vectors into that of the vectors.
func (p *pair) throughUnit(gradient, unit, lengths []float32) {
	p.split(p.n, 1, func(_, from, to int) {
		for i := from; i < to; i++ {
			g, u := gradient[i*p.dims:(i+1)*p.dims], unit[i*p.dims:(i+1)*p.dims]
			along := dot(g, u)
			for j := range g {
				g[j] = (g[j] - float32(along*u[j])) / lengths[i]
			}
		}
	})
}

// dot sums over eight lanes, to be quick and exact enough.
func dot(a, b []float32) float32 {
	var lanes [8]float32
	for len(a) >= 8 && len(b) >= 8 {
		for j := range lanes {
			lanes[j] += float32(a[j] * b[j])
		}
		a, b = a[8:], b[8:]
	}
	sum := float32(0)
	for _, x := range lanes {
		sum += x
	}
	return sum
}

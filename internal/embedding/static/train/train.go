package train

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
)

// Options say how to train. The zero value of each field but Seed means its default.
type Options struct {
	Seed        uint64
	Vocabulary  int     // stems to keep, the most frequent; default 30,000
	Dimensions  int     // of the vectors, a multiple of 16; default 192
	Epochs      int     // times that every document is seen; default 1
	Batch       int     // documents told apart at once, a multiple of 16; default 2,048
	Temperature float64 // of the softmax over cosines; default 0.05
	Rate        float64 // step size of Adagrad; default 1
	Span        float64 // part of a body that is a passage; default 0.3

	// What follows does not change the result.
	Workers    int            // goroutines; default GOMAXPROCS
	Checkpoint string         // file to keep the state in and to go on from; "": none
	Every      time.Duration  // between checkpoints; default 30 seconds
	Progress   func(Progress) // called now and then
}

// Progress says how far training is.
type Progress struct {
	Stage     string // "read" or "train"
	Documents int    // read so far
	Step      int    // batches done
	Steps     int    // of so many
	Loss      float64
}

func (o Options) withDefaults() Options {
	setInt := func(p *int, value int) {
		if *p == 0 {
			*p = value
		}
	}
	setFloat := func(p *float64, value float64) {
		if *p == 0 {
			*p = value
		}
	}
	setInt(&o.Vocabulary, 30_000)
	setInt(&o.Dimensions, 192)
	setInt(&o.Epochs, 1)
	setInt(&o.Batch, 2048)
	setFloat(&o.Temperature, 0.05)
	setFloat(&o.Rate, 1)
	setFloat(&o.Span, 0.3)
	setInt(&o.Workers, runtime.GOMAXPROCS(0))
	if o.Every == 0 {
		o.Every = 30 * time.Second
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

func (o Options) check() error {
	switch {
	case o.Vocabulary < 1:
		return fmt.Errorf("train: vocabulary of %d, want at least 1", o.Vocabulary)
	case o.Dimensions < 16 || o.Dimensions%16 != 0:
		return fmt.Errorf("train: %d dimensions, want a multiple of 16", o.Dimensions)
	case o.Batch < 16 || o.Batch%16 != 0:
		return fmt.Errorf("train: batch of %d, want a multiple of 16", o.Batch)
	case o.Epochs < 1 || o.Workers < 1:
		return fmt.Errorf("train: %d epochs, %d workers: want at least 1", o.Epochs, o.Workers)
	case !(o.Temperature >= 0.03 && o.Temperature <= 10):
		return fmt.Errorf("train: temperature %v, want 0.03 to 10", o.Temperature)
	case !(o.Rate > 0 && o.Rate < 100):
		return fmt.Errorf("train: rate %v, want more than 0 and less than 100", o.Rate)
	case !(o.Span > 0 && o.Span < 1):
		return fmt.Errorf("train: span %v, want a part between 0 and 1", o.Span)
	}
	return nil
}

// Train makes a model of docs. When ctx ends it keeps the state in the checkpoint file
// and returns the context's error; called again with the same options and documents, it
// goes on from there. It removes that file when it is done.
func Train(ctx context.Context, o Options, docs iter.Seq2[embedding.Text, error]) (*static.Model, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	c, err := readCorpus(ctx, docs, o.Vocabulary, func(n int) {
		o.Progress(Progress{Stage: "read", Documents: n})
	})
	if err != nil {
		return nil, err
	}
	if len(c.documents) < o.Batch {
		return nil, fmt.Errorf("train: %d documents of use, want at least a batch of %d", len(c.documents), o.Batch)
	}
	return run(ctx, o, c, fastest())
}

func run(ctx context.Context, o Options, c *corpus, k kernels) (*static.Model, error) {
	s := newState(o, c)
	file := checkpoint{path: o.Checkpoint, fingerprint: fingerprint(o, c), saved: time.Now()}
	if err := file.load(s); err != nil {
		return nil, err
	}
	t := newTrainer(o, c, s, k)
	each := len(c.documents) / o.Batch
	steps := each * o.Epochs
	var order []int
	for ordered := -1; s.step < steps; s.step++ {
		if epoch := s.step / each; epoch != ordered {
			order, ordered = shuffled(len(c.documents), o.Seed, epoch), epoch
		}
		if err := ctx.Err(); err != nil {
			return nil, file.interrupted(s, err)
		}
		at := s.step % each * o.Batch
		loss := t.learn(order[at : at+o.Batch])
		if math.IsNaN(loss) {
			return nil, fmt.Errorf("train: step %d: the loss is not a number; lower the rate", s.step)
		}
		o.Progress(Progress{"train", len(c.documents), s.step + 1, steps, loss})
		if time.Since(file.saved) > o.Every {
			if err := file.save(s, s.step+1); err != nil {
				return nil, err
			}
		}
	}
	m, err := static.New(c.vocabulary, s.weights, o.Dimensions)
	if err != nil {
		return nil, err
	}
	return m, file.remove()
}

func shuffled(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}

// A state is what training changes.
type state struct {
	step    int
	weights []float32 // the vectors of all stems
	history []float32 // sums of squared gradients
}

// firstLength makes the first vectors so short that a few steps turn them: a stem that is
// seldom seen would else stay random noise beside those that have learned.
const firstLength = 0.1

// newState draws the first vectors: of random direction, longer for rarer stems, which
// say more.
func newState(o Options, c *corpus) *state {
	n := len(c.vocabulary) * o.Dimensions
	s := &state{weights: make([]float32, n), history: make([]float32, n)}
	r := rand.New(rand.NewPCG(o.Seed, 1<<32))
	for row, f := range c.frequencies {
		rarity := math.Log(1+float64(len(c.documents))/float64(f)) / math.Sqrt(float64(o.Dimensions)) * firstLength
		for i := range o.Dimensions {
			s.weights[row*o.Dimensions+i] = float32(r.NormFloat64() * rarity)
		}
	}
	return s
}

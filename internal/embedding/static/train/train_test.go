package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
)

// topics makes documents of invented words: each of some topics has words of its own,
// of which titles and bodies take different ones.
func topics(n int) iter.Seq2[embedding.Text, error] {
	return func(yield func(embedding.Text, error) bool) {
		r := rand.New(rand.NewPCG(5, 5))
		for i := range n {
			topic := i % 20
			words := func(n int) string {
				var out []string
				for range n {
					out = append(out, word(topic, r.IntN(12)))
					if r.IntN(3) == 0 {
						out = append(out, word(99, r.IntN(30))) // of no topic
					}
				}
				return strings.Join(out, " ")
			}
			if !yield(embedding.Text{Title: fmt.Sprintf("%s n%d", words(4), i), Body: words(25)}, nil) {
				return
			}
		}
	}
}

func word(topic, i int) string { return fmt.Sprintf("zq%c%cxy%c", 'a'+topic%26, 'a'+topic/26, 'a'+i) }

func small() Options {
	return Options{Seed: 3, Vocabulary: 500, Dimensions: 32, Batch: 64, Epochs: 4, Workers: 1}
}

func train(t *testing.T, o Options) *static.Model {
	t.Helper()
	m, err := Train(t.Context(), o, topics(1000))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func file(t *testing.T, m *static.Model) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := m.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTrainLearns(t *testing.T) {
	o := small()
	var first, last Progress
	o.Progress = func(p Progress) {
		if p.Stage == "train" && first.Steps == 0 {
			first = p
		}
		last = p
	}
	m := train(t, o)
	if last.Step != last.Steps || last.Steps != 60 || last.Loss > first.Loss-0.5 {
		t.Errorf("first %+v, last %+v", first, last)
	}
	near, far := similarity(t, m, word(1, 1), word(1, 2)), similarity(t, m, word(1, 1), word(2, 2))
	if near < far+0.15 {
		t.Errorf("words of one topic: cosine %.2f, of two: %.2f", near, far)
	}
}

func similarity(t *testing.T, m *static.Model, a, b string) (sum float32) {
	t.Helper()
	v, w := make([]float32, m.Dimensions()), make([]float32, m.Dimensions())
	if !m.EmbedRows([]int32{m.Row(a)}, nil, v) || !m.EmbedRows(nil, []int32{m.Row(b)}, w) {
		t.Fatalf("%s or %s is unknown", a, b)
	}
	for i := range v {
		sum += v[i] * w[i]
	}
	return sum
}

func TestTrainIsDeterministic(t *testing.T) {
	want := file(t, train(t, small()))
	several := small()
	several.Workers = 3
	if !bytes.Equal(want, file(t, train(t, several))) {
		t.Error("three workers make another model than one")
	}
	other := small()
	other.Seed++
	if bytes.Equal(want, file(t, train(t, other))) {
		t.Error("another seed makes the same model")
	}
	c, err := readCorpus(t.Context(), topics(1000), 500, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	m, err := run(t.Context(), small().withDefaults(), c, plain)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, file(t, m)) {
		t.Errorf("plain Go makes another model than %s", fastest().name)
	}
}

// However often training is interrupted, it ends with the same model.
func TestTrainResumes(t *testing.T) {
	want := file(t, train(t, small()))
	for _, every := range []time.Duration{time.Nanosecond, time.Hour} {
		o := small()
		o.Checkpoint, o.Every = filepath.Join(t.TempDir(), "state"), every
		interruptions := 0
		for {
			m, err := Train(stopAfter(t, &o, 17), o, topics(1000))
			if errors.Is(err, context.Canceled) {
				interruptions++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, file(t, m)) {
				t.Errorf("every %v: interrupted, it makes another model", every)
			}
			break
		}
		if interruptions != 3 {
			t.Errorf("every %v: interrupted %d times, want 3", every, interruptions)
		}
		if left, _ := os.ReadDir(filepath.Dir(o.Checkpoint)); len(left) > 0 {
			t.Errorf("every %v: left behind %v", every, left)
		}
	}
}

// stopAfter is a context that ends after so many further steps.
func stopAfter(t *testing.T, o *Options, steps int) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(p Progress) {
		if p.Stage != "train" {
			return
		}
		if steps--; steps == 0 && p.Step < p.Steps {
			cancel()
		}
	}
	return ctx
}

func TestCheckpointOfAnotherRun(t *testing.T) {
	o := small()
	o.Checkpoint = filepath.Join(t.TempDir(), "state")
	interrupt := func() []byte {
		if _, err := Train(stopAfter(t, &o, 5), o, topics(1000)); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		data, err := os.ReadFile(o.Checkpoint)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data := interrupt()
	refused := func(name string) {
		t.Helper()
		if _, err := Train(t.Context(), o, topics(1000)); !errors.Is(err, errOtherRun) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.Rate = 0.2
	refused("another rate")
	o.Rate = 0
	for name, damaged := range map[string][]byte{"cut": data[:len(data)-5], "empty": {}, "flipped": flipped(data)} {
		if err := os.WriteFile(o.Checkpoint, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		refused(name)
	}
}

func flipped(data []byte) []byte {
	out := bytes.Clone(data)
	out[len(out)/2] ^= 4
	return out
}

func TestTrainErrors(t *testing.T) {
	broken := errors.New("broken source")
	failing := func(yield func(embedding.Text, error) bool) { yield(embedding.Text{}, broken) }
	if _, err := Train(t.Context(), small(), failing); !errors.Is(err, broken) {
		t.Errorf("failing documents: %v", err)
	}
	tests := map[string]func(o *Options){
		"dimensions":  func(o *Options) { o.Dimensions = 20 },
		"batch":       func(o *Options) { o.Batch = 7 },
		"too few":     func(o *Options) { o.Batch = 4096 },
		"vocabulary":  func(o *Options) { o.Vocabulary = -1 },
		"epochs":      func(o *Options) { o.Epochs = -1 },
		"temperature": func(o *Options) { o.Temperature = -1 },
		"rate":        func(o *Options) { o.Rate = -1 },
		"span":        func(o *Options) { o.Span = 2 },
	}
	for name, change := range tests {
		o := small()
		change(&o)
		if _, err := Train(t.Context(), o, topics(100)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The same title twice is one document.
func TestCorpus(t *testing.T) {
	texts := func(yield func(embedding.Text, error) bool) {
		body := strings.Repeat("galaxies rotate ", 6)
		for _, x := range []embedding.Text{
			{Title: "Galaxies", Body: body}, {Title: "Galaxies", Body: body},
			{Title: "Short", Body: "too few words"}, {Title: "", Body: body}, {Title: "Rotating", Body: body},
		} {
			if !yield(x, nil) {
				return
			}
		}
	}
	c, err := readCorpus(t.Context(), texts, 2, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.documents) != 2 || len(c.documents[0].body) != 12 || len(c.documents[1].title) != 1 {
		t.Errorf("documents %v", c.documents)
	}
	if strings.Join(c.vocabulary, " ") != "galaxi rotat" || c.frequencies[0] != 3 {
		t.Errorf("vocabulary %v, frequencies %v", c.vocabulary, c.frequencies)
	}
}

// The gradient of the loss is checked against differences.
func TestGradient(t *testing.T) {
	o := Options{Batch: 16, Dimensions: 16, Temperature: 0.5}
	p := newPair(newMatrices(fastest(), 2), o)
	r := rand.New(rand.NewPCG(9, 9))
	n := o.Batch * o.Dimensions
	x, y := random(r, n), random(r, n)
	dx, dy, spare := make([]float32, n), make([]float32, n), make([]float32, n)
	p.loss(x, y, dx, dy)
	for _, side := range []struct{ values, gradient []float32 }{{x, dx}, {y, dy}} {
		for _, i := range []int{0, 17, 100, n - 1} {
			const h = 1e-2
			old := side.values[i]
			side.values[i] = old + h
			up := p.loss(x, y, spare, spare)
			side.values[i] = old - h
			down := p.loss(x, y, spare, spare)
			side.values[i] = old
			got := float64(side.gradient[i]) / float64(o.Batch) / o.Temperature
			if want := (up - down) / (2 * h); got-want > 2e-4 || want-got > 2e-4 {
				t.Errorf("element %d: gradient %v, difference %v", i, got, want)
			}
		}
	}
}

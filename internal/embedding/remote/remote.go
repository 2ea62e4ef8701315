// Package remote is an embedding model behind HTTP, asked the way OpenAI's API is
// (POST {base}/embeddings), which many servers understand.
//
// Start with [New]. Callers give the vectors' dimensions, because an index has to know
// them before the first answer; an answer of others is an error.
//
// The key is sent to the server alone and stands in no error. The package keeps no
// cache, and leaves it to its caller to run several requests at once.
package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/internal/embedding"
)

// Options say which model to ask and how.
type Options struct {
	Base       string // URL before "/embeddings", such as https://example.org/v1
	Model      string // as the server calls it
	Dimensions int    // of its vectors
	Key        string // sent as a bearer token; "": none

	// QueryPrefix and DocumentPrefix are put before texts, for models that want it,
	// such as "query: ".
	QueryPrefix    string
	DocumentPrefix string

	Batch     int           // texts in one request; 0 means 64
	MaxBytes  int           // of one text, the rest is cut; 0 means 8,000
	Timeout   time.Duration // of one attempt; 0 means 30 seconds
	Attempts  int           // at one request; 0 means 5
	FirstWait time.Duration // before the second attempt, then twice as long each; 0 means half a second
	MaxWait   time.Duration // longest wait, also when the server asks for more; 0 means a minute
	Client    *http.Client  // nil means one that follows no redirects
}

// A Model asks a server. It may be used by several goroutines.
type Model struct {
	o        Options
	endpoint string
}

var _ embedding.Model = (*Model)(nil)

// maxDimensions bounds what one answer may hold.
const maxDimensions = 4096

// New checks the options. It does not ask the server yet.
func New(o Options) (*Model, error) {
	base, err := url.Parse(o.Base)
	switch {
	case err != nil:
		// The address may hold a password, and url.Error would repeat it.
		return nil, errors.New("remote: base is not a URL")
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, errors.New("remote: base must begin with http:// or https:// and a host")
	case o.Model == "":
		return nil, errors.New("remote: the model has no name")
	case o.Dimensions < 1 || o.Dimensions > maxDimensions:
		return nil, fmt.Errorf("remote: %d dimensions, want 1 to %d", o.Dimensions, maxDimensions)
	case o.Batch < 0 || o.MaxBytes < 0 || o.Attempts < 0 || o.Timeout < 0 || o.FirstWait < 0 || o.MaxWait < 0:
		return nil, errors.New("remote: batch, sizes, attempts and times must not be negative")
	}
	o.Batch = cmp.Or(o.Batch, 64)
	o.MaxBytes = cmp.Or(o.MaxBytes, 8000)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Attempts = cmp.Or(o.Attempts, 5)
	o.FirstWait = cmp.Or(o.FirstWait, 500*time.Millisecond)
	o.MaxWait = cmp.Or(o.MaxWait, time.Minute)
	if o.Client == nil {
		// A redirect could carry the texts, or the key, to somebody else.
		o.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}}
	}
	return &Model{o: o, endpoint: base.JoinPath("embeddings").String()}, nil
}

// Name is the server's name for the model and its dimensions.
func (m *Model) Name() string { return fmt.Sprintf("remote-%s-%d", m.o.Model, m.o.Dimensions) }

// Dimensions is the length of every vector.
func (m *Model) Dimensions() int { return m.o.Dimensions }

// Terms is nil: the server must see the texts.
func (m *Model) Terms() embedding.TermModel { return nil }

// Documents embeds titles and bodies, in as many requests as it takes, one after
// another. A text without content has the zero vector.
func (m *Model) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	inputs := make([]string, len(texts))
	for i, t := range texts {
		inputs[i] = m.input(m.o.DocumentPrefix, strings.TrimSpace(t.Title+"\n"+t.Body))
	}
	return m.embed(ctx, inputs)
}

// Query embeds what somebody asks.
func (m *Model) Query(ctx context.Context, text string) ([]float32, error) {
	out, err := m.embed(ctx, []string{m.input(m.o.QueryPrefix, strings.TrimSpace(text))})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// input is what to send for a text: valid UTF-8 of at most MaxBytes; "" for one that
// needs no asking.
func (m *Model) input(prefix, text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if text == "" {
		return ""
	}
	text = prefix + text
	if len(text) > m.o.MaxBytes {
		end := m.o.MaxBytes
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return text
}

// embed gives a vector for each input, zero for empty ones, which servers refuse.
func (m *Model) embed(ctx context.Context, inputs []string) ([][]float32, error) {
	out := make([][]float32, len(inputs))
	var batch []string
	var places []int
	send := func() error {
		vectors, err := m.ask(ctx, batch)
		if err != nil {
			return err
		}
		for i, v := range vectors {
			out[places[i]] = v
		}
		batch, places = batch[:0], places[:0]
		return nil
	}
	for i, input := range inputs {
		if input == "" {
			out[i] = make([]float32, m.o.Dimensions)
			continue
		}
		batch, places = append(batch, input), append(places, i)
		if len(batch) == m.o.Batch {
			if err := send(); err != nil {
				return nil, err
			}
		}
	}
	if len(batch) > 0 {
		if err := send(); err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

// unit brings v to unit length; the zero vector stays.
func unit(v []float32) error {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return errors.New("a number that is not finite")
	}
	if sum == 0 {
		return nil
	}
	inverse := 1 / math.Sqrt(sum)
	for i, x := range v {
		v[i] = float32(float64(x) * inverse)
	}
	return nil
}

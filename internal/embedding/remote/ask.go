package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A question and an answer as they stand in JSON.
type question struct {
	Model string   `json:"model"`
	Input []string `json:"input"`
}

type answer struct {
	Data []struct {
		Index     *int      `json:"index"`
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
}

// A refusal is an answer that asking again may mend.
type refusal struct {
	err  error
	wait time.Duration // that the server asked for; 0: none
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// ask sends one batch, again when the server is busy or broken.
func (m *Model) ask(ctx context.Context, batch []string) ([][]float32, error) {
	body, err := json.Marshal(question{m.o.Model, batch})
	if err != nil {
		return nil, fmt.Errorf("remote: %s: %w", m.o.Model, err)
	}
	wait := m.o.FirstWait
	for attempt := 1; ; attempt++ {
		vectors, err := m.once(ctx, body, len(batch))
		if err == nil {
			return vectors, nil
		}
		var r *refusal
		if !errors.As(err, &r) || attempt >= m.o.Attempts || ctx.Err() != nil {
			return nil, fmt.Errorf("remote: model %s: attempt %d of %d: %w", m.o.Model, attempt, m.o.Attempts, err)
		}
		// A little chance keeps those who were refused together from coming back so.
		pause := min(m.o.MaxWait, max(r.wait, wait+rand.N(wait/4+1)))
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("remote: model %s: %w", m.o.Model, ctx.Err())
		case <-time.After(pause):
		}
		wait = min(2*wait, m.o.MaxWait)
	}
}

func (m *Model) once(ctx context.Context, body []byte, n int) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, m.o.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the request cannot be made")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	if m.o.Key != "" {
		request.Header.Set("Authorization", "Bearer "+m.o.Key)
	}
	response, err := m.o.Client.Do(request)
	if err != nil {
		return nil, &refusal{err: m.redacted(err)}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, m.refused(response)
	}
	// A number takes at most some 24 characters.
	limit := int64(n)*(int64(m.o.Dimensions)*32+1024) + 1<<16
	data, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, &refusal{err: m.redacted(err)}
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("an answer of more than %d bytes for %d texts", limit, n)
	}
	return m.read(data, n)
}

// maxComplaint is how much of a server's error is passed on.
const maxComplaint = 300

// refused makes an error of an answer that is not OK.
func (m *Model) refused(response *http.Response) error {
	said, _ := io.ReadAll(io.LimitReader(response.Body, maxComplaint))
	text := strings.ToValidUTF8(strings.Join(strings.Fields(string(said)), " "), "")
	err := m.redacted(fmt.Errorf("the server answered %s: %s", response.Status, text))
	code := response.StatusCode
	if code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500 {
		return &refusal{err, retryAfter(response.Header.Get("Retry-After"), time.Now())}
	}
	return err
}

// redacted takes the key out of an error, should a server or address repeat it.
func (m *Model) redacted(err error) error {
	if m.o.Key == "" || !strings.Contains(err.Error(), m.o.Key) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), m.o.Key, "[key]"))
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date.
func retryAfter(header string, now time.Time) time.Duration {
	const longest = 24 * time.Hour // what is more would overflow
	if seconds, err := strconv.ParseUint(header, 10, 63); err == nil {
		return time.Duration(min(seconds, uint64(longest/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, min(longest, at.Sub(now)))
	}
	return 0
}

// read takes n vectors out of an answer and puts them in the order of the texts.
func (m *Model) read(data []byte, n int) ([][]float32, error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	if len(a.Data) != n {
		return nil, fmt.Errorf("%d vectors for %d texts", len(a.Data), n)
	}
	out := make([][]float32, n)
	for i, d := range a.Data {
		if d.Index != nil {
			i = *d.Index
		}
		if i < 0 || i >= n || out[i] != nil {
			return nil, fmt.Errorf("the answer has no vector or two for a text: index %d of %d", i, n)
		}
		if len(d.Embedding) != m.o.Dimensions {
			return nil, fmt.Errorf("a vector of %d dimensions, want %d: set the model's dimensions", len(d.Embedding), m.o.Dimensions)
		}
		if err := unit(d.Embedding); err != nil {
			return nil, err
		}
		out[i] = d.Embedding
	}
	return out, nil
}

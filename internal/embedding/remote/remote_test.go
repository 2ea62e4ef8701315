package remote_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/embedding/remote"
)

const key = "open-sesame"

// honest answers like a good server, with the vectors of the model for tests, in
// backward order.
func honest(t *testing.T, w http.ResponseWriter, r *http.Request) {
	var in struct {
		Model string
		Input []string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		t.Error(err)
	}
	if r.Method != "POST" || r.URL.Path != "/v1/embeddings" || in.Model != "small" ||
		r.Header.Get("Authorization") != "Bearer "+key || len(in.Input) > 8 {
		t.Errorf("%s %s: model %q, %d inputs", r.Method, r.URL.Path, in.Model, len(in.Input))
	}
	type item struct {
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	var items []item
	for i := len(in.Input) - 1; i >= 0; i-- {
		v, _ := embeddingtest.Model{}.Query(r.Context(), in.Input[i])
		for j := range v {
			v[j] *= 3 // not of unit length
		}
		items = append(items, item{i, v})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": items})
}

// serve starts a server and makes a model that asks it and waits but briefly.
func serve(t *testing.T, handler http.HandlerFunc) *remote.Model {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	m, err := remote.New(remote.Options{
		Base: s.URL + "/v1/", Model: "small", Dimensions: 32, Key: key, Batch: 8,
		FirstWait: time.Millisecond, MaxWait: 20 * time.Millisecond, Timeout: 300 * time.Millisecond, Attempts: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModel(t *testing.T) {
	embeddingtest.TestModel(t, serve(t, func(w http.ResponseWriter, r *http.Request) { honest(t, w, r) }))
}

func TestRetries(t *testing.T) {
	tests := []struct {
		name  string
		fail  http.HandlerFunc
		times int // that it fails
		ok    bool
		asked int
	}{
		{"busy once", status(429, "1"), 1, true, 2},
		{"busy for a day", status(429, "86400"), 1, true, 2},
		{"busy until a date", status(429, "Fri, 01 Jan 2100 00:00:00 GMT"), 1, true, 2},
		{"broken twice", status(503, ""), 2, true, 3},
		{"broken for good", status(500, "junk"), 99, false, 3},
		{"refused", status(401, ""), 99, false, 1},
		{"moved", status(307, ""), 99, false, 1},
		{"slow once", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second):
			}
		}, 1, true, 2},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 1, true, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Int32
			m := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if int(asked.Add(1)) <= test.times {
					test.fail(w, r)
					return
				}
				honest(t, w, r)
			})
			_, err := m.Query(t.Context(), "a word")
			if (err == nil) != test.ok || int(asked.Load()) != test.asked {
				t.Errorf("asked %d times, want %d: %v", asked.Load(), test.asked, err)
			}
			if err != nil && strings.Contains(err.Error(), key) {
				t.Errorf("the key stands in %v", err)
			}
		})
	}
}

// status answers with a code, and repeats the key as a careless server would.
func status(code int, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(code)
		fmt.Fprintf(w, "no entry\nfor %s", r.Header.Get("Authorization"))
	}
}

func TestBadAnswers(t *testing.T) {
	one := `{"index":0,"embedding":[` + strings.Repeat("1,", 31) + `1]}`
	tests := []struct{ name, body string }{
		{"empty", ""},
		{"not JSON", "<html>"},
		{"no data", `{}`},
		{"too many", `{"data":[` + one + `,` + one + `]}`},
		{"index beyond", `{"data":[` + strings.Replace(one, ":0", ":7", 1) + `]}`},
		{"index below", `{"data":[` + strings.Replace(one, ":0", ":-1", 1) + `]}`},
		{"too short", `{"data":[{"index":0,"embedding":[1,2]}]}`},
		{"too large a number", `{"data":[` + strings.Replace(one, "[1,", "[1e39,", 1) + `]}`},
		{"endless", strings.Repeat(" ", 1<<20)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, test.body) })
			if v, err := m.Query(t.Context(), "a word"); err == nil {
				t.Errorf("no error, but %v", v)
			}
		})
	}
}

// A batch with the same index twice would leave another text without vector.
func TestSameIndexTwice(t *testing.T) {
	one := `{"index":0,"embedding":[` + strings.Repeat("1,", 31) + `1]}`
	m := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[`+one+`,`+one+`]}`)
	})
	if _, err := m.Documents(t.Context(), []embedding.Text{{Title: "a"}, {Title: "b"}}); err == nil {
		t.Error("no error")
	}
}

func TestLongTextIsCut(t *testing.T) {
	m := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if len(body) > 8200 {
			t.Errorf("%d bytes were sent", len(body))
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		honest(t, w, r)
	})
	if _, err := m.Query(t.Context(), strings.Repeat("é", 10_000)); err != nil {
		t.Error(err)
	}
}

func TestNewErrors(t *testing.T) {
	good := remote.Options{Base: "https://example.org/v1", Model: "m", Dimensions: 8}
	tests := map[string]func(o *remote.Options){
		"no base":       func(o *remote.Options) { o.Base = "" },
		"bad base":      func(o *remote.Options) { o.Base = "http://user:secret@exa mple" },
		"not http":      func(o *remote.Options) { o.Base = "file:///etc" },
		"no model":      func(o *remote.Options) { o.Model = "" },
		"no dimensions": func(o *remote.Options) { o.Dimensions = 0 },
		"too many":      func(o *remote.Options) { o.Dimensions = 1 << 20 },
		"negative":      func(o *remote.Options) { o.Batch = -1 },
	}
	if _, err := remote.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range tests {
		o := good
		change(&o)
		if _, err := remote.New(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

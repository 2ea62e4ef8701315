package httpserver

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// slowRequest is how long a request takes before it is logged at level info.
const slowRequest = time.Second

// Middleware is the outermost handler of a site: it gives each request its id, its viewer
// and its deadline, answers panics, and counts and logs every response.
type Middleware struct {
	Next     http.Handler
	Timeout  time.Duration              // of a request
	Identify func(*http.Request) Viewer // who sent a request; nil: everybody is anonymous
	Log      *slog.Logger
	Metrics  *Metrics
}

func (m *Middleware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	id := requestID(r)
	w.Header().Set("X-Request-Id", id)
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), idKey{}, id), m.Timeout)
	defer cancel()
	if m.Identify != nil {
		ctx = withViewer(ctx, m.Identify(r))
	}
	r = r.WithContext(ctx)
	rec := newRecorder(w)
	defer rec.release()

	m.Metrics.inFlight.Inc()
	aborted := m.serve(rec, r)
	m.Metrics.inFlight.Dec()

	took := time.Since(start)
	m.Metrics.observe(r, rec.code(), took)
	m.log(r, rec, took)
	if aborted {
		panic(http.ErrAbortHandler) // the connection ends, and no half page looks whole
	}
}

// serve runs the next handler and turns a panic into a response. It reports whether
// the response had begun when the handler panicked.
func (m *Middleware) serve(w *recorder, r *http.Request) (aborted bool) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			m.Log.ErrorContext(r.Context(), "panic", "value", p, "path", r.URL.Path, "stack", string(debug.Stack()))
		}
		if aborted = w.status != 0; !aborted {
			http.Error(w, "Something went wrong here. Please try again; if it stays so, tell the people who run this site the number "+
				w.Header().Get("X-Request-Id")+".", http.StatusInternalServerError)
		}
	}()
	m.Next.ServeHTTP(w, r)
	return false
}

// log writes the access log: at debug, or at info when the request failed or was slow.
func (m *Middleware) log(r *http.Request, w *recorder, took time.Duration) {
	level := slog.LevelDebug
	if w.code() >= 500 || took > slowRequest {
		level = slog.LevelInfo
	}
	ctx := r.Context()
	if !m.Log.Enabled(ctx, level) {
		return
	}
	m.Log.LogAttrs(ctx, level, "request",
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.Int("status", w.code()),
		slog.Int64("bytes", w.bytes),
		slog.Duration("took", took))
}

// A recorder notes the status and the size of a response.
type recorder struct {
	http.ResponseWriter
	status int // 0 until the response begins
	bytes  int64
}

var recorders = sync.Pool{New: func() any { return new(recorder) }}

func newRecorder(w http.ResponseWriter) *recorder {
	rec := recorders.Get().(*recorder)
	*rec = recorder{ResponseWriter: w}
	return rec
}

func (w *recorder) release() {
	w.ResponseWriter = nil
	recorders.Put(w)
}

// code is the status of the response: 200 when the handler named none.
func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

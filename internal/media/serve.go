package media

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"sync"
	"time"
)

const (
	// pictureAge is how long browsers keep a picture: its address names its
	// source, whose picture seldom changes.
	pictureAge = 30 * 24 * time.Hour
	// failureAge is how long a picture that could not be had is not asked for again.
	failureAge = 5 * time.Minute
)

// ServeHTTP answers GET and HEAD of an address that [Service.URL] made in mode
// Proxy. Everything else is 404; a picture that cannot be had is 404, 415 or 502.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "a picture can only be read", http.StatusMethodNotAllowed)
		return
	}
	if err := s.serve(w, r); err != nil {
		s.answer(w, r, err)
	}
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) error {
	if s.o.Mode != Proxy {
		return &failure{status: http.StatusNotFound, msg: "pictures are not served here"}
	}
	src, ok := s.verify(r.URL.Path)
	if !ok {
		return &failure{status: http.StatusNotFound, msg: "this picture's address was not made here"}
	}
	m, err := s.picture(r.Context(), src)
	if err != nil {
		return err
	}
	defer m.Close()
	h := w.Header()
	h.Set("Content-Type", m.kind)
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(pictureAge.Seconds())))
	h.Set("ETag", `"`+hex.EncodeToString(m.sum[:16])+`"`)
	http.ServeContent(w, r, "", m.fetched, m)
	return nil
}

// picture opens the picture of src, from the cache or from its server.
func (s *Service) picture(ctx context.Context, src string) (*image, error) {
	m, err := s.cache.get(src)
	if err == nil {
		return m, nil
	}
	if f := s.failures.get(src, s.o.now()); f != nil {
		return nil, f
	}
	if errors.Is(err, errCorrupt) {
		s.o.Log.Warn("kept picture is damaged and is fetched again", "src", src)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	// A reader who goes away does not end the fetch: others may wait for it, and
	// the next reader gets the picture from the cache.
	_, err, _ = s.flight.Do(src, func() (any, error) { return nil, s.fetchOnce(context.WithoutCancel(ctx), src) })
	if err != nil {
		return nil, err
	}
	if m, err = s.cache.get(src); err != nil {
		return nil, &failure{status: http.StatusBadGateway, msg: "the picture was not kept; try again", cause: err, brief: true}
	}
	return m, nil
}

// fetchOnce fetches src and remembers when that fails. Whoever comes just after
// another's fetch of src has ended finds its result.
func (s *Service) fetchOnce(ctx context.Context, src string) error {
	if m, err := s.cache.get(src); err == nil {
		return m.Close()
	}
	if f := s.failures.get(src, s.o.now()); f != nil {
		return f
	}
	err := s.fetch(ctx, src)
	var f *failure
	if errors.As(err, &f) {
		s.o.Log.Info("picture not fetched", "src", src, "err", err)
		if !f.brief {
			s.failures.add(src, f, s.o.now())
		}
	}
	return err
}

// answer tells the reader in one line why there is no picture.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, err error) {
	f := &failure{status: http.StatusInternalServerError, msg: "the picture cannot be read", brief: true}
	if !errors.As(err, &f) {
		s.o.Log.Error("picture not served", "path", r.URL.Path, "err", err)
	}
	if !f.brief {
		w.Header().Set("Cache-Control", "public, max-age=60")
	}
	http.Error(w, f.msg, f.status)
}

// failures remembers what could not be fetched. The zero value is empty.
type failures struct {
	mu sync.Mutex
	m  map[string]pastFailure
}

type pastFailure struct {
	f     *failure
	until time.Time
}

// maxFailures bounds what is remembered; it costs about a megabyte.
const maxFailures = 4096

func (fs *failures) get(src string, now time.Time) *failure {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	p, ok := fs.m[src]
	if !ok || !now.Before(p.until) {
		return nil
	}
	return p.f
}

func (fs *failures) add(src string, f *failure, now time.Time) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.m == nil || len(fs.m) >= maxFailures {
		fs.m = make(map[string]pastFailure) // forgetting costs one more try each
	}
	fs.m[src] = pastFailure{f, now.Add(failureAge)}
}

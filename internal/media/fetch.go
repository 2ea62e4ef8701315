package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// A failure is why a picture cannot be shown: the status of the answer and one
// sentence for whoever asks. The cause is for the log only.
type failure struct {
	status int
	msg    string
	cause  error
	brief  bool // no fault of the picture's: the next request may try again
}

func (f *failure) Error() string {
	if f.cause == nil {
		return f.msg
	}
	return f.msg + ": " + f.cause.Error()
}

func (f *failure) Unwrap() error { return f.cause }

// errAddress is returned by the dialler for an address that may not be reached.
var errAddress = errors.New("not a public address")

const maxRedirects = 3

// newClient returns a client that dials only allowed addresses, directly, and
// keeps no cookies.
func newClient(o Options) *http.Client {
	d := &net.Dialer{
		Timeout: o.Timeout,
		// Control sees the address that is dialled, after the name has been
		// resolved, so no answer of a name server can slip past the check.
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil || !o.allow(ap.Addr()) {
				return fmt.Errorf("%s: %w", address, errAddress)
			}
			return nil
		},
	}
	return &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would resolve names in our place
			DialContext:            d.DialContext,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // pictures are compressed; and no bombs
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           maxFetches,
			IdleConnTimeout:        30 * time.Second,
		},
	}
}

func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if !fetchable(r.URL) {
		return errors.New("redirect to what is not a plain http or https URL")
	}
	r.Header.Del("Referer")
	return nil
}

// fetch brings src into the cache. Its errors are of type *failure.
func (s *Service) fetch(ctx context.Context, src string) error {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return &failure{status: http.StatusServiceUnavailable, msg: "too many pictures are being fetched; try again", brief: true}
	}
	resp, err := s.get(ctx, src)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return s.keep(src, resp)
}

// get asks for src. The caller closes the answer's body.
func (s *Service) get(ctx context.Context, src string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, src, nil)
	if err != nil {
		return nil, &failure{status: http.StatusNotFound, msg: "not a picture's address", cause: err}
	}
	req.Header.Set("User-Agent", "Broadsheet (picture proxy)")
	req.Header.Set("Accept", "image/avif,image/webp,image/png,image/jpeg,image/gif")
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, unreachable(err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	resp.Body.Close()
	cause := fmt.Errorf("answered %s", resp.Status)
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone {
		return nil, &failure{status: http.StatusNotFound, msg: "the picture is gone", cause: cause}
	}
	return nil, &failure{status: http.StatusBadGateway, msg: "the picture's server refused it", cause: cause}
}

func unreachable(err error) *failure {
	msg := "the picture's server cannot be reached"
	if errors.Is(err, errAddress) {
		msg = "the picture's address is not public"
	}
	return &failure{status: http.StatusBadGateway, msg: msg, cause: err}
}

// keep writes the body of resp to the cache if it is a picture and not too large.
func (s *Service) keep(src string, resp *http.Response) error {
	tooLarge := &failure{status: http.StatusBadGateway, msg: fmt.Sprintf("the picture is larger than %d bytes", s.o.MaxBytes)}
	if resp.ContentLength > s.o.MaxBytes {
		return tooLarge
	}
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(resp.Body, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return unreachable(err)
	}
	if sniff(head[:n]) == "" {
		return &failure{status: http.StatusUnsupportedMediaType, msg: "not a picture of a kind that is shown here"}
	}
	body := &limited{r: resp.Body, left: s.o.MaxBytes - int64(n)}
	err = s.cache.put(src, head[:n], body)
	switch {
	case errors.Is(err, errTooLarge):
		return tooLarge
	case body.err != nil:
		return unreachable(body.err)
	case err != nil:
		return &failure{status: http.StatusInternalServerError, msg: "the picture cannot be kept", cause: err, brief: true}
	}
	return nil
}

var errTooLarge = errors.New("too large")

// limited reads from r, and fails with errTooLarge after left bytes. It keeps
// r's error, so that the reader's fault can be told from the writer's.
type limited struct {
	r    io.Reader
	left int64
	err  error
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}

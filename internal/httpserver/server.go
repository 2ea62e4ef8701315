package httpserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/net/netutil"
)

// Grace is how long running requests have to finish when the site stops.
const Grace = 8 * time.Second

// Limits on every connection, beside those of the configuration.
const (
	headerTimeout = 10 * time.Second // to send a request's head
	readTimeout   = 30 * time.Second // to send the whole request
	idleTimeout   = 2 * time.Minute  // between two requests
	headerBytes   = 64 << 10         // of a request's head
	writeSlack    = 5 * time.Second  // after a request's deadline, to send what there is
)

// NewServer returns an HTTP server with all limits set. timeout is that of a request.
func NewServer(h http.Handler, timeout time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + timeout + writeSlack,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Listen opens addr for at most limit connections at a time. The errors that
// people meet are explained; key is the setting that addr comes from.
func Listen(ctx context.Context, key, addr string, limit int) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return netutil.LimitListener(l, limit), nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %s is taken by another program (is Broadsheet running already?): "+
			"stop it, or choose another address with --%s HOST:PORT", key, addr, flagOf(key))
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s: not allowed to listen on %s: ports below 1024 are for the system; "+
			"choose another address with --%s HOST:PORT", key, addr, flagOf(key))
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("%s: %s is no address of this machine: use 127.0.0.1 for this machine alone, 0.0.0.0 for all its addresses",
			key, addr)
	}
	return nil, fmt.Errorf("%s: %w", key, err)
}

// flagOf is the flag of a setting.
func flagOf(key string) string {
	if key == "metrics_listen" {
		return "metrics-listen"
	}
	return key
}

// Serve answers requests on l until ctx ends. Then it calls stopping and lets the
// requests that are running finish; those that still run after grace are cut off.
func Serve(ctx context.Context, srv *http.Server, l net.Listener, grace time.Duration, stopping func()) error {
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	stopping()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(end); err != nil {
		err = errors.Join(fmt.Errorf("requests still ran after %s and were cut off", grace), srv.Close())
		<-failed
		return err
	}
	<-failed
	return nil
}

// URL is an address of the listener that a browser on this machine can open.
func URL(l net.Listener) string {
	tcp, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return "http://" + l.Addr().String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return fmt.Sprintf("http://%s", net.JoinHostPort(host, fmt.Sprint(tcp.Port)))
}

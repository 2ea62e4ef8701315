package mcpserver

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// maxRequest is the longest request in bytes; questions are short.
const maxRequest = 1 << 20

// baseKey is where a request's context keeps scheme and host of the site.
type baseKey struct{}

// base is scheme and host for addresses in an answer; "" where nobody knows them.
func (s *Server) base(ctx context.Context) string {
	base, _ := ctx.Value(baseKey{}).(string)
	if base == "" {
		return s.BaseURL
	}
	return base
}

// Handler returns what answers agents over HTTP. Each request stands for itself.
//
// Scripts of web pages may ask, too, except where the site is reached as this very
// machine: there only pages of this machine may, and the name that was asked for must
// be this machine's or the site's own, so that no page elsewhere can reach a private
// site through its reader's browser (DNS rebinding).
func (s *Server) Handler() http.Handler {
	next := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s.mcp }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: maxRequest, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // refusal does that, and knows the site's own name
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if why := s.refusal(r); why != "" {
			http.Error(w, why, http.StatusForbidden)
			return
		}
		allowScripts(w.Header())
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), baseKey{}, cmp.Or(s.BaseURL, httpserver.Origin(r)))))
	})
}

// allowScripts lets scripts of all pages read the answer.
func allowScripts(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Accept, Authorization, Last-Event-ID, Mcp-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name")
	h.Set("Access-Control-Expose-Headers", "Mcp-Session-Id, Mcp-Protocol-Version")
	h.Set("Access-Control-Max-Age", "86400")
}

// refusal says why a request is not answered; "" when it is.
func (s *Server) refusal(r *http.Request) string {
	here, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	local := here != nil && loopback(here.String())
	switch {
	case s.own(r.Host):
		return ""
	case local && !loopback(r.Host):
		return fmt.Sprintf("this site does not know itself as %s: if that is its name, set base_url to it", paper.Shorten(r.Host))
	case !loopback(r.Host):
		return ""
	}
	origin := r.Header.Get("Origin")
	if u, err := url.Parse(origin); origin != "" && (err != nil || !loopback(u.Host) && !s.own(u.Host)) {
		return fmt.Sprintf("pages of %s may not ask a site on this machine", paper.Shorten(origin))
	}
	return ""
}

// own reports whether a host is that of the site's public address.
func (s *Server) own(host string) bool {
	u, err := url.Parse(s.BaseURL)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}

// loopback reports whether a host, with a port or without, is this very machine.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

package httpserver

import (
	"context"
	"net/http"
)

// A Viewer is who asks. The zero Viewer is anonymous. Only responses for the anonymous
// are cached, public, and shared by those who ask for the same at one time.
type Viewer struct {
	ID    string // of an account
	Roles Roles
}

// Roles are what a viewer may do, one bit each.
type Roles uint32

// Anonymous reports whether nobody knows who asks.
func (v Viewer) Anonymous() bool { return v == Viewer{} }

type viewerKey struct{}

// ViewerOf is who sent a request, as [Middleware] has found out. It takes the request
// itself, which nothing that is shared can reach: whoever renders a response is handed
// the viewer.
func ViewerOf(r *http.Request) Viewer {
	v, _ := r.Context().Value(viewerKey{}).(Viewer)
	return v
}

// withViewer is ctx with a viewer that ViewerOf finds.
func withViewer(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

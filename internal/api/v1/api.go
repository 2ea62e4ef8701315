// Package v1 is Broadsheet's own interface for programs: papers, editions, trending,
// search, authors, organizations and changes as JSON below /api/v1/, described by an
// OpenAPI 3.1 document that is made from the very types that are sent.
//
// Start with [New], whose [API] answers everything below /api/v1. operations.go lists
// every address with its documentation, paper.go has the shape that a paper has
// everywhere, and problem.go says what went wrong, as RFC 9457 has it. A request takes
// this way: the mux that has [API.Routes] finds which operation is meant, with address.go
// where a paper is; query.go checks the parameters against their description; answer.go
// asks the cache, and only then the operation is called.
//
// Callers put the routes into a [httpserver.Router], which leaves paths as they came:
// identifiers may hold slashes, written as such or as %2F. They hand in the clock and the
// time that the catalog goes by.
//
// Everything may be read by scripts of any site; nothing looks at cookies or tokens,
// and nothing can be changed. The package limits nobody: how many requests an address
// may send is decided before it.
package v1

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// Options are the settings of the API.
type Options struct {
	Catalog  *catalog.Catalog
	Clock    paper.Clock       // the feed clock that the catalog goes by
	Now      func() time.Time  // nil means time.Now
	Cache    *httpserver.Cache // of answers; nil means one of its own
	BaseURL  string            // scheme and host as clients see them; "" means those that they asked for
	SiteName string            // "" means Broadsheet
	Log      *slog.Logger      // nil means silence
}

// An API answers everything below /api/v1.
type API struct {
	Options
	huma         huma.API
	adapter      adapter
	operations   []*operation
	byPaper      map[string]*operation // those about one paper, by what stands behind its identifier
	paperEndings []string
	spec         []byte // the OpenAPI document as JSON
	specYAML     []byte
}

// New returns the API.
func New(o Options) (*API, error) {
	if o.Catalog == nil {
		return nil, errors.New("v1: Options.Catalog is missing")
	}
	httpserver.Complete(&o.SiteName, &o.BaseURL, &o.Now, &o.Log)
	if o.Cache == nil {
		o.Cache = httpserver.NewCache(httpserver.CacheOptions{Version: o.Catalog.Version, Now: o.Now, Log: o.Log})
	}
	a := &API{Options: o, adapter: adapter{}, byPaper: map[string]*operation{}}
	a.huma = newHuma(o, a.adapter)
	a.register()
	finish(a.huma.OpenAPI())
	var err error
	if a.spec, err = json.Marshal(a.huma.OpenAPI()); err != nil {
		return nil, fmt.Errorf("v1: OpenAPI document: %w", err)
	}
	if a.specYAML, err = a.huma.OpenAPI().YAML(); err != nil {
		return nil, fmt.Errorf("v1: OpenAPI document as YAML: %w", err)
	}
	return a, nil
}

// OpenAPI is the OpenAPI 3.1 document of the API, as JSON. Callers must not change it.
func (a *API) OpenAPI() []byte { return a.spec }

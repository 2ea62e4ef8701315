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
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/urls"
)

// Catalog is what the API reads. Nothing found is paper.ErrNotFound, a cursor that no
// page has given is a *paper.InvalidError, and catalog.ErrNoSearch says that nothing
// can be searched.
type Catalog interface {
	Version(ctx context.Context) (int64, error)
	Stats(ctx context.Context) (catalog.Stats, error)
	FeedClock(ctx context.Context) (catalog.FeedClock, error)

	Edition(ctx context.Context, p paper.Period, cursor string, limit int) (*catalog.Edition, error)
	Editions(ctx context.Context, kind paper.PeriodKind, cursor string, limit int) ([]catalog.EditionState, string, error)
	// EmptyEdition is the edition of a period that has no papers.
	EmptyEdition(ctx context.Context, p paper.Period) (*catalog.Edition, error)

	New(ctx context.Context, cursor string, limit int) (*catalog.List, error)
	Trending(ctx context.Context, w rank.Weights, cursor string, limit int) (*catalog.List, error)
	Paper(ctx context.Context, id paper.ID) (*catalog.PaperDetail, error)
	Papers(ctx context.Context, ids []paper.ID) ([]catalog.Entry, error)
	Known(ctx context.Context, id paper.ID) (bool, error)
	Signals(ctx context.Context, id paper.ID, kind paper.SignalKind) ([]paper.Signal, error)
	ListPage(ctx context.Context, r urls.List, cursor string, limit int) (*catalog.ListPage, error)

	IndexBehind(ctx context.Context) bool
	Search(ctx context.Context, q catalog.SearchRequest) (*catalog.SearchResult, error)
	Name(ctx context.Context, f *catalog.SearchResult) error
	Suggest(ctx context.Context, prefix string, limit int) (*catalog.Suggestions, error)

	Author(ctx context.Context, slug, cursor string, limit int) (*catalog.Profile, error)
	Authors(ctx context.Context, cursor string, limit int) ([]catalog.Author, string, error)
	Organization(ctx context.Context, name, cursor string, limit int) (*catalog.Profile, error)
	Organizations(ctx context.Context, cursor string, limit int) ([]paper.Organization, string, error)
	Changes(ctx context.Context, cursor string, limit int) (*catalog.Changes, error)
}

// Options are the settings of the API.
type Options struct {
	Catalog  Catalog
	Clock    paper.Clock       // the feed clock that the catalogue goes by
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
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	o.SiteName = cmp.Or(o.SiteName, "Broadsheet")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Cache == nil {
		o.Cache = httpserver.NewCache(httpserver.CacheOptions{Version: o.Catalog.Version, Now: o.Now, Log: o.Log})
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
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

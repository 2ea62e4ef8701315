// Package mcpserver lets agents ask what readers of the site ask: it serves the Model
// Context Protocol, over HTTP and through a pipe.
//
// Start with [New]; [Server.Handler] belongs at /mcp, and [Server.Run] talks to the one
// program at the other end of standard input and output. tools.go lists the tools, with
// one file for each group of them; arguments.go reads what agents send, and list.go
// writes papers as an agent reads them: as short lines, and as data with a schema.
//
// Answers are those of the catalog that the caller passes, so they are the same as
// on the pages. Whatever goes wrong with a question is an answer in one sentence that
// says what to ask instead; what goes wrong here is logged, and only named.
//
// Nothing can be changed through it, and it knows no sessions: any of several servers
// may answer any request.
package mcpserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
)

// Options are the settings of a Server.
type Options struct {
	Catalog  *catalog.Catalog
	Cache    *httpserver.Cache // which knows whether the database is silent; nil: each tool waits as long as it may
	BaseURL  string            // scheme and host as people see them; "" means those of each request, and in a pipe the papers' own addresses
	SiteName string            // "" means Broadsheet
	Version  string            // of the program
	Log      *slog.Logger      // nil means silence
}

// A Server answers agents. It may be used by several goroutines.
type Server struct {
	Options
	mcp *mcp.Server
}

// New returns a Server over a catalog.
func New(o Options) (*Server, error) {
	if o.Catalog == nil {
		return nil, errors.New("mcpserver: Options.Catalog is missing")
	}
	httpserver.Complete(&o.SiteName, &o.BaseURL, nil, &o.Log)
	s := &Server{Options: o}
	s.mcp = mcp.NewServer(&mcp.Implementation{
		Name: "broadsheet", Title: o.SiteName, Version: cmp.Or(o.Version, "unknown"), WebsiteURL: o.BaseURL,
	}, &mcp.ServerOptions{
		Instructions: s.instructions(),
		Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}, Resources: &mcp.ResourceCapabilities{}},
	})
	if err := s.addTools(); err != nil {
		return nil, err
	}
	s.addResources()
	return s, nil
}

// instructions is what an agent is told before it asks anything.
func (s *Server) instructions() string {
	return s.SiteName + ` is a site of daily research papers: each feed day has an edition of papers that its
readers picked and voted on. Everything here only reads.

Ask search_papers for papers about something, list_edition for those of a day, a week or
a month, and trending for what readers care about now. Take an id from these lists to
get_paper (all that is known, with the abstract), similar_papers or cite.

An id is an arXiv identifier such as 2401.01234 or hep-th/9901001, or a DOI; it is text,
not a number, since zeros count. Versions (2401.01234v2) and addresses of papers' pages
are understood. Where an answer names a cursor there is more: ask the same again with it.`
}

// Run answers the program that writes to in and reads from out, until in ends or ctx
// does. Nothing but the protocol is written to out.
func (s *Server) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	err := s.mcp.Run(ctx, &pipe{mcp.IOTransport{Reader: io.NopCloser(in), Writer: unclosed{out}, MaxLineLength: maxRequest}})
	if err == nil || ctx.Err() != nil || errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("mcpserver: the input ends badly; each line is to be one JSON-RPC message: %w", err)
}

// unclosed leaves it to the owner of a writer to close it.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

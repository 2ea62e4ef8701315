package mcpserver

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"broadsheet/internal/catalogtest"
	"broadsheet/internal/paper"
)

var noon = time.Date(2026, 5, 29, 16, 0, 0, 0, time.UTC) // noon in New York

// observations are two editions, of three papers each, and papers whose identifiers
// have something about them.
func observations() []paper.Observation {
	var all []paper.Observation
	add := func(p paper.Paper, day paper.Day, votes int) {
		p.Published = p.ID.Month()
		o := paper.Observation{Source: paper.SourceHub, Paper: p, Fingerprint: int64(len(all) + 1), At: noon.Add(-72 * time.Hour)}
		if day != "" {
			o.Submission = &paper.Submission{Day: day, At: day.Time().Add(12 * time.Hour)}
			o.Signals = []paper.Signal{{Kind: paper.SignalVotes, At: noon.Add(-time.Hour), Value: votes}}
		}
		all = append(all, o)
	}
	for i, title := range []string{"Finches count to four", "Whales count to ten", "Crows count on friends"} {
		add(paper.Paper{
			ID: paper.ID(fmt.Sprintf("2605.2700%d", i+1)), Title: title, Abstract: "Animals and numbers, told briefly.",
			Authors:      []paper.Author{{Name: "Mira Holt"}, {Name: "Odo Ruiz"}, {Name: "Ann Lee"}, {Name: "Bo Yi"}},
			Organization: &paper.Organization{Name: "acme", FullName: "Acme Labs"},
		}, "2026-05-27", 10*i+1)
		add(paper.Paper{ID: paper.ID(fmt.Sprintf("2605.2900%d", i+1)), Title: "On " + title, Abstract: "A remark.", Authors: []paper.Author{{Name: "Ann Lee"}}}, "2026-05-29", i)
	}
	add(paper.Paper{ID: "2406.10500", Title: "Sparse coding of birdsong", Abstract: "Few notes.", Authors: []paper.Author{{Name: "Ann Lee"}}}, "", 0)
	add(paper.Paper{ID: "2406.00105", Title: "No coding at all", Abstract: "Silence."}, "", 0)
	add(paper.Paper{ID: "1001.0020", Title: "Zeros at the end", Abstract: "They go first."}, "", 0)
	add(paper.Paper{ID: "hep-th/9711200", Title: "Large and small", Abstract: "Both."}, "", 0)
	return all
}

// newServer is a server over a catalog in which all of observations are findable.
func newServer(t testing.TB, o Options) *Server {
	t.Helper()
	return serverOf(t, catalogtest.New(t, noon, observations()...), o)
}

// serverOf is a server over a site.
func serverOf(t testing.TB, site *catalogtest.Site, o Options) *Server {
	t.Helper()
	o.Catalog = site.Catalog
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// connect opens a session of the protocol's own client.
func connect(t testing.TB, via mcp.Transport) *mcp.ClientSession {
	t.Helper()
	c, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), via, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// piped is a session through Run.
func piped(t testing.TB, s *Server) *mcp.ClientSession {
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx, fromClient, toClient) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return connect(t, &mcp.IOTransport{Reader: fromServer, Writer: toServer})
}

// overHTTP is a session over HTTP, and the address of the server.
func overHTTP(t testing.TB, s *Server) (*mcp.ClientSession, string) {
	t.Helper()
	web := httptest.NewServer(s.Handler())
	t.Cleanup(web.Close)
	return connect(t, &mcp.StreamableClientTransport{Endpoint: web.URL + "/mcp", DisableStandaloneSSE: true}), web.URL
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/mcpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

const mcpHelp = `Mcp lets an agent ask for the papers that lie on this machine: it speaks the Model
Context Protocol on standard input and output, until its input ends or it is
interrupted. The agent's program starts it by itself; it is told the command in its own
settings, mostly as in the second example. Log lines go to standard error.

The agent can search papers, read what is known of one, list editions and what is
trending, find similar papers, and cite. It can change nothing.

The site may run meanwhile, and while it does not, mcp keeps the search index up to
date. Agents elsewhere ask the running site, which speaks the same protocol over HTTP
at /mcp.`

// newMCP is `broadsheet mcp`.
func newMCP(set *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "mcp",
		Short: "Let an agent on this machine ask for papers",
		Long:  mcpHelp,
		Example: `  broadsheet mcp
  "papers": {"command": "broadsheet", "args": ["mcp", "--data", "/var/lib/broadsheet"]}`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return set.mcp(cmd.Context()) },
	}
}

// mcp answers the agent at the other end of standard input and output.
func (s *settings) mcp(ctx context.Context) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	boundMemory(indexMemory) // it may have an index to build
	db, err := app.OpenStore(ctx, cfg, s.log(cfg, s.err))
	if err != nil {
		return err
	}
	return errors.Join(s.mcpOn(ctx, cfg, db), db.Close())
}

func (s *settings) mcpOn(ctx context.Context, cfg *config.Config, db *store.DB) error {
	log := s.log(cfg, s.err)
	if _, terminal := terminalWidth(s.out); terminal {
		fmt.Fprintln(s.err, "This speaks to an agent's program, not to people: see `broadsheet mcp --help`. Ctrl-D ends it.")
	}
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return err
	}
	idx, err := app.OpenIndex(ctx, cfg, db, log)
	if err != nil {
		return err
	}
	server, err := mcpserver.New(mcpserver.Options{
		Catalog: catalog.New(db, clock, time.Now).WithSearch(idx, idx.Model()),
		BaseURL: cfg.BaseURL, SiteName: cfg.SiteName, Version: app.Version(), Log: log,
	})
	if err == nil {
		running, stop := context.WithCancel(ctx)
		var following sync.WaitGroup
		following.Go(func() { idx.KeepUp(running) })
		err = server.Run(ctx, s.in, s.out)
		stop()
		following.Wait()
	}
	return errors.Join(err, idx.Close())
}

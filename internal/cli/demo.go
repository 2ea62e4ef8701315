package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

const demoHelp = `An empty site starts with a small demonstration catalog, so that there is something
to read. Its papers are real; their summaries were written for Broadsheet.`

// newDemo is `broadsheet demo`.
func newDemo(set *settings) *cobra.Command {
	group := &cobra.Command{
		Use:     "demo",
		Short:   "Take the demonstration catalog out, or put it in",
		Long:    demoHelp,
		Example: "  broadsheet demo remove",
		Args:    noUnknown,
		RunE:    needCommand,
	}
	group.AddCommand(newDemoRemove(set), newDemoLoad(set))
	return group
}

func newDemoRemove(set *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "remove",
		Short: "Take the demonstration catalog out",
		Long: `Remove takes out the papers that are known from the demonstration catalog only.
A paper that was imported from elsewhere too stays, with what was said there. The
catalog does not come back by itself.`,
		Example: "  broadsheet demo remove\n  broadsheet --data /var/lib/broadsheet demo remove",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return set.withStore(cmd.Context(), func(db *store.DB) error {
				n, err := db.Forget(cmd.Context(), paper.SourceDemo)
				if err != nil {
					return err
				}
				fmt.Fprintf(set.out, "%d papers of the demonstration catalog removed\n", n)
				return nil
			})
		},
	}
}

func newDemoLoad(set *settings) *cobra.Command {
	return &cobra.Command{
		Use:     "load",
		Short:   "Put the demonstration catalog in",
		Long:    `Load puts the demonstration catalog in, as serve does by itself for an empty site.`,
		Example: "  broadsheet demo load",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := set.load()
			if err != nil {
				return err
			}
			clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
			if err != nil {
				return err
			}
			return set.withStore(cmd.Context(), func(db *store.DB) error {
				return ingest.LoadDemo(cmd.Context(), db, ingest.Options{Clock: clock})
			})
		},
	}
}

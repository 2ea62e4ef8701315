package cli

import (
	"github.com/spf13/cobra"

	"broadsheet/internal/app"
)

const serveHelp = `Serve starts the site and runs until it is interrupted (Ctrl-C or SIGTERM); requests
that are being answered then finish first. An empty site starts with a small
demonstration catalog, unless --demo=false; broadsheet demo remove takes it out.

/readyz answers 200 while requests are welcome, /healthz while all that was imported
can be read and found, else 503 and in a few words why. /metrics is served to Prometheus
on the address of --metrics-listen. Log lines go to standard error.`

// newServe is `broadsheet serve`.
func newServe(set *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Start the site",
		Long:  serveHelp,
		Example: `  broadsheet serve
  broadsheet serve --data /var/lib/broadsheet --listen 0.0.0.0:8080
  broadsheet serve --metrics-listen 127.0.0.1:9090 --log-format json
  broadsheet serve --database postgres://broadsheet:PASSWORD@db/broadsheet`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := set.load()
			if err != nil {
				return err
			}
			boundMemory(indexMemory) // it may have an index to build
			return app.Run(cmd.Context(), cfg, set.log(cfg, set.err), set.out)
		},
	}
	set.serving(cmd)
	return cmd
}

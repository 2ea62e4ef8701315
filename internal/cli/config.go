package cli

import "github.com/spf13/cobra"

const configHelp = `Config prints the settings in force, with the meaning, the default and the origin of
each; passwords are masked. The output is a configuration file: put it into
DATA/broadsheet.yaml and change what you like.

Each setting has one name. What is called metrics_listen in the file is
BROADSHEET_METRICS_LISTEN in the environment and --metrics-listen on the command
line of serve. The environment holds over the file, and flags hold over both.`

// newConfig is `broadsheet config`.
func newConfig(set *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print every setting, its meaning and where it comes from",
		Long:  configHelp,
		Example: `  broadsheet config
  broadsheet config > data/broadsheet.yaml
  BROADSHEET_MEDIA=proxy broadsheet config`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := set.load()
			if err != nil {
				return err
			}
			return cfg.Print(set.out)
		},
	}
	set.serving(cmd)
	return cmd
}

package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
)

const rootHelp = `Broadsheet is a Daily Papers site that you run yourself: each day's new research
papers, with votes, links and discussion, gathered from where they appear.

  broadsheet serve                 start the site on http://127.0.0.1:8080
  broadsheet import hf FILE...     fill it with papers
  broadsheet search QUERY...       find some of them
  broadsheet config                see every setting

All that it keeps lies in one folder, ./data unless --data names another.`

// newRoot returns the whole command line.
func newRoot(s streams) *cobra.Command {
	set := &settings{streams: s}
	root := &cobra.Command{
		Use:           "broadsheet",
		Short:         "A Daily Papers site that you run yourself",
		Long:          rootHelp,
		Version:       app.Version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noUnknown,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("broadsheet {{.Version}}\n")
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(flagError)
	set.persistent(root)
	root.AddCommand(
		newServe(set),
		newImport(set),
		newSearch(set),
		newMCP(set),
		newPapers(set),
		newEval(set),
		newBench(set),
		newModel(set),
		newDemo(set),
		newConfig(set),
		newVersion(s),
	)
	return root
}

// newVersion is `broadsheet version`.
func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say which Broadsheet this is",
		Example: "  broadsheet version",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.out, "broadsheet", app.Version())
			return err
		},
	}
}

// flagError explains a flag that does not exist or has no value.
func flagError(cmd *cobra.Command, err error) error {
	return usageError("%w\nSee `%s --help`.", err, cmd.CommandPath())
}

// noArgs refuses arguments, which cobra by itself would call unknown commands.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError("%s takes no argument, but was given %q\nSee `%s --help`.", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}

// noUnknown refuses a word that is none of the subcommands of cmd, and names those
// that are near.
func noUnknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(": did you mean %s?", strings.Join(near, " or "))
	}
	return usageError("%s has no command %q%s\nSee `%s --help`.", cmd.CommandPath(), args[0], hint, cmd.CommandPath())
}

// needCommand makes cmd a group: alone it asks which of its commands is meant.
func needCommand(cmd *cobra.Command, _ []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usageError("%s what? One of: %s\nSee `%s --help`.", cmd.CommandPath(), strings.Join(names, ", "), cmd.CommandPath())
}

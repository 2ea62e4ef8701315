package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"broadsheet/internal/bench"
	"broadsheet/internal/ingest"
	"broadsheet/internal/source"
)

// newBench is `broadsheet bench`.
func newBench(set *settings) *cobra.Command {
	group := &cobra.Command{
		Use:     "bench",
		Short:   "Measure how fast this machine is",
		Long:    "Bench measures Broadsheet on this machine. It leaves the site's data alone.",
		Example: "  broadsheet bench import hf daily.jsonl.zst\n  broadsheet bench search",
		Args:    noUnknown,
		RunE:    needCommand,
	}
	imports := &cobra.Command{
		Use:   "import",
		Short: "Measure an import",
		Long: `Import reads files into a new database in a temporary folder, says how many records a
second that took and the most memory that was used, and removes the folder.`,
		Example: "  broadsheet bench import hf daily.jsonl.zst\n  broadsheet bench import arxiv arxiv.jsonl.zst",
		Args:    noUnknown,
		RunE:    needCommand,
	}
	for _, k := range importKinds {
		imports.AddCommand(&cobra.Command{
			Use:     k.name + " FILE...",
			Short:   "Measure the import of " + k.name,
			Example: "  broadsheet bench import " + k.name + " FILE",
			Args:    needFiles,
			RunE: func(cmd *cobra.Command, files []string) error {
				return set.benchImport(cmd.Context(), k.source(source.Files{Names: files, Stdin: set.in}))
			},
		})
	}
	group.AddCommand(imports, newBenchSearch(set), newBenchHTTP(set), newBenchServe(set))
	return group
}

// benchImport measures an import and says how it went.
func (s *settings) benchImport(ctx context.Context, from source.Source) error {
	boundMemory(importMemory)
	p := newProgress(s.err)
	res, err := bench.Import(ctx, from, ingest.Options{Bad: p.bad, Progress: p.show})
	p.end()
	if err != nil {
		return importError(err)
	}
	fmt.Fprintln(s.out, summary(res.Summary))
	fmt.Fprintf(s.out, "%s papers/s, database %s, peak memory %s\n", thousands(perSecond(res.Records-res.Bad, res.Took)),
		megabytes(res.Bytes), peak())
	return nil
}

// peak is the most memory that the process has had, as text.
func peak() string {
	if n, ok := bench.PeakMemory(); ok {
		return megabytes(n)
	}
	return "unknown on this system"
}

func megabytes(n int64) string { return thousands(int(n/1_000_000)) + " MB" }

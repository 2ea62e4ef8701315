package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
	"broadsheet/internal/ingest"
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
				return set.benchImport(cmd.Context(), k.run, files)
			},
		})
	}
	group.AddCommand(imports, newBenchSearch(set))
	return group
}

// benchImport imports into a database that is thrown away.
func (s *settings) benchImport(ctx context.Context, run importer, files []string) (err error) {
	boundMemory(importMemory)
	cfg, err := s.load()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "broadsheet-bench-")
	if err != nil {
		return fmt.Errorf("a folder for the measurement: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg.Data, cfg.Database = dir, ""
	db, err := app.OpenStore(ctx, cfg)
	if err != nil {
		return err
	}
	p := newProgress(s.err)
	sum, err := run(ctx, db, files, s.in, ingest.Options{Bad: p.bad, Progress: p.show})
	p.end()
	if err := errors.Join(err, db.Close()); err != nil {
		return importError(err)
	}
	fmt.Fprintln(s.out, summary(sum))
	fmt.Fprintf(s.out, "%s papers/s, database %s, peak memory %s\n", thousands(perSecond(sum.Records-sum.Bad, sum.Took)),
		megabytes(folderSize(dir)), peak())
	return nil
}

// peak is the most memory that the process has had, as text.
func peak() string {
	if n, ok := peakMemory(); ok {
		return megabytes(n)
	}
	return "unknown on this system"
}

func megabytes(n int64) string { return thousands(int(n/1_000_000)) + " MB" }

// folderSize is the bytes of the files in dir.
func folderSize(dir string) int64 {
	var size int64
	files, _ := filepath.Glob(filepath.Join(dir, "*")) // the pattern is well formed
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			size += info.Size()
		}
	}
	return size
}

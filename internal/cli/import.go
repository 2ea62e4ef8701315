package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/app"
	"broadsheet/internal/config"
	"broadsheet/internal/indexer"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/arxiv"
	"broadsheet/internal/source/hub"
	"broadsheet/internal/source/record"
	"broadsheet/internal/store"
)

const importHelp = `Import reads papers, and what is said about them, from files into the store.

A file holds JSON lines or one JSON array, plain or packed with gzip or zstd; "-" is
standard input. Importing again is harmless: what is known already stays as it is,
and what is newer holds. Interrupting loses nothing: run the same command again.
The site may run meanwhile, and shows what has come; its pages go first where the
processors are busy.

A line that cannot be used is named on standard error as FILE:LINE: what is wrong,
counted, and skipped; the exit status is then 1. It is 2 when a file is missing or
cannot be read at all.

At its end an import sees to it that the papers can be found: it brings the search index
up to date, or waits for the process that has it open, such as serve. The exit status
is 3 when all papers are imported and not all of them can be found yet.`

// A kind is something that can be imported.
type kind struct {
	name, short, long, example string
	source                     func(source.Files) source.Source
}

var importKinds = []kind{
	{
		name:  "hf",
		short: "Import items of another site's Daily Papers API",
		long: `Hf reads items of the Daily Papers API: papers with their editions, votes, comments,
submitters, organizations, media and links. A paper seen at different times gets a
history of its votes. It belongs to the edition of its _list_date, else of the day
in its submittedOnDailyAt.`,
		example: `  broadsheet import hf daily.jsonl.zst
  gunzip -c daily.jsonl.gz | broadsheet import hf -`,
		source: hub.Items,
	},
	{
		name:  "arxiv",
		short: "Import arXiv's metadata snapshot",
		long: `Arxiv reads the metadata snapshot of arXiv in JSON lines: titles, authors, abstracts,
categories, versions and dates. Identifiers that lost or gained digits because a
program took them for numbers (804.1406, 1001.002) are repaired where that is
unambiguous, and counted.`,
		example: `  broadsheet import arxiv arxiv-metadata.json
  broadsheet --data /var/lib/broadsheet import arxiv arxiv.jsonl.zst`,
		source: arxiv.Snapshot,
	},
	{
		name:    "votes",
		short:   "Import vote counts seen at one time",
		long:    `Votes reads how many votes papers had and when, and adds them to their histories.`,
		example: `  broadsheet import votes upvotes.jsonl.zst`,
		source:  hub.Counts,
	},
	{
		name:    "organizations",
		short:   "Import organizations and the papers that they stand behind",
		long:    `Organizations reads organizations: their names, their pictures and their papers.`,
		example: `  broadsheet import organizations organizations.jsonl`,
		source:  hub.Organizations,
	},
}

// newImport is `broadsheet import`.
func newImport(set *settings) *cobra.Command {
	group := &cobra.Command{
		Use:   "import",
		Short: "Fill the site with papers from files",
		Long:  importHelp,
		Example: `  broadsheet import hf daily.jsonl.zst
  broadsheet import arxiv arxiv-metadata.json --strict
  broadsheet import hf - < daily.jsonl`,
		Args: noUnknown,
		RunE: needCommand,
	}
	for _, k := range importKinds {
		group.AddCommand(newImportKind(set, k))
	}
	return group
}

func newImportKind(set *settings, k kind) *cobra.Command {
	var strict, noIndex bool
	cmd := &cobra.Command{
		Use:     k.name + " FILE...",
		Short:   k.short,
		Long:    k.long + "\n\nSee `broadsheet import --help` for what files may be, and for the exit status.",
		Example: k.example,
		Args:    needFiles,
		RunE: func(cmd *cobra.Command, files []string) error {
			return set.importFiles(cmd.Context(), k.source(source.Files{Names: files, Stdin: set.in}), strict, noIndex)
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "stop at the first bad line, and keep nothing of its batch")
	cmd.Flags().BoolVar(&noIndex, "no-index", false, "leave indexing the papers to serve")
	return cmd
}

func needFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("name the files to import, or - for standard input\nSee `%s --help`.", cmd.CommandPath())
	}
	return nil
}

// importFiles runs one import and says how it went, and then indexes what has come.
func (s *settings) importFiles(ctx context.Context, from source.Source, strict, noIndex bool) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return err
	}
	yieldProcessor()
	boundMemory(importMemory)
	return s.withStore(ctx, func(db *store.DB) error {
		p := newProgress(s.err)
		sum, err := ingest.Run(ctx, db, from, ingest.Options{Strict: strict, Bad: p.bad, Progress: p.show, Clock: clock})
		p.end()
		interrupted := err != nil && ctx.Err() != nil
		if err != nil && !interrupted {
			return importError(err)
		}
		fmt.Fprintln(s.out, summary(sum))
		if interrupted {
			return &exitError{statusInterrupted, errInterrupted}
		}
		if !noIndex {
			if err := s.index(ctx, cfg, db, sum.Added+sum.Changed > 0); err != nil {
				return err
			}
		}
		switch {
		case sum.Bad > 0:
			return &exitError{statusFailed, fmt.Errorf("%s could not be used; the rest is imported", count(sum.Bad, "line"))}
		}
		return nil
	})
}

// How much memory an import and an indexing may use before the collector works harder.
const (
	importMemory = 208 << 20
	indexMemory  = 448 << 20
)

// boundMemory keeps an import small. The window of a zstd file, up to 128 MB, lies on
// the heap, and by itself the collector would let garbage grow to as much again.
func boundMemory(limit int64) {
	if given := os.Getenv("GOMEMLIMIT"); given == "" {
		debug.SetMemoryLimit(limit)
	}
}

// indexPatience is how long an import waits for another process that has the index and
// brings nothing new.
const indexPatience = 30 * time.Second

// index returns once all that is imported can be found, whichever process sees to that.
// changed says whether the import has changed anything.
func (s *settings) index(ctx context.Context, cfg *config.Config, db *store.DB, changed bool) (err error) {
	boundMemory(indexMemory)
	idx, err := app.OpenIndex(ctx, cfg, db, s.log(cfg, s.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, idx.Close()) }()
	start := time.Now()
	p := newProgress(s.err)
	n, err := idx.CatchUp(ctx, indexPatience, p.indexing)
	p.end()
	took := time.Since(start)
	model, isModel := errors.AsType[*indexer.ModelError](err)
	switch {
	case err != nil && ctx.Err() != nil:
		return &exitError{statusInterrupted, errNotIndexed}
	case isModel:
		fmt.Fprintf(s.err, "the papers are found by their words alone until the model answers: %v\n", model.Err)
	case err != nil:
		return &exitError{statusIncomplete, fmt.Errorf("all papers are imported, but not all of them can be found yet: %w", err)}
	}
	switch {
	case n > 0:
		fmt.Fprintf(s.out, "%s papers indexed in %s (%s/s)\n", thousands(n), roundTime(took), thousands(perSecond(n, took)))
	case changed:
		fmt.Fprintln(s.out, "indexed by the process that has the search index open")
	}
	return nil
}

var errNotIndexed = errors.New("interrupted: all papers are imported, and serve will index the rest of them")

var errInterrupted = errors.New("interrupted: what is counted above is kept; run the same command again for the rest")

// importError gives an import's error its exit status.
func importError(err error) error {
	if _, ok := errors.AsType[*record.UnreadableError](err); ok {
		return &exitError{statusUsage, err}
	}
	return &exitError{statusFailed, err}
}

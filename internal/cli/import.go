package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"broadsheet/internal/ingest"
	"broadsheet/internal/record"
	"broadsheet/internal/store"
)

const importHelp = `Import reads papers, and what is said about them, from files into the store.

A file holds JSON lines or one JSON array, plain or packed with gzip or zstd; "-" is
standard input. Importing again is harmless: what is known already stays as it is,
and what is newer holds. Interrupting loses nothing: run the same command again.
The site may run meanwhile, and shows what has come.

A line that cannot be used is named on standard error as FILE:LINE: what is wrong,
counted, and skipped; the exit status is then 1. It is 2 when a file is missing or
cannot be read at all.`

// An importer is one of package ingest's functions.
type importer func(context.Context, *store.DB, []string, io.Reader, ingest.Options) (ingest.Summary, error)

// A kind is something that can be imported.
type kind struct {
	name, short, long, example string
	run                        importer
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
		run: ingest.Hub,
	},
	{
		name:  "arxiv",
		short: "Import arXiv's metadata snapshot",
		long: `Arxiv reads the metadata snapshot of arXiv in JSON lines: titles, authors, abstracts,
categories, versions and dates. Identifiers that lost or gained digits because a
program took them for numbers (804.1406, 1001.002) are mended where that is
unambiguous, and counted.`,
		example: `  broadsheet import arxiv arxiv-metadata.json
  broadsheet --data /var/lib/broadsheet import arxiv arxiv.jsonl.zst`,
		run: ingest.ArXiv,
	},
	{
		name:    "votes",
		short:   "Import vote counts seen at one time",
		long:    `Votes reads how many votes papers had and when, and adds them to their histories.`,
		example: `  broadsheet import votes upvotes.jsonl.zst`,
		run:     ingest.Votes,
	},
	{
		name:    "organizations",
		short:   "Import organizations and the papers that they stand behind",
		long:    `Organizations reads organizations: their names, their pictures and their papers.`,
		example: `  broadsheet import organizations organizations.jsonl`,
		run:     ingest.Organizations,
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
	var strict bool
	cmd := &cobra.Command{
		Use:     k.name + " FILE...",
		Short:   k.short,
		Long:    k.long + "\n\nSee `broadsheet import --help` for what files may be, and for the exit status.",
		Example: k.example,
		Args:    needFiles,
		RunE: func(cmd *cobra.Command, files []string) error {
			return set.importFiles(cmd.Context(), k.run, files, strict)
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "stop at the first bad line, and keep nothing of its batch")
	return cmd
}

func needFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("name the files to import, or - for standard input\nSee `%s --help`.", cmd.CommandPath())
	}
	return nil
}

// importFiles runs one import and says how it went.
func (s *settings) importFiles(ctx context.Context, run importer, files []string, strict bool) error {
	boundMemory()
	return s.withStore(ctx, func(db *store.DB) error {
		p := newProgress(s.err)
		sum, err := run(ctx, db, files, s.in, ingest.Options{Strict: strict, Bad: p.bad, Progress: p.show})
		p.end()
		interrupted := err != nil && ctx.Err() != nil
		if err != nil && !interrupted {
			return importError(err)
		}
		fmt.Fprintln(s.out, summary(sum))
		switch {
		case interrupted:
			return &exitError{statusInterrupted, errInterrupted}
		case sum.Bad > 0:
			return &exitError{statusFailed, fmt.Errorf("%s could not be used; the rest is imported", lines(sum.Bad))}
		}
		return nil
	})
}

// boundMemory keeps an import small. The window of a zstd file, up to 128 MB, lies on
// the heap, and by itself the collector would let garbage grow to as much again.
func boundMemory() {
	const limit = 208 << 20
	if debug.SetMemoryLimit(-1) > limit { // GOMEMLIMIT has not asked for less
		debug.SetMemoryLimit(limit)
	}
}

var errInterrupted = errors.New("interrupted: what is counted above is kept; run the same command again for the rest")

// importError gives an import's error its exit status.
func importError(err error) error {
	if _, ok := errors.AsType[*record.UnreadableError](err); ok {
		return &exitError{statusUsage, err}
	}
	return &exitError{statusFailed, err}
}

// Package ingest brings papers, and what is said about them, from files into the
// store: [Hub] and [ArXiv] read papers, [Votes] counts over time, [Organizations]
// who stands behind papers, and [Demo] the catalogue that is compiled in.
//
// Every import may be interrupted and run again: it goes on in batches, each in one
// transaction, and taking in a record twice changes nothing. A record that cannot
// be used is reported, counted and skipped.
package ingest

import (
	"context"
	"io"
	"time"

	"broadsheet/internal/arxiv"
	"broadsheet/internal/hub"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// Options tune an import. The zero value skips bad records without a word.
type Options struct {
	Strict   bool           // stop at the first bad record, and keep nothing of its batch
	Bad      func(error)    // called for each bad record, in order; each error names file and line
	Progress func(Progress) // called after every batch
}

// Progress says how far an import has come in one file.
type Progress struct {
	Name        string // of the file
	Done, Total int64  // bytes of it, as they are on disk; Total is 0 when unknown
	Counted     bool   // Done and Total count changes instead
	Records     int    // read so far, from all files
}

// A Summary says what an import did.
type Summary struct {
	Records   int // read, the bad ones included
	Added     int // papers (or organizations) that were not known
	Changed   int // records that said something new of a known paper
	Unchanged int // records that said nothing new
	Repaired  int // records with a damaged identifier that could be repaired
	Waiting   int // counts of papers that are not known yet, kept for when they come
	Bad       int // records that could not be used
	Took      time.Duration
}

// Hub imports items of a Daily Papers API.
func Hub(ctx context.Context, db *store.DB, files []string, stdin io.Reader, o Options) (Summary, error) {
	return papers(ctx, db, files, stdin, o, paper.SourceHub, hub.DecodeItem)
}

// ArXiv imports arXiv's metadata snapshot.
func ArXiv(ctx context.Context, db *store.DB, files []string, stdin io.Reader, o Options) (Summary, error) {
	return papers(ctx, db, files, stdin, o, paper.SourceArXiv, arxiv.DecodeSnapshot)
}

func papers(ctx context.Context, db *store.DB, files []string, stdin io.Reader, o Options,
	source paper.Source, decode func([]byte) (paper.Observation, error),
) (Summary, error) {
	im := &importer[paper.Observation]{
		options: o,
		decode:  decode,
		apply: func(ctx context.Context, batch []paper.Observation, sum *Summary) error {
			out, err := db.Apply(ctx, batch)
			sum.add(out)
			for _, o := range batch {
				if err == nil && o.Repaired {
					sum.Repaired++
				}
			}
			return err
		},
	}
	sum, err := im.run(ctx, files, stdin)
	if err != nil {
		return sum, err
	}
	return sum, db.PutSource(ctx, store.SourceState{Name: source, Read: time.Now()})
}

func (s *Summary) add(o store.Outcome) {
	s.Added += o.Added
	s.Changed += o.Changed
	s.Unchanged += o.Unchanged
	s.Waiting += o.Waiting
}

// Votes imports counts of votes and comments over time.
func Votes(ctx context.Context, db *store.DB, files []string, stdin io.Reader, o Options) (Summary, error) {
	im := &importer[paper.Observation]{
		options: o,
		decode: func(data []byte) (paper.Observation, error) {
			v, err := hub.DecodeVotes(data)
			return paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: v.ID}, Signals: []paper.Signal{
				{Kind: paper.SignalVotes, At: v.At, Value: v.Votes},
				{Kind: paper.SignalComments, At: v.At, Value: v.Comments},
			}}, err
		},
		apply: func(ctx context.Context, batch []paper.Observation, sum *Summary) error {
			out, err := db.Apply(ctx, batch)
			sum.add(out)
			return err
		},
	}
	return im.run(ctx, files, stdin)
}

// Organizations imports names and pictures of organizations.
func Organizations(ctx context.Context, db *store.DB, files []string, stdin io.Reader, o Options) (Summary, error) {
	im := &importer[paper.Organization]{
		options: o,
		decode:  hub.DecodeOrganization,
		apply: func(ctx context.Context, batch []paper.Organization, sum *Summary) error {
			out, err := db.Ingest(ctx, store.Batch{Organizations: batch})
			sum.add(out)
			return err
		},
	}
	return im.run(ctx, files, stdin)
}

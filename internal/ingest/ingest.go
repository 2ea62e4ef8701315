// Package ingest brings what sources say into the store: [Run] takes in one source,
// [Demo] the catalog that is compiled in, where there is nothing else.
//
// Every import may be interrupted and run again: it goes on in batches, each in one
// transaction together with the cursor of its source, and taking in a record twice
// changes nothing. A record that cannot be used is reported, counted and skipped.
package ingest

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"broadsheet/internal/edition"
	"broadsheet/internal/job"
	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/demo"
	"broadsheet/internal/store"
)

// Options tune an import. The zero value skips bad records without a word.
type Options struct {
	Strict   bool             // stop at the first bad record, and keep nothing of its batch
	Bad      func(error)      // called for each bad record, in order; each error names file and line
	Progress func(Progress)   // called after every batch
	Clock    paper.Clock      // the feed clock, by which editions close when the import ends
	Now      func() time.Time // nil: time.Now
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

// leaseLasts is how long an import that was killed still counts as running.
const leaseLasts = time.Minute

// Run takes in what a source has to say since it was read last, under a lease by which
// others see that an import is running. When it ends, editions that are past close.
func Run(ctx context.Context, db *store.DB, s source.Source, o Options) (Summary, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	start := o.Now()
	im := &imported{options: o}
	id := rand.Text()
	err := job.Under(ctx, db, edition.ImportLease+id, id, o.Now, leaseLasts, func(ctx context.Context, db *store.DB) error {
		return im.run(ctx, db, s)
	})
	if err == nil {
		_, err = edition.Update(ctx, db, o.Clock, o.Now())
	}
	im.sum.Took = o.Now().Sub(start)
	return im.sum, err
}

// An imported is a source while it is taken in.
type imported struct {
	options Options
	sum     Summary
}

func (im *imported) run(ctx context.Context, db *store.DB, s source.Source) error {
	state, err := db.Source(ctx, s.Name())
	if err != nil {
		return err
	}
	for b, err := range s.Observations(ctx, state.Cursor) {
		if err != nil {
			return err
		}
		if err := im.take(ctx, db, s.Name(), b); err != nil {
			return err
		}
	}
	return nil
}

// take takes in one batch.
func (im *imported) take(ctx context.Context, db *store.DB, name paper.Source, b source.Batch) error {
	im.sum.Records += len(b.Observations) + len(b.Organizations) + len(b.Bad)
	for _, bad := range b.Bad {
		im.sum.Bad++
		if im.options.Strict {
			return fmt.Errorf("%w (nothing of its batch was kept)", bad)
		}
		if im.options.Bad != nil {
			im.options.Bad(bad)
		}
	}
	out, err := db.Ingest(ctx, store.Batch{
		Observations:  b.Observations,
		Organizations: b.Organizations,
		Source:        &store.SourceState{Name: name, Read: im.options.Now(), Cursor: b.Cursor},
	})
	if err != nil {
		return err
	}
	im.sum.Added += out.Added
	im.sum.Changed += out.Changed
	im.sum.Unchanged += out.Unchanged
	im.sum.Waiting += out.Waiting
	for i := range b.Observations {
		if b.Observations[i].Repaired {
			im.sum.Repaired++
		}
	}
	if p := b.Progress; im.options.Progress != nil {
		im.options.Progress(Progress{Name: cmp.Or(p.Name, string(name)), Done: p.Done, Total: p.Total, Records: im.sum.Records})
	}
	return nil
}

// Demo puts the demonstration catalog into a store that holds no papers, unless it
// was taken out before.
func Demo(ctx context.Context, db *store.DB, o Options) error {
	n, err := db.Papers(ctx)
	if err != nil || n > 0 {
		return err
	}
	state, err := db.Source(ctx, paper.SourceDemo)
	if err != nil || state.Cursor == store.Forgotten {
		return err
	}
	return LoadDemo(ctx, db, o)
}

// LoadDemo puts the demonstration catalog in.
func LoadDemo(ctx context.Context, db *store.DB, o Options) error {
	_, err := Run(ctx, db, demo.Catalog(), o)
	return err
}

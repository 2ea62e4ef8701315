// Package source is the seam behind which papers come from: a file, another site, a
// catalog that is compiled in.
//
// Start with [Source]; [FromFiles] makes one of files with records. Packages below read
// what is published elsewhere: arxiv, hub and demo, with record to find the records in
// files. Package ingest brings what a source says into the store.
//
// A new source is a package below with a function that returns a Source, a name in
// package paper with its place in the lists of paper/field.go, and a command or a job
// that runs it. Sources know nothing of the store; where to go on is handed to them.
package source

import (
	"context"
	"iter"

	"broadsheet/internal/paper"
)

// A Source says something about papers.
type Source interface {
	Name() paper.Source
	// Observations yields all that the source has to say after a cursor, the one of the
	// last batch that was taken in, or "" for everything. An error ends it: what was
	// yielded before holds. It may be asked again at any time.
	Observations(ctx context.Context, cursor string) iter.Seq2[Batch, error]
}

// A Batch is what is taken in at once: a thousand or a few observations, in the source's
// order.
type Batch struct {
	// Observations; one without a fingerprint only counts, and waits where its paper is
	// not known yet.
	Observations  []paper.Observation
	Organizations []paper.Organization // whose source gives no time
	Bad           []error              // records among these that cannot be used
	Cursor        string               // where to go on after this batch; "" where the source has no cursor
	Progress      Progress
}

// Observe adds an observation to the batch.
func (b *Batch) Observe(o paper.Observation) {
	if b.Observations == nil {
		b.Observations = make([]paper.Observation, 0, batchSize+decodeSize)
	}
	b.Observations = append(b.Observations, o)
}

// Progress says how far a source is read.
type Progress struct {
	Name        string // of the file
	Done, Total int64  // bytes of it, as they are on disk; Total is 0 when unknown
}

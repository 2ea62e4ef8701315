package ingest

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/embedding"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// An Indexer tells a search engine what has changed in a store. The engine's own
// cursor says how far it was told, so this may stop at any moment and go on.
type Indexer struct {
	DB     *store.DB
	Engine search.Engine
	Model  embedding.Model // nil: papers are found by words alone
}

// IndexProgress says how far an indexing has come.
type IndexProgress struct {
	Papers    int // told so far
	Seq, Last int64
}

// indexBatch is how many changes are read, embedded and told at a time: many, since
// an engine writes each batch of a first filling as a segment of its own.
const indexBatch = 16384

// A told is a batch of changes on its way to the engine.
type told struct {
	changes []search.Change
	seq     int64
}

// CatchUp tells the engine all changes up to now, and returns how many papers that
// were. It reads, embeds and tells at the same time.
func (x *Indexer) CatchUp(ctx context.Context, progress func(IndexProgress)) (int, error) {
	last, err := x.DB.Version(ctx)
	if err != nil {
		return 0, err
	}
	at, err := x.Engine.Position(ctx)
	if err != nil || at.Seq >= last {
		return 0, err
	}
	group, ctx := errgroup.WithContext(ctx)
	read, embedded := make(chan *told, 2), make(chan *told, 1)
	group.Go(func() error {
		defer close(read)
		return x.read(ctx, at.Seq, last, read)
	})
	group.Go(func() error {
		defer close(embedded)
		return x.embed(ctx, read, embedded)
	})
	papers := 0
	group.Go(func() error {
		for t := range embedded {
			if err := x.Engine.Apply(ctx, t.changes, search.Position{Seq: t.seq}); err != nil {
				return fmt.Errorf("index: %w", err)
			}
			papers += len(t.changes)
			if progress != nil {
				progress(IndexProgress{Papers: papers, Seq: t.seq, Last: last})
			}
		}
		return nil
	})
	return papers, group.Wait()
}

// read sends the changes after cursor in batches, the last of which
// carries the number last.
func (x *Indexer) read(ctx context.Context, cursor, last int64, to chan<- *told) error {
	for cursor < last {
		changes, err := x.DB.Changes(ctx, cursor, indexBatch)
		if err != nil {
			return err
		}
		t := &told{seq: last} // numbers without a paper are passed over
		if len(changes) == indexBatch {
			t.seq = changes[len(changes)-1].Seq
		} else if n := len(changes); n > 0 {
			t.seq = max(last, changes[n-1].Seq)
		}
		if err := x.fill(ctx, t, changes); err != nil {
			return err
		}
		cursor = t.seq
		select {
		case to <- t:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// fill reads the papers that have changed.
func (x *Indexer) fill(ctx context.Context, t *told, changes []store.Change) error {
	var ids []paper.ID
	for _, c := range changes {
		if c.Removed {
			t.changes = append(t.changes, search.Change{ID: c.ID, Kind: search.Delete})
		} else {
			ids = append(ids, c.ID)
		}
	}
	for len(ids) > 0 {
		n := min(512, len(ids))
		rows, err := x.DB.ByID(ctx, ids[:n])
		if err != nil {
			return err
		}
		ids = ids[n:]
		for i := range rows {
			d := Document(&rows[i])
			t.changes = append(t.changes, search.Change{ID: rows[i].Paper.ID, Document: d})
		}
	}
	return nil
}

// embed gives the documents their vectors.
func (x *Indexer) embed(ctx context.Context, from <-chan *told, to chan<- *told) error {
	for t := range from {
		if err := x.vectors(ctx, t.changes); err != nil {
			return fmt.Errorf("index: embed: %w", err)
		}
		select {
		case to <- t:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (x *Indexer) vectors(ctx context.Context, changes []search.Change) error {
	if x.Model == nil {
		return nil
	}
	var texts []embedding.Text
	var docs []*search.Document
	for _, c := range changes {
		if c.Document != nil {
			docs = append(docs, c.Document)
			texts = append(texts, embedding.Text{Title: c.Document.Title, Body: c.Document.Abstract})
		}
	}
	vectors, err := x.Model.Documents(ctx, texts)
	if err != nil {
		return err
	}
	for i, d := range docs {
		d.Vector = vectors[i]
	}
	return nil
}

// Document is what an engine is told of a paper.
func Document(r *store.Row) *search.Document {
	p := &r.Paper
	d := &search.Document{
		Title: p.Title, Abstract: p.Abstract, Categories: p.Categories,
		Votes: p.Votes, Comments: p.Comments, Daily: r.Submission != nil,
		Has: has(p), Trending: trending(r),
	}
	if d.Abstract == "" {
		d.Abstract = p.Summary
	}
	if !p.Published.IsZero() {
		d.Published = p.Published.Time.UnixMicro()
	}
	for _, a := range p.Authors {
		if !a.Hidden {
			d.Authors = append(d.Authors, a.Name)
		}
	}
	if o := p.Organization; o != nil {
		d.Organization, d.OrgName = o.Name, o.FullName
	}
	return d
}

func has(p *paper.Paper) search.Has {
	var h search.Has
	for _, l := range p.Links {
		switch l.Kind {
		case paper.LinkCode:
			h |= search.HasCode
		case paper.LinkProject:
			h |= search.HasProject
		}
	}
	if p.Comments > 0 {
		h |= search.HasComments
	}
	if p.Summary != "" {
		h |= search.HasSummary
	}
	return h
}

// farAhead is a now for scores that are kept: the order of papers by their trending
// score does not depend on it, as long as it is later than all of them.
var farAhead = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

func trending(r *store.Row) float64 {
	s := rank.Signals{Votes: r.Paper.Votes, Comments: r.Paper.Comments, Stars: r.Paper.Stars, Since: r.Paper.Published.Time}
	if r.Submission != nil {
		s.Since = r.Submission.Day.Time()
	}
	return rank.Trending(s, rank.Default, farAhead).Total
}

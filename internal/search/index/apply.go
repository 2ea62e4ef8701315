package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
)

const (
	bulkDocs     = 512      // Apply with so many documents writes segments at once, not into the log
	shardDocs    = 2048     // least documents of a goroutine's share of those
	liveDocs     = 4096     // so many in memory are written as a segment
	liveBytes    = 24 << 20 // and so long a log
	liveSegments = 8        // most segments in memory
)

// Apply implements search.Engine. Few changes go to the log, many straight into
// segments. Building and writing is done before anything is locked that a merge needs.
func (e *Engine) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	e.applying.Lock()
	defer e.applying.Unlock()
	if err := e.Ready(ctx); err != nil {
		return err
	}
	b, err := fold(changes)
	if err != nil {
		return err
	}
	ctx, cancel := e.whileOpen(ctx)
	defer cancel()
	err = e.apply(ctx, b, at)
	if trouble, ok := errors.AsType[*segment.PanicError](err); ok {
		e.o.Log.Error("adding to the search index failed", "err", trouble, "stack", trouble.Stack)
		e.suspectDamage(trouble)
	}
	if err != nil && e.Closed() {
		return query.ErrClosed
	}
	return err
}

func (e *Engine) apply(ctx context.Context, b *batch, at search.Position) (err error) {
	defer segment.Recover(&err)()
	if err := e.prepare(at.Site); err != nil {
		return err
	}
	if b.empty() && at == e.filled.Load().At {
		return nil
	}
	if len(b.docs) >= bulkDocs {
		return e.applyMany(ctx, b, at)
	}
	return e.applyFew(ctx, b, at)
}

// prepare makes sure that what is filled can be added to and is of a site. An index of
// the format without sites, or that nobody has named a site for, becomes the site's.
func (e *Engine) prepare(site string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.beginAgain(); err != nil {
		return err
	}
	at := e.filled.Load().At
	switch {
	case at.Site == site:
	case at.Site != "":
		return fmt.Errorf("index: apply: %w", search.ErrOtherSite)
	default:
		at.Site = site
		return e.commit(e.filled.Load().Segments, at, false)
	}
	if e.log.broken {
		return e.flush(e.life)
	}
	return nil
}

// A batch is what changes come down to, each paper once.
type batch struct {
	ids     []string        // deleted, or replaced by a document
	docs    []search.Change // whole documents
	counts  []countsChange  // of papers that stay
	vectors []vectorChange  // of papers that stay
}

func (b *batch) empty() bool { return len(b.ids)+len(b.counts)+len(b.vectors) == 0 }

// fold joins the changes of each paper.
func fold(changes []search.Change) (*batch, error) {
	type state struct {
		whole, counts, vector *search.Change // the last ones that hold
	}
	papers := make(map[paper.ID]*state, len(changes))
	order := make([]paper.ID, 0, len(changes))
	for i := range changes {
		c := &changes[i]
		if c.Kind != search.Delete && c.Document == nil {
			return nil, fmt.Errorf("index: paper %s: a change without a document", c.ID)
		}
		s := papers[c.ID]
		if s == nil {
			s = &state{}
			papers[c.ID] = s
			order = append(order, c.ID)
		}
		switch c.Kind {
		case search.Text, search.Delete:
			*s = state{whole: c}
		case search.Counts:
			s.counts = c
		case search.Vector:
			s.vector = c
		default:
			return nil, fmt.Errorf("index: paper %s: a change of unknown kind %d", c.ID, c.Kind)
		}
	}
	b := &batch{}
	for _, id := range order {
		switch s := papers[id]; {
		case s.whole == nil:
			if s.counts != nil {
				b.counts = append(b.counts, countsChange{string(id), segment.CountsOf(s.counts.Document)})
			}
			if s.vector != nil {
				b.vectors = append(b.vectors, vectorChange{string(id), s.vector.Document.Vector})
			}
		case s.whole.Kind == search.Delete:
			b.ids = append(b.ids, string(id))
		default:
			b.ids = append(b.ids, string(id))
			b.docs = append(b.docs, joined(s.whole, s.counts, s.vector))
		}
	}
	return b, nil
}

// joined is a whole document with later counts and a later vector, or nil.
func joined(whole, counts, vector *search.Change) search.Change {
	if counts == nil && vector == nil {
		return *whole
	}
	d := *whole.Document
	if counts != nil {
		c := counts.Document
		d.Votes, d.Comments, d.Daily, d.Has, d.Trending = c.Votes, c.Comments, c.Daily, c.Has, c.Trending
	}
	if vector != nil {
		d.Vector = vector.Document.Vector
	}
	return search.Change{ID: whole.ID, Document: &d}
}

// applyFew logs the changes and, with them, a small segment of the documents.
func (e *Engine) applyFew(ctx context.Context, b *batch, at search.Position) error {
	r := record{seq: at.Seq, token: at.Token, ids: b.ids, counts: b.counts, vectors: b.vectors}
	var seg *segment.Segment
	if len(b.docs) > 0 {
		var files segment.Files
		err := e.build(ctx, e.builder(0), b.docs, func(b *segment.Builder) (err error) {
			files, err = b.InMemory(ctx)
			return err
		})
		if err != nil {
			return err
		}
		r.files = &files
		if seg, err = segment.Parse(files); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.stillGood(ctx); err != nil {
		return err
	}
	filled := e.filled.Load()
	p := replayOf(filled.Segments, e.live, filled.At)
	if err := p.take(r, seg); err != nil {
		return err
	}
	segments, err := p.edit.Snapshots()
	if err != nil {
		return err
	}
	if err := e.log.append(r); err != nil {
		return err
	}
	e.live = p.live
	if err := e.show(segments, at); err != nil {
		return err
	}
	docs := 0
	for i := range segments[len(segments)-e.live:] {
		docs += segments[len(segments)-e.live+i].Docs()
	}
	if docs >= liveDocs || e.log.size >= liveBytes {
		return e.flush(ctx)
	}
	return nil
}

// stillGood is an error when what is filled can no longer be added to: the checksums of
// its files may have been compared meanwhile.
func (e *Engine) stillGood(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: apply: %w", err)
	}
	return e.beginAgain()
}

func (e *Engine) builder(i int) *segment.Builder {
	for len(e.builders) <= i {
		e.builders = append(e.builders, segment.NewBuilder(e.o.Embedder))
	}
	return e.builders[i]
}

// build inverts documents and lets finish write them. A document that cannot be
// inverted at all is left out, with a line in the log: nobody could ever index it, nor
// what comes after it.
func (e *Engine) build(ctx context.Context, b *segment.Builder, docs []search.Change, finish func(*segment.Builder) error) error {
	defer b.Start()
	for {
		b.Start()
		bad, err := addAll(ctx, b, docs)
		trouble, ok := errors.AsType[*segment.PanicError](err)
		if !ok && err != nil {
			return err
		}
		if !ok {
			return finish(b)
		}
		e.o.Log.Error("a paper cannot be indexed and is left out", "paper", docs[bad].ID, "err", trouble, "stack", trouble.Stack)
		docs = slices.Concat(docs[:bad], docs[bad+1:])
	}
}

// addAll adds documents; after an error, at is the one that it is about.
func addAll(ctx context.Context, b *segment.Builder, docs []search.Change) (at int, err error) {
	defer segment.Recover(&err)()
	for at = range docs {
		if err := ctx.Err(); err != nil {
			return at, fmt.Errorf("index: apply: %w", err)
		}
		if err := b.Add(docs[at].ID, docs[at].Document); err != nil {
			return at, fmt.Errorf("index: paper %s: %w", docs[at].ID, err)
		}
	}
	return at, nil
}

// applyMany writes the documents as segments, by several goroutines.
func (e *Engine) applyMany(ctx context.Context, b *batch, at search.Position) (err error) {
	e.bulk()
	defer e.bulk()
	shards := max(1, min(e.o.MergeWorkers, len(b.docs)/shardDocs))
	segs := make([]*segment.Segment, shards)
	defer func() {
		if err != nil {
			e.discard(segs...)
		}
	}()
	group, groupCtx := errgroup.WithContext(ctx)
	for i := range shards {
		builder, name := e.builder(i), e.nextName()
		share := b.docs[i*len(b.docs)/shards : (i+1)*len(b.docs)/shards]
		group.Go(func() (err error) {
			defer segment.Recover(&err)()
			return e.build(groupCtx, builder, share, func(b *segment.Builder) (err error) {
				segs[i], err = b.InFiles(groupCtx, e.dir, name)
				return err
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.stillGood(ctx); err != nil {
		return err
	}
	p := replayOf(e.filled.Load().Segments, 0, at)
	if err := p.take(record{ids: b.ids, counts: b.counts, vectors: b.vectors}, nil); err != nil {
		return err
	}
	segments, err := p.edit.Snapshots()
	if err != nil {
		return err
	}
	if segments, err = e.liveToDisk(ctx, segments); err != nil {
		return err
	}
	for _, s := range segs {
		segments = append(segments, segment.Of(s))
	}
	return e.commit(segments, at, true)
}

// bulk notes that many documents come: merges wait until that ends.
func (e *Engine) bulk() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lastBulk = time.Now()
}

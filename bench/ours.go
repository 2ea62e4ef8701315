package main

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/index"
)

// ours is the engine of Broadsheet.
type ours struct {
	e   *index.Engine
	seq int64
}

func openOurs(dir string) (engine, error) {
	e, err := index.Open(filepath.Join(dir, "broadsheet"), index.Options{})
	return &ours{e: e}, err
}

func (o *ours) name() string { return "broadsheet" }

func (o *ours) add(papers []row) error {
	changes := make([]search.Change, len(papers))
	for i, p := range papers {
		d := &search.Document{Title: p.Title, Abstract: p.Abstract, Authors: p.Authors, Categories: p.Categories}
		if day, err := time.Parse(time.DateOnly, p.Published); err == nil {
			d.Published = day.UnixMicro()
		}
		changes[i] = search.Change{ID: paper.ID(p.ID), Document: d}
	}
	o.seq += int64(len(papers))
	return o.e.Apply(context.Background(), changes, search.Position{Site: "bench", Seq: o.seq})
}

func (o *ours) finish() error { return o.e.WaitMerges(context.Background()) }

// search asks for the best by words, without a count of all, which bleve's top hits
// do not need either.
func (o *ours) search(query string, top int) (int, error) {
	q := search.Query{Text: query}
	for _, w := range strings.Fields(query) {
		q.Should = append(q.Should, search.Clause{Text: w})
	}
	res, err := o.e.Search(context.Background(), search.Request{Query: q, Limit: top, NoTotal: true})
	return len(res.Hits), err
}

func (o *ours) close() error { return o.e.Close() }

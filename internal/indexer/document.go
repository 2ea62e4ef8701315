package indexer

import (
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

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

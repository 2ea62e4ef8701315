package v1

import (
	"context"
	"errors"
	"net/http"
	"time"

	"broadsheet/internal/paper"
)

// Changes are papers in the order of their last change.
type Changes struct {
	Changes []Change `json:"changes" doc:"The oldest first."`
	Cursor  string   `json:"cursor" doc:"Hand it back to get what has changed since. It is always given. It stays valid for as long as the site keeps its database."`
	More    bool     `json:"more" doc:"True where there are more changes already: ask again at once."`
}

// Change is a paper that was written or is gone.
type Change struct {
	Seq     int64  `json:"seq" minimum:"1" doc:"The number of the change. A paper stands at the number of its last change only."`
	ID      string `json:"id" doc:"Of the paper."`
	Removed bool   `json:"removed" doc:"True where the paper is gone: forget it."`
	Paper   *Paper `json:"paper,omitempty" doc:"The paper as it is now. Left out where it is gone."`
}

type changesInput struct {
	Cursor string `query:"cursor" pattern:"^([0-9]{1,18}(-[0-9a-z]{1,13}-[0-9a-f]{1,64})?)?$" patternDescription:"a cursor of this list" doc:"The cursor of the answer before. Leave it out to begin at the beginning. A cursor of another site is answered with 410, one that is ahead of this site, whose database was put back to an earlier state, with 409: then begin at the beginning." example:"0"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many changes an answer has at the most."`
}

func (a *API) changes(ctx context.Context, in *changesInput) (*listed[Changes], error) {
	c, err := a.Catalog.Changes(ctx, in.Cursor, in.Limit)
	switch {
	case errors.Is(err, paper.ErrGone):
		return nil, lostCursor(http.StatusGone, "This cursor is of another site. "+beginAgain)
	case errors.Is(err, paper.ErrConflict):
		return nil, lostCursor(http.StatusConflict, "This cursor is ahead of the site: its database was put back to an earlier state. "+beginAgain)
	case err != nil:
		return nil, err
	}
	w := writerIn(ctx)
	out := Changes{make([]Change, len(c.Changes)), c.Cursor, c.More}
	for i, one := range c.Changes {
		out.Changes[i] = Change{Seq: one.Seq, ID: string(one.ID), Removed: one.Entry == nil}
		if one.Entry != nil {
			p := w.paper(one.Entry)
			out.Changes[i].Paper = &p
		}
	}
	next := ""
	if c.More {
		next = askedIn(ctx).next(c.Cursor)
	}
	return &listed[Changes]{next, out}, nil
}

const beginAgain = "Forget all papers that you have from here, and ask for /api/v1/changes without a cursor."

func lostCursor(status int, detail string) *Problem {
	return &Problem{Status: status, Parameter: "cursor", Detail: detail}
}

// Stats says what the site holds.
type Stats struct {
	Papers   int      `json:"papers" minimum:"0" doc:"Papers in all, whether they were in an edition or not."`
	Editions int      `json:"editions" minimum:"0" doc:"Feed days that have papers."`
	Demo     bool     `json:"demo" doc:"True while the demonstration catalog is in: then not all papers are recent."`
	Sources  []Source `json:"sources" doc:"Where the papers come from."`
}

// Source is where papers come from.
type Source struct {
	Name string    `json:"name" doc:"hub is another Daily Papers site, arxiv the metadata of arXiv." example:"arxiv"`
	Read time.Time `json:"read,omitzero" doc:"When it was last read."`
}

func (a *API) stats(ctx context.Context, _ *struct{}) (*plainly[Stats], error) {
	s, err := a.Catalog.Stats(ctx)
	if err != nil {
		return nil, err
	}
	out := Stats{Papers: s.Papers, Editions: s.Editions, Demo: s.Demo, Sources: make([]Source, len(s.Sources))}
	for i, one := range s.Sources {
		out.Sources[i] = Source{string(one.Name), seconds(one.Imported)}
	}
	return &plainly[Stats]{out}, nil
}

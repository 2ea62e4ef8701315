package v1

import (
	"context"
	"errors"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// Clock is what the site's feed clock says.
type Clock struct {
	Zone      string    `json:"zone" doc:"The time zone of the feed clock, by its name in the IANA database." example:"America/New_York"`
	Today     string    `json:"today" format:"date" doc:"The feed day whose edition takes papers now, whether it has any or not."`
	Opened    time.Time `json:"opened" doc:"When that edition opened."`
	NextOpens time.Time `json:"nextOpens" doc:"When the next edition opens, and this one closes."`
	Latest    string    `json:"latest,omitempty" format:"date" doc:"The newest feed day that has papers. Left out while there is none."`
}

// Edition is one page of a period's papers.
type Edition struct {
	EditionState
	NextOpens time.Time `json:"nextOpens" doc:"When the next edition after now opens."`
	Prev      string    `json:"prev,omitempty" doc:"The nearest earlier period of the same kind that has papers."`
	Next      string    `json:"next,omitempty" doc:"The nearest later one."`
	Papers    []Paper   `json:"papers" doc:"By votes, then in the order of the source: as the edition's page has them."`
	Cursor    string    `json:"cursor,omitempty" doc:"Of the next page of this edition. Left out on the last."`
}

// EditionState is how full an edition is and where it stands in time.
type EditionState struct {
	Period string    `json:"period" doc:"A feed day (2026-05-27), an ISO week (2026-W22) or a month (2026-05)." example:"2026-05-27"`
	Kind   string    `json:"kind" enum:"day,week,month" doc:"How long the period is."`
	Title  string    `json:"title" doc:"The period in full." example:"Wednesday, 27 May 2026"`
	URL    string    `json:"url" format:"uri" doc:"The edition's page on this site."`
	State  string    `json:"state" enum:"upcoming,open,closed" doc:"Whether it still takes papers: upcoming before it opens, open, or closed for good."`
	Opens  time.Time `json:"opens" doc:"When the first edition of the period opens."`
	Closes time.Time `json:"closes" doc:"When its last one closes."`
	Total  int       `json:"total" minimum:"0" doc:"Papers in the whole period."`
}

// Editions is one page of the periods that have papers.
type Editions struct {
	Editions []EditionState `json:"editions" doc:"The newest first."`
	Cursor   string         `json:"cursor,omitempty" doc:"Of the next page. Left out on the last."`
}

func (a *API) clock(ctx context.Context, _ *struct{}) (*plainly[Clock], error) {
	f, err := a.Catalog.FeedClock(ctx)
	if err != nil {
		return nil, err
	}
	return &plainly[Clock]{Clock{
		Zone: f.Zone, Today: string(f.Today), Opened: seconds(f.Opened), NextOpens: seconds(f.NextOpens), Latest: string(f.Latest),
	}}, nil
}

type editionsInput struct {
	Kind string `query:"kind" enum:"day,week,month" default:"day" doc:"How long the periods are."`
	Page
}

func (a *API) editions(ctx context.Context, in *editionsInput) (*listed[Editions], error) {
	states, more, err := a.Catalog.Editions(ctx, paper.PeriodKind(in.Kind), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	w := writerIn(ctx)
	out := make([]EditionState, len(states))
	for i, s := range states {
		out[i] = w.state(s)
	}
	return &listed[Editions]{askedIn(ctx).next(more), Editions{out, more}}, nil
}

func (w writer) state(s catalog.EditionState) EditionState {
	return EditionState{
		Period: string(s.Period), Kind: string(s.Period.Kind()), Title: s.Period.Title(), URL: w.base + urls.Edition(s.Period),
		State: string(s.State), Opens: seconds(s.Opens), Closes: seconds(s.Closes), Total: s.Papers,
	}
}

type editionInput struct {
	Period string `path:"period" minLength:"1" maxLength:"40" doc:"A feed day (2026-05-27), an ISO week (2026-W22), a month (2026-05); today for the edition that takes papers now, or latest for the newest day that has papers." example:"2026-05-27"`
	Cursor string `query:"cursor" maxLength:"400" doc:"The cursor of the page before. Leave it out for the first page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many papers a page has."`
}

func (a *API) edition(ctx context.Context, in *editionInput) (*listed[Edition], error) {
	period, err := a.period(ctx, in.Period)
	if err != nil {
		return nil, err
	}
	e, err := a.Catalog.Edition(ctx, period, in.Cursor, in.Limit)
	if errors.Is(err, paper.ErrNotFound) {
		e, err = a.Catalog.EmptyEdition(ctx, period) // which is an answer all the same: clients ask for today on any day
	}
	if err != nil {
		return nil, err
	}
	w, q := writerIn(ctx), askedIn(ctx)
	q.path = "/editions/" + string(period) // what is today now may be over when the next page is asked for
	return &listed[Edition]{q.next(e.More), Edition{
		EditionState: w.state(catalog.EditionState{Period: period, Papers: e.Total, State: e.State, Opens: e.Opens, Closes: e.Closes}),
		NextOpens:    seconds(e.NextOpens), Prev: string(e.Prev), Next: string(e.Next),
		Papers: w.papers(e.Entries), Cursor: e.More,
	}}, nil
}

// period is the one that an address names.
func (a *API) period(ctx context.Context, name string) (paper.Period, error) {
	if name == "today" {
		return a.Clock.Day(a.Now()).Period(), nil
	}
	if name == "latest" {
		f, err := a.Catalog.FeedClock(ctx)
		if err == nil && f.Latest == "" {
			err = missing("There are no editions yet.")
		}
		return f.Latest.Period(), err
	}
	p, err := paper.ParsePeriod(name)
	var invalid *paper.InvalidError
	if errors.As(err, &invalid) {
		return "", missing("There is no such edition: %s.", invalid.Msg)
	}
	return p, err
}

package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
)

// edition answers list_edition.
type edition struct {
	Date     string `json:"date" jsonschema:"the day, week or month"`
	Title    string `json:"title"`
	State    string `json:"state" jsonschema:"open while it takes papers, closed after, upcoming before"`
	Closes   string `json:"closes" jsonschema:"when it takes no more papers"`
	Previous string `json:"previous,omitempty" jsonschema:"the nearest earlier one that has papers"`
	Next     string `json:"next,omitempty" jsonschema:"the nearest later one"`
	Papers   []item `json:"papers"`
	Total    int    `json:"total" jsonschema:"how many papers it has"`
	Cursor   string `json:"cursor,omitempty" jsonschema:"where to go on, when there are more"`
}

func (s *Server) listEdition(ctx context.Context, v values) (*answer, error) {
	period, err := s.period(ctx, v["date"])
	if err != nil {
		return nil, err
	}
	e, err := s.Catalog.Edition(ctx, period, v["cursor"], v.number("limit"))
	if errors.Is(err, paper.ErrNotFound) {
		return nil, s.empty(ctx, period)
	}
	if err != nil {
		return nil, err
	}
	out := edition{
		Date: string(e.Period), Title: e.Period.Title(), State: string(e.State), Closes: e.Closes.UTC().Format(time.RFC3339),
		Previous: string(e.Prev), Next: string(e.Next), Papers: s.items(ctx, e.Entries), Total: e.Total, Cursor: e.More,
	}
	return &answer{editionText(&out), out}, nil
}

// period reads a date: of the feed clock, or of the calendar.
func (s *Server) period(ctx context.Context, date string) (paper.Period, error) {
	word := strings.ToLower(date)
	if word != "today" && word != "latest" {
		p, err := paper.ParsePeriod(date)
		if err != nil {
			return "", paper.Invalid("date", "%q will not do; use today, latest, or a form like 2026-05-27, 2026-W22 or 2026-05", paper.Shorten(date))
		}
		return p, nil
	}
	clock, err := s.Catalog.FeedClock(ctx)
	switch {
	case err != nil:
		return "", err
	case word == "today":
		return clock.Today.Period(), nil
	case clock.Latest == "":
		return "", say("there are no editions here yet")
	}
	return clock.Latest.Period(), nil
}

// empty says that a period has no papers, and which has.
func (s *Server) empty(ctx context.Context, p paper.Period) error {
	near, err := s.Catalog.Nearest(ctx, p)
	switch {
	case errors.Is(err, paper.ErrNotFound):
		return say("there are no papers in %s, nor in any other edition yet", p)
	case err != nil:
		return err
	}
	return say("there are no papers in %s; the nearest edition that has some is %s", p, near)
}

func editionText(e *edition) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %d of %s", e.Title, e.Date, len(e.Papers), papers(e.Total))
	if e.State == string(catalog.Open) {
		fmt.Fprintf(&b, "; still open, until %s", e.Closes)
	}
	b.WriteString("\n\n" + lines(e.Papers) + more(e.Cursor))
	if e.Previous != "" {
		fmt.Fprintf(&b, "\nThe one before: %s\n", e.Previous)
	}
	if e.Next != "" {
		fmt.Fprintf(&b, "\nThe one after: %s\n", e.Next)
	}
	return b.String()
}

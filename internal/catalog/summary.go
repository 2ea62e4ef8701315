package catalog

import (
	"context"
	"fmt"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// summaryAge is how old the answers of Version, Latest and Demo may be: it bounds both how
// often the database is asked and how late a reader sees what another process has written.
const summaryAge = 200 * time.Millisecond

// Version grows with every change of what the catalog answers. Within two seconds it is
// known, or the error is paper.ErrUnavailable: whoever keeps answers by their version serves
// them on while the database is silent.
func (c *Catalog) Version(ctx context.Context) (int64, error) {
	s, err := c.summarized(ctx)
	return s.Version, err
}

// Latest returns the newest feed day that has papers.
func (c *Catalog) Latest(ctx context.Context) (paper.Day, error) {
	s, err := c.summarized(ctx)
	if err == nil && s.Latest == "" {
		err = fmt.Errorf("the latest edition: %w", paper.ErrNotFound)
	}
	return s.Latest, err
}

// Demo reports whether the demonstration catalog is in.
func (c *Catalog) Demo(ctx context.Context) (bool, error) {
	s, err := c.summarized(ctx)
	return s.Demo, err
}

func (c *Catalog) summarized(ctx context.Context) (store.Summary, error) {
	young := func(_ store.Summary, age time.Duration) bool { return age < summaryAge }
	return c.summary.get(ctx, "", young, c.db.Summary)
}

// Stats says what the site holds.
type Stats struct {
	Papers   int
	Editions int
	Demo     bool // the demonstration catalog is still in
	Sources  []SourceStats
}

// SourceStats says what came from one source.
type SourceStats struct {
	Name     paper.Source
	Imported time.Time // when it was last read
}

// Stats says what the site holds.
func (c *Catalog) Stats(ctx context.Context) (Stats, error) {
	summary, err := c.summarized(ctx)
	if err != nil {
		return Stats{}, err
	}
	days, err := c.db.CountEditions(ctx, paper.KindDay)
	if err != nil {
		return Stats{}, err
	}
	sources, err := c.db.Sources(ctx)
	if err != nil {
		return Stats{}, err
	}
	s := Stats{Papers: int(summary.Papers), Editions: days, Demo: summary.Demo}
	for _, src := range sources {
		if src.Name != paper.SourceDemo {
			s.Sources = append(s.Sources, SourceStats{Name: src.Name, Imported: src.Read})
		}
	}
	return s, nil
}

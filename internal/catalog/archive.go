package catalog

import (
	"context"
	"errors"
	"fmt"

	"broadsheet/internal/paper"
)

// A Calendar is the editions of one year.
type Calendar struct {
	Year  int
	Years []int // all years that have editions, newest first
	Days  []DayCount
}

// A DayCount is how many papers a feed day has.
type DayCount struct {
	Day    paper.Day
	Papers int
}

// Archive returns the editions of a year; year 0 is the newest that has any.
func (c *Catalog) Archive(ctx context.Context, year int) (*Calendar, error) {
	latest, err := c.Latest(ctx)
	if errors.Is(err, paper.ErrNotFound) {
		return &Calendar{Year: c.now().Year()}, nil
	}
	if err != nil {
		return nil, err
	}
	if year == 0 {
		year = latest.Year()
	}
	cal := &Calendar{Year: year}
	if cal.Days, err = c.days(ctx, firstOf(year), lastOf(year)); err != nil {
		return nil, err
	}
	cal.Years, err = c.years(ctx, latest.Year())
	return cal, err
}

// Days returns the days of a week or a month that have papers, oldest first.
func (c *Catalog) Days(ctx context.Context, p paper.Period) ([]DayCount, error) {
	return c.days(ctx, p.First(), p.Last())
}

func (c *Catalog) days(ctx context.Context, first, last paper.Day) ([]DayCount, error) {
	rows, err := c.db.Days(ctx, first, last)
	if err != nil {
		return nil, err
	}
	var all []DayCount
	for _, d := range rows {
		all = append(all, DayCount(d))
	}
	return all, nil
}

// years lists the years that have editions, newest first, stepping over the gaps.
func (c *Catalog) years(ctx context.Context, latest int) ([]int, error) {
	years := []int{}
	for year := latest; ; {
		years = append(years, year)
		around, err := c.db.Around(ctx, firstOf(year).Period())
		if err != nil || around.Prev == "" {
			return years, err
		}
		year = around.Prev.First().Year()
	}
}

func firstOf(year int) paper.Day { return paper.Day(fmt.Sprintf("%04d-01-01", year)) }

func lastOf(year int) paper.Day { return paper.Day(fmt.Sprintf("%04d-12-31", year)) }

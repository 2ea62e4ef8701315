package catalog

import (
	"context"

	"broadsheet/internal/paper"
)

// A Month is a calendar month with publications, for sitemaps.
type Month struct {
	Period paper.Period
}

// SitemapMonths returns the months in which papers may have been published, newest
// first.
func (c *Catalog) SitemapMonths(ctx context.Context) ([]Month, error) {
	first, last, err := c.db.Span(ctx)
	if err != nil || first.IsZero() {
		return nil, err
	}
	var months []Month
	end := paper.DayOf(first).Month()
	for m := paper.DayOf(last).Month(); m >= end; m = m.Prev() {
		months = append(months, Month{Period: m})
	}
	return months, nil
}

// sitemapLimit is what the sitemap protocol allows in one file.
const sitemapLimit = 50000

// Sitemap returns the papers published in a month, as many as a sitemap may hold.
func (c *Catalog) Sitemap(ctx context.Context, month paper.Period) ([]paper.ID, error) {
	first, end := month.First().Time(), month.Last().Add(1).Time()
	return c.db.PublishedBetween(ctx, first, end, sitemapLimit)
}

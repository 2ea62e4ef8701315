package arxiv

import (
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/paper"
)

// A version is one revision, as the snapshot has it.
type version struct {
	Version string `json:"version"` // "v1"
	Created string `json:"created"` // "Mon, 2 Apr 2007 19:18:42 GMT"
}

// dates reads the row's dates into p and returns when the row was as it is; zero
// when it does not say.
func (r *row) dates(p *paper.Paper) (time.Time, error) {
	published, err := parseDay("published", r.Published)
	if err != nil {
		return time.Time{}, err
	}
	updated, err := parseDay("update_date", r.UpdateDate)
	if err != nil {
		return time.Time{}, err
	}
	for i, v := range r.Versions {
		known, err := v.parse(i + 1)
		if err != nil {
			return time.Time{}, err
		}
		if known.Created.After(p.Updated) {
			p.Updated = known.Created
		}
		p.Versions = append(p.Versions, known)
	}
	p.Published = firstDate(p, published)
	if updated.After(p.Updated) {
		return updated, nil
	}
	return p.Updated, nil
}

// firstDate is the best that is known of the publication: the time of the first
// version, a day, or the month that the identifier was given out in.
func firstDate(p *paper.Paper, day time.Time) paper.Date {
	for _, v := range p.Versions {
		if v.Number == 1 {
			return paper.Date{Time: v.Created, Precision: paper.PrecisionTime}
		}
	}
	if !day.IsZero() {
		return paper.Date{Time: day, Precision: paper.PrecisionDay}
	}
	return p.ID.Month()
}

func (v version) parse(place int) (paper.Version, error) {
	number := place
	if v.Version != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(v.Version, "v"))
		if err != nil || n < 1 || n > 10_000 {
			return paper.Version{}, paper.Invalid("versions.version", "%q is not a version such as v2", paper.Shorten(v.Version))
		}
		number = n
	}
	const layout = "Mon, 2 Jan 2006 15:04:05 GMT"
	created, err := time.Parse(layout, strings.TrimSpace(v.Created))
	if err != nil {
		created, err = time.Parse(time.RFC3339, strings.TrimSpace(v.Created))
	}
	if err != nil || !plausible(created) {
		return paper.Version{}, paper.Invalid("versions.created", "%q is not a time such as %q", paper.Shorten(v.Created), layout)
	}
	return paper.Version{Number: number, Created: created.UTC()}, nil
}

// parseDay reads a day such as 2007-04-02; "" is the zero time.
func parseDay(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !plausible(t) {
		return time.Time{}, paper.Invalid(field, "%q is not a day such as 2007-04-02", paper.Shorten(s))
	}
	return t, nil
}

// plausible reports whether a paper may be from that time.
func plausible(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }

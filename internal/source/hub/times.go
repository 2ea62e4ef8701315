package hub

import (
	"cmp"
	"strings"
	"time"

	"broadsheet/internal/paper"
)

// times are an item's points in time.
type times struct {
	said      time.Time // when the item was as it is
	published paper.Date
	submitted paper.Date
	withdrawn time.Time
	day       paper.Day // of its edition, "" when it is in none
}

func (it *item) times() (times, error) {
	var t times
	var taken, shifted, withdrawn paper.Date
	for _, f := range []struct {
		field, value string
		to           *paper.Date
	}{
		{"_taken_at", it.TakenAt, &taken},
		{"publishedAt", it.PublishedAt, &shifted},
		{"paper.publishedAt", it.Paper.PublishedAt, &t.published},
		{"paper.submittedOnDailyAt", it.Paper.SubmittedAt, &t.submitted},
		{"paper.withdrawnAt", it.Paper.WithdrawnAt, &withdrawn},
	} {
		var err error
		if *f.to, err = parseTime(f.field, f.value); err != nil {
			return t, err
		}
	}
	t.said = cmp.Or(taken, t.submitted, shifted).Time
	t.withdrawn = withdrawn.Time
	var err error
	t.day, err = it.day(t.submitted)
	return t, err
}

func (it *item) day(submitted paper.Date) (paper.Day, error) {
	field, day := "_list_date", it.ListDate
	if day == "" && !submitted.IsZero() {
		field, day = "paper.submittedOnDailyAt", strings.TrimSpace(it.Paper.SubmittedAt)[:len(time.DateOnly)]
	}
	if day == "" {
		return "", nil
	}
	d, err := paper.ParseDay(day)
	if err != nil {
		return "", paper.Invalid(field, "%q is not a day such as 2026-05-27", paper.Shorten(day))
	}
	return d, nil
}

// parseTime reads a time with its zone, or a day. The sites write midnight UTC
// where they know the day only.
func parseTime(field, s string) (paper.Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return paper.Date{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err != nil {
		return paper.Date{}, paper.Invalid(field, "%q is not a time such as 2026-05-27T08:15:00.000Z", paper.Shorten(s))
	}
	t = t.UTC()
	if t.Year() < 1900 || t.Year() > 2199 {
		return paper.Date{}, paper.Invalid(field, "%q lies outside the years that papers come from", paper.Shorten(s))
	}
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return paper.Date{Time: t, Precision: paper.PrecisionDay}, nil
	}
	return paper.Date{Time: t, Precision: paper.PrecisionTime}, nil
}

package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // feed clocks work where the system has no time zones
)

// A Day is a feed day, "2026-05-27": a calendar day by the site's feed clock.
// Days compare as strings.
type Day string

// A Period is what a list of editions covers: a feed day ("2026-05-27"), an ISO
// week ("2026-W22") or a month ("2026-05"). Periods of one kind compare as strings.
type Period string

// PeriodKind says how long a period is.
type PeriodKind string

// The kinds of period.
const (
	KindDay   PeriodKind = "day"
	KindWeek  PeriodKind = "week"
	KindMonth PeriodKind = "month"
)

// The years that days, weeks and months may lie in: arXiv began in 1991.
const firstYear, lastYear = 1991, 9998

const (
	dayLayout   = "2006-01-02"
	monthLayout = "2006-01"
)

// ParseDay reads a day, "2024-06-05" or "2024-6-5".
func ParseDay(s string) (Day, error) {
	parts := strings.Split(strings.TrimSpace(s), "-")
	if len(parts) == 3 {
		year, month, day := atoi(parts[0], 4), atoi(parts[1], 2), atoi(parts[2], 2)
		t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if inYears(year) && int(t.Month()) == month && t.Day() == day { // not 30 February
			return DayOf(t), nil
		}
	}
	return "", Invalid("date", "%q is not a day; use a form like 2026-05-27", Shorten(s))
}

// ParseMonth reads a month, "2026-05" or "2026-5".
func ParseMonth(s string) (Period, error) {
	left, right, _ := strings.Cut(strings.TrimSpace(s), "-")
	year, month := atoi(left, 4), atoi(right, 2)
	if !inYears(year) || month < 1 || month > 12 {
		return "", Invalid("month", "%q is not a month; use a form like 2026-05", Shorten(s))
	}
	return Period(fmt.Sprintf("%04d-%02d", year, month)), nil
}

// ParseWeek reads an ISO week, "2026-W05" or "2026-w5".
func ParseWeek(s string) (Period, error) {
	left, right, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "-W")
	year, week := atoi(left, 4), atoi(right, 2)
	if !inYears(year) || week < 1 || week > 53 {
		return "", Invalid("week", "%q is not a week; use a form like 2026-W22", Shorten(s))
	}
	if weeks := weeksIn(year); week > weeks {
		return "", Invalid("week", "%d has %d weeks; the last one is %d-W%d", year, weeks, year, weeks)
	}
	return Period(fmt.Sprintf("%04d-W%02d", year, week)), nil
}

// ParsePeriod reads a day, a week or a month.
func ParsePeriod(s string) (Period, error) {
	switch {
	case strings.ContainsAny(s, "wW"):
		return ParseWeek(s)
	case strings.Count(strings.TrimSpace(s), "-") == 1:
		return ParseMonth(s)
	}
	day, err := ParseDay(s)
	if err != nil {
		return "", Invalid("date", "%q is not a day, a week or a month; use a form like 2026-05-27, 2026-W22 or 2026-05", Shorten(s))
	}
	return Period(day), nil
}

// atoi reads up to width digits; -1 for anything else. A year has all four.
func atoi(s string, width int) int {
	if !digits(s) || len(s) > width || width == 4 && len(s) < 4 {
		return -1
	}
	n, _ := strconv.Atoi(s) // digits has seen to it
	return n
}

func inYears(year int) bool { return year >= firstYear && year <= lastYear }

// weeksIn is the number of ISO weeks in a year: 28 December lies in the last one.
func weeksIn(year int) int {
	_, week := time.Date(year, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	return week
}

// DayOf is the calendar day of t in t's own location.
func DayOf(t time.Time) Day { return Day(t.Format(dayLayout)) }

// Time is midnight UTC of the day; the zero time for an invalid one.
func (d Day) Time() time.Time {
	t, err := time.Parse(dayLayout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Add is the day so many days later, or earlier when days is negative.
func (d Day) Add(days int) Day { return DayOf(d.Time().AddDate(0, 0, days)) }

// Year is the calendar year.
func (d Day) Year() int { return d.Time().Year() }

// Period is the day itself as a period.
func (d Day) Period() Period { return Period(d) }

// Week is the ISO week that the day lies in, which may belong to the year before
// or after.
func (d Day) Week() Period {
	year, week := d.Time().ISOWeek()
	return Period(fmt.Sprintf("%04d-W%02d", year, week))
}

// Month is the calendar month that the day lies in.
func (d Day) Month() Period { return Period(d.Time().Format(monthLayout)) }

// Kind says whether the period is a day, a week or a month; "" when it is none.
func (p Period) Kind() PeriodKind {
	switch {
	case len(p) == len("2026-05-27"):
		return KindDay
	case len(p) == len("2026-W22") && p[5] == 'W':
		return KindWeek
	case len(p) == len("2026-05"):
		return KindMonth
	}
	return ""
}

// span is the period's first day and the first day after it.
func (p Period) span() (first, end time.Time) {
	switch p.Kind() {
	case KindWeek:
		// 4 January lies in the first week, and weeks begin on Monday.
		year, week := atoi(string(p[:4]), 4), atoi(string(p[6:]), 2)
		t := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
		monday := t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
		first = monday.AddDate(0, 0, 7*(week-1))
		return first, first.AddDate(0, 0, 7)
	case KindMonth:
		first = Day(p + "-01").Time()
		return first, first.AddDate(0, 1, 0)
	}
	first = Day(p).Time()
	return first, first.AddDate(0, 0, 1)
}

// of is the period of p's kind that the day lies in.
func (p Period) of(d Day) Period {
	switch p.Kind() {
	case KindWeek:
		return d.Week()
	case KindMonth:
		return d.Month()
	}
	return d.Period()
}

// First is the period's first day.
func (p Period) First() Day {
	first, _ := p.span()
	return DayOf(first)
}

// Last is the period's last day.
func (p Period) Last() Day {
	_, end := p.span()
	return DayOf(end).Add(-1)
}

// Prev is the period of the same kind that precedes in the calendar.
func (p Period) Prev() Period { return p.of(p.First().Add(-1)) }

// Contains reports whether the day lies in the period.
func (p Period) Contains(d Day) bool { return p.First() <= d && d <= p.Last() }

// Title names the period in full: "Wednesday, 27 May 2026", "Week 22, 25–31 May
// 2026", "May 2026".
func (p Period) Title() string {
	first, end := p.span()
	switch p.Kind() {
	case KindWeek:
		return "Week " + p.weekNumber() + ", " + dayRange(first, end.AddDate(0, 0, -1))
	case KindMonth:
		return first.Format("January 2006")
	case KindDay:
		return first.Format("Monday, 2 January 2006")
	}
	return ""
}

// Short names the period where its year is plain: "27 May", "week 22", "May 2026".
func (p Period) Short() string {
	first, _ := p.span()
	switch p.Kind() {
	case KindWeek:
		return "week " + p.weekNumber()
	case KindMonth:
		return first.Format("January 2006")
	case KindDay:
		return first.Format("2 January")
	}
	return ""
}

func (p Period) weekNumber() string { return strings.TrimPrefix(string(p[6:]), "0") }

// dayRange writes two days and says month and year only once where it can.
func dayRange(first, last time.Time) string {
	const full = "2 January 2006"
	switch {
	case first.Year() != last.Year():
		return first.Format(full) + " – " + last.Format(full)
	case first.Month() != last.Month():
		return first.Format("2 January") + " – " + last.Format(full)
	}
	return first.Format("2") + "–" + last.Format(full)
}

// A Clock is the feed clock: it says which day's edition is open. The edition of
// a day opens on the day before, when the clock on the wall shows Opens, and
// closes when the next one opens.
type Clock struct {
	Location *time.Location // nil means UTC
	Opens    time.Duration  // in whole seconds from midnight of the day before; 0 means 24h, as the day itself begins
}

// NewClock makes a clock from the name of a time zone and the time of day when
// editions open, "21:30". At "00:00" or "24:00" an edition opens as its day begins.
func NewClock(zone, opens string) (Clock, error) {
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return Clock{}, Invalid("time zone", "%q is not known; use a name like America/New_York or UTC", Shorten(zone))
	}
	left, right, _ := strings.Cut(opens, ":")
	hour, minute := atoi(left, 2), atoi(right, 2)
	if hour < 0 || minute < 0 || minute > 59 || len(right) != 2 || hour*60+minute > 24*60 {
		return Clock{}, Invalid("opening time", "%q is not a time of day; use a form like 21:30", Shorten(opens))
	}
	return Clock{Location: location, Opens: time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute}, nil
}

// Day is the feed day whose edition is open at now.
func (c Clock) Day(now time.Time) Day {
	day := DayOf(now.In(c.location()))
	if now.Before(c.OpensAt(day)) {
		return day.Add(-1)
	}
	if !now.Before(c.ClosesAt(day)) {
		return day.Add(1)
	}
	return day
}

// OpensAt is when the edition of a day opens.
func (c Clock) OpensAt(d Day) time.Time {
	opens := c.Opens
	if opens == 0 {
		opens = 24 * time.Hour
	}
	// Date counts by the clock on the wall, so the hour holds when summer time
	// begins or ends; adding to a midnight would be an hour off.
	year, month, day := d.Time().Date()
	return time.Date(year, month, day-1, 0, 0, int(opens/time.Second), 0, c.location())
}

// ClosesAt is when the edition of a day closes: when the next one opens.
func (c Clock) ClosesAt(d Day) time.Time { return c.OpensAt(d.Add(1)) }

func (c Clock) location() *time.Location {
	if c.Location == nil {
		return time.UTC
	}
	return c.Location
}

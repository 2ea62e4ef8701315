package paper

import (
	"errors"
	"testing"
	"time"
)

func TestParseDay(t *testing.T) {
	tests := []struct {
		in   string
		want Day
	}{
		{"2024-06-05", "2024-06-05"}, {"2024-6-5", "2024-06-05"}, {" 2024-06-05 ", "2024-06-05"},
		{"2024-02-29", "2024-02-29"}, {"1991-01-01", "1991-01-01"}, {"2199-12-31", "2199-12-31"},
	}
	for _, test := range tests {
		if got, err := ParseDay(test.in); err != nil || got != test.want {
			t.Errorf("ParseDay(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
	for _, in := range []string{"", "today", "2025-13-40", "2025-02-29", "2025-00-10", "2025-01-00", "2025-04-31", "24-06-05", "1990-12-31",
		"9999-01-01", "2024-06-005", "2024-06", "2024-06-05-01", "2024/06/05", "2024-+6-05", "2024--6-5", "2024-06-05T00:00:00Z", "２024-06-05"} {
		_, err := ParseDay(in)
		wantInvalid(t, in, err, "date")
	}
}

func wantInvalid(t *testing.T, in string, err error, field string) {
	t.Helper()
	var invalid *InvalidError
	if !errors.As(err, &invalid) || invalid.Field != field || invalid.Msg == "" {
		t.Errorf("%q: error %v, want an InvalidError of %q", in, err, field)
	}
}

func TestParsePeriod(t *testing.T) {
	tests := []struct {
		in   string
		want Period
		kind PeriodKind
	}{
		{"2026-05-27", "2026-05-27", KindDay}, {"2026-5-7", "2026-05-07", KindDay},
		{"2026-W22", "2026-W22", KindWeek}, {"2026-W5", "2026-W05", KindWeek}, {"2026-w05", "2026-W05", KindWeek},
		{"2026-W53", "2026-W53", KindWeek}, {"2020-W53", "2020-W53", KindWeek}, {"2015-W53", "2015-W53", KindWeek},
		{"2026-05", "2026-05", KindMonth}, {"2026-5", "2026-05", KindMonth}, {" 2026-12 ", "2026-12", KindMonth},
	}
	for _, test := range tests {
		if got, err := ParsePeriod(test.in); err != nil || got != test.want || got.Kind() != test.kind {
			t.Errorf("ParsePeriod(%q) = %q (%s), %v; want %q (%s)", test.in, got, got.Kind(), err, test.want, test.kind)
		}
	}
	for in, field := range map[string]string{
		"": "date", "2026": "date", "2026-13-01": "date", "May 2026": "date",
		"2026-13": "month", "2026-0": "month", "26-05": "month", "9999-01": "month",
		"2025-W53": "week", "2026-W0": "week", "2026-W54": "week", "2026W22": "week", "2026-W": "week", "2026-W022": "week", "2026-WW2": "week",
	} {
		_, err := ParsePeriod(in)
		wantInvalid(t, in, err, field)
	}
}

func TestPeriods(t *testing.T) {
	tests := []struct {
		period      Period
		first, last Day
		prev, next  Period
		title       string
		short       string
	}{
		{"2026-05-27", "2026-05-27", "2026-05-27", "2026-05-26", "2026-05-28", "Wednesday, 27 May 2026", "27 May"},
		{"2024-12-31", "2024-12-31", "2024-12-31", "2024-12-30", "2025-01-01", "Tuesday, 31 December 2024", "31 December"},
		{"2026-W22", "2026-05-25", "2026-05-31", "2026-W21", "2026-W23", "Week 22, 25–31 May 2026", "week 22"},
		{"2026-W05", "2026-01-26", "2026-02-01", "2026-W04", "2026-W06", "Week 5, 26 January – 1 February 2026", "week 5"},
		{"2026-W01", "2025-12-29", "2026-01-04", "2025-W52", "2026-W02", "Week 1, 29 December 2025 – 4 January 2026", "week 1"},
		{"2020-W53", "2020-12-28", "2021-01-03", "2020-W52", "2021-W01", "Week 53, 28 December 2020 – 3 January 2021", "week 53"},
		{"2024-02", "2024-02-01", "2024-02-29", "2024-01", "2024-03", "February 2024", "February 2024"},
		{"2025-12", "2025-12-01", "2025-12-31", "2025-11", "2026-01", "December 2025", "December 2025"},
	}
	for _, test := range tests {
		p := test.period
		for _, pair := range [][2]string{
			{string(p.First()), string(test.first)}, {string(p.Last()), string(test.last)},
			{string(p.Prev()), string(test.prev)}, {string(test.next.Prev()), string(p)},
			{p.Title(), test.title}, {p.Short(), test.short},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: got %q, want %q", p, pair[0], pair[1])
			}
		}
		if !p.Contains(test.first) || !p.Contains(test.last) || p.Contains(test.first.Add(-1)) || p.Contains(test.last.Add(1)) {
			t.Errorf("%s does not contain just its own days", p)
		}
	}
}

func TestPeriodOrderFollowsCalendar(t *testing.T) {
	for _, p := range []Period{"2026-05-27", "2026-W22", "2026-05"} {
		for range 3000 {
			prev := p.Prev()
			if prev >= p || prev.Last() != p.First().Add(-1) || prev.Kind() != p.Kind() || prev.of(prev.Last()) != prev {
				t.Fatalf("%s comes before %s", prev, p)
			}
			if again, err := ParsePeriod(string(prev)); err == nil && again != prev {
				t.Fatalf("%s reads as %s", prev, again)
			}
			p = prev
		}
	}
}

func TestDay(t *testing.T) {
	d := Day("2024-12-30")
	if d.Week() != "2025-W01" || d.Month() != "2024-12" || d.Period() != "2024-12-30" || d.Year() != 2024 {
		t.Errorf("%s: %s, %s, %s, %d", d, d.Week(), d.Month(), d.Period(), d.Year())
	}
	if got := d.Add(63); got != "2025-03-03" {
		t.Errorf("63 days after %s: %s", d, got)
	}
	if got := d.Time(); !got.Equal(time.Date(2024, 12, 30, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%s: %v", d, got)
	}
	tokyo := time.FixedZone("", 9*3600)
	if got := DayOf(time.Date(2024, 12, 30, 20, 0, 0, 0, time.UTC).In(tokyo)); got != "2024-12-31" {
		t.Errorf("a Tokyo morning is on %s", got)
	}
}

func TestNoPeriod(t *testing.T) {
	for _, p := range []Period{"", "x", "xxxx-Wxx", "xxxx-xx", "xxxx-xx-xx", "2026-W22x"} {
		_ = []any{p.First(), p.Last(), p.Prev(), p.Contains("2026-05-27"), p.Title(), p.Short()} // none panics
	}
	if Period("").Kind() != "" || Period("").Title() != "" || !Day("").Time().IsZero() {
		t.Error("the zero period is something")
	}
}

// newYork opens editions at 21:30 there.
func newYork(t *testing.T) Clock {
	t.Helper()
	c, err := NewClock("America/New_York", "21:30")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClockDay(t *testing.T) {
	ny := newYork(t)
	utc, err := NewClock("UTC", "00:00")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		clock Clock
		now   string
		want  Day
	}{
		{"before opening, winter", ny, "2026-01-14T21:29:59-05:00", "2026-01-14"},
		{"at opening, winter", ny, "2026-01-14T21:30:00-05:00", "2026-01-15"},
		{"before opening, summer", ny, "2026-05-27T01:29:59Z", "2026-05-26"},
		{"at opening, summer", ny, "2026-05-27T01:30:00Z", "2026-05-27"},
		{"midnight", ny, "2026-05-27T00:00:00-04:00", "2026-05-27"},
		{"end of the year", ny, "2025-12-31T22:00:00-05:00", "2026-01-01"},
		{"evening before summer time", ny, "2026-03-07T21:30:00-05:00", "2026-03-08"},
		{"evening of summer time, before", ny, "2026-03-08T21:29:59-04:00", "2026-03-08"},
		{"evening of summer time", ny, "2026-03-08T21:30:00-04:00", "2026-03-09"},
		{"evening summer time ends, before", ny, "2026-11-01T21:29:59-05:00", "2026-11-01"},
		{"evening summer time ends", ny, "2026-11-01T21:30:00-05:00", "2026-11-02"},
		{"as the day begins", utc, "2026-05-27T00:00:00Z", "2026-05-27"},
		{"as the day ends", utc, "2026-05-27T23:59:59Z", "2026-05-27"},
		{"the zero clock", Clock{}, "2026-05-27T00:00:00Z", "2026-05-27"},
	}
	for _, test := range tests {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		got := test.clock.Day(now)
		if got != test.want {
			t.Errorf("%s: %s is in the edition of %s, want %s", test.name, test.now, got, test.want)
		}
		if now.Before(test.clock.OpensAt(got)) || !now.Before(test.clock.ClosesAt(got)) {
			t.Errorf("%s: %s lies outside %v to %v", test.name, test.now, test.clock.OpensAt(got), test.clock.ClosesAt(got))
		}
	}
}

func TestClockHoldsTheHour(t *testing.T) {
	c := newYork(t)
	lengths := map[time.Duration]int{}
	for d := Day("2026-01-01"); d < "2027-01-01"; d = d.Add(1) {
		opens := c.OpensAt(d)
		if opens.Format("2006-01-02 15:04") != string(d.Add(-1))+" 21:30" {
			t.Errorf("%s opens at %v", d, opens)
		}
		lengths[c.ClosesAt(d).Sub(opens)]++
	}
	if lengths[23*time.Hour] != 1 || lengths[25*time.Hour] != 1 || lengths[24*time.Hour] != 363 {
		t.Errorf("editions a year by length: %v", lengths)
	}
}

func TestNewClock(t *testing.T) {
	if c := newYork(t); c.Opens != 21*time.Hour+30*time.Minute || c.Location.String() != "America/New_York" {
		t.Errorf("got %v", c)
	}
	if c, err := NewClock("Europe/Berlin", "24:00"); err != nil || c.Day(time.Date(2026, 5, 27, 22, 0, 0, 0, time.UTC)) != "2026-05-28" {
		t.Errorf("got %v, %v", c, err)
	}
	for _, zone := range []string{"", "Local", "Nowhere/Land", "../etc/passwd"} {
		_, err := NewClock(zone, "21:30")
		wantInvalid(t, zone, err, "time zone")
	}
	for _, opens := range []string{"", "21", "21:3", "21:60", "24:01", "-1:00", "21:30:00", "9 pm"} {
		_, err := NewClock("UTC", opens)
		wantInvalid(t, opens, err, "opening time")
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"2026-05-27", "2026-5-7", "2026-W22", "2026-w5", "2026-05", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		if again, err := ParsePeriod(string(p)); err != nil || again != p {
			t.Errorf("%q reads as %q, which reads as %q, %v", s, p, again, err)
		}
		if p.Title() == "" || p.First() > p.Last() || p.Prev() >= p {
			t.Errorf("%q: title %q, first %s, last %s, the one before %s", p, p.Title(), p.First(), p.Last(), p.Prev())
		}
	})
}

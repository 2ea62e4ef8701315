package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// archivePage is the calendar of a year.
type archivePage struct {
	head
	Heading, Count string
	Years          []navLink
	Months         []month
	Weekdays       []string
}

// month is a leaf of the calendar.
type month struct {
	link
	Name, Title, Papers string
	Weeks               [][7]cell
}

// cell is a day of the calendar; Day is 0 before the first and after the last.
type cell struct {
	Day, Papers, Shade int
	Path               string
}

var weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// archive is /archive, the newest year, and /archive/{year}.
func (s *site) archive(r *request) (*httpserver.Response, error) {
	year, path := 0, urls.Archive
	if given := r.PathValue("year"); given != "" {
		var err error
		if year, err = strconv.Atoi(given); err != nil || year < 1900 || year > 9999 || strconv.Itoa(year) != given {
			return nil, paper.Invalid("year", "%q is not a year; use a form like 2026", given)
		}
		path += "/" + given
	}
	cal, err := s.Catalog.Archive(r.Context(), year)
	switch {
	case err != nil:
		return nil, err
	case len(cal.Days) == 0 && year == 0:
		return s.empty(r)
	case len(cal.Days) == 0:
		return nil, &pageError{status: http.StatusNotFound, title: "No editions in " + strconv.Itoa(year), help: `The <a href="/archive">archive</a> has the years that do.`}
	}
	p := &archivePage{head: s.head(fmt.Sprintf("Archive %d", cal.Year), path), Heading: "Archive " + strconv.Itoa(cal.Year), Weekdays: weekdays}
	p.Description = fmt.Sprintf("All editions of %d, day by day.", cal.Year)
	p.at(archives)
	p.offerFeeds(urls.List{Kind: urls.KindArchive, Year: year}, p.Title)
	for _, y := range cal.Years {
		p.Years = append(p.Years, navLink{link{urls.Year(y), strconv.Itoa(y)}, y == cal.Year})
	}
	p.Months, p.Count = months(cal)
	return s.render("archive", p)
}

// months lays out a year: the months that have papers, the first one first.
func months(cal *catalog.Calendar) ([]month, string) {
	papers, most, total := map[paper.Day]int{}, 1, 0
	perMonth := map[paper.Period]int{}
	for _, d := range cal.Days {
		papers[d.Day] = d.Papers
		perMonth[d.Day.Month()] += d.Papers
		most, total = max(most, d.Papers), total+d.Papers
	}
	var out []month
	for m := time.January; m <= time.December; m++ {
		p := paper.Period(fmt.Sprintf("%04d-%02d", cal.Year, m))
		if n := perMonth[p]; n > 0 {
			out = append(out, month{link{Path: urls.Edition(p)}, m.String(), p.Title(), plural(n, "paper"), weeks(p, papers, most)})
		}
	}
	return out, plural(len(cal.Days), "edition") + " · " + plural(total, "paper")
}

// weeks lays out a month in rows from Monday to Sunday.
func weeks(p paper.Period, papers map[paper.Day]int, most int) [][7]cell {
	var rows [][7]cell
	for d := p.First(); d <= p.Last(); d = d.Add(1) {
		column := (int(d.Time().Weekday()) + 6) % 7
		if column == 0 || len(rows) == 0 {
			rows = append(rows, [7]cell{})
		}
		c := cell{Day: d.Time().Day(), Papers: papers[d], Path: urls.Edition(d.Period())}
		c.Shade = 1 + 3*c.Papers/(most+1)
		rows[len(rows)-1][column] = c
	}
	return rows
}

package catalog

import (
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
)

// An Entry is a paper as a list shows it.
type Entry struct {
	Paper      paper.Paper
	Submission *paper.Submission // its first; nil when it was never in an edition
	Rank       int               // its place in this list, from 1; 0 where the list has no ranks
	Score      rank.Score        // in trending only
}

// State says whether an edition still takes papers.
type State string

// The states of an edition.
const (
	Upcoming State = "upcoming"
	Open     State = "open"
	Closed   State = "closed"
)

// An Edition is the papers of one period: a feed day, a week or a month, by
// votes, then in the source's own order.
type Edition struct {
	Period    paper.Period
	Entries   []Entry
	Total     int          // papers in the whole period
	More      string       // cursor of the next page of this period; "" on the last
	Prev      paper.Period // nearest earlier period of the same kind that has papers; "" when there is none
	Next      paper.Period // nearest later one
	State     State
	Opens     time.Time // when the period's first edition opened
	Closes    time.Time // when its last one closes
	NextOpens time.Time // when the next edition after now opens
}

// A List is one page of papers that are not an edition.
type List struct {
	Entries []Entry
	More    string // cursor of the next page; "" on the last
}

// A PaperDetail is all that is known about one paper.
type PaperDetail struct {
	Paper       paper.Paper
	Submissions []paper.Submission // the first one first
	Rank        int                // in its first edition, from 1; 0 when it was in none
	Of          int                // papers in that edition
	Votes       []paper.Signal     // vote counts over time, oldest first
	Score       rank.Score         // among the trending, by the usual weights; zero when it was in no edition
}

// A Profile is an author or an organization, with one page of their papers,
// newest first.
type Profile struct {
	Slug         string
	Name         string
	Organization *paper.Organization // nil for an author
	Papers       int                 // how many there are; counted up to CountLimit
	List
}

// CountLimit is the most that a Profile counts.
const CountLimit = 1000

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

// Stats says what the site holds.
type Stats struct {
	Papers   int
	Editions int
	Demo     bool // the demonstration catalogue is still in
	Sources  []SourceStats
}

// SourceStats says what came from one source.
type SourceStats struct {
	Name     paper.Source
	Imported time.Time // when it was last read
}

// A Month is a calendar month with publications, for sitemaps.
type Month struct {
	Period paper.Period
}

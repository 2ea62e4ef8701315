package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// How many papers a page has: days are shown whole as a rule.
const (
	dayLimit    = 200
	periodLimit = 100
	listLimit   = 50
)

// editionPage is the front page, a day, a week or a month.
type editionPage struct {
	head
	Heading    string
	Kind       string // "day", "week" or "month"
	Count      string
	State      state
	Wider      []link // the week and the month that the day lies in
	Prev, Next *link
	Asked      string // what was asked for, when it had no papers
	Days       []dayLink
	Demo       bool
	Continued  bool // a further page of a long week or month
	Cards      []card
	More       string
}

// state says whether the edition takes papers, and until when or when the next
// one does.
type state struct {
	Text string
	At   *when
}

type dayLink struct {
	link
	Papers int
}

// front is /papers: the latest edition, or what the box is asked for.
func (s *site) front(r *request) (*httpserver.Response, error) {
	if typed := r.Get("q"); searchable(typed) != "" {
		return s.find(r, typed)
	}
	if date := r.Get("date"); date != "" { // the address that an older public site had
		day, err := paper.ParseDay(date)
		if err != nil {
			return nil, err
		}
		return goTo(http.StatusMovedPermanently, urls.Edition(day.Period()))
	}
	if r.Query.Has("q") {
		return s.searchStart(r)
	}
	return s.latest(r)
}

// latest is the edition of the newest day.
func (s *site) latest(r *request) (*httpserver.Response, error) {
	day, err := s.Catalog.Latest(r.Context())
	if errors.Is(err, paper.ErrNotFound) {
		return s.empty(r)
	}
	if err != nil {
		return nil, err
	}
	e, err := s.Catalog.Edition(r.Context(), day.Period(), "", dayLimit)
	if err != nil {
		return nil, err
	}
	p, err := s.editionPage(r, e)
	if err != nil {
		return nil, err
	}
	p.Canonical = s.BaseURL + urls.Papers
	p.offerFeeds(urls.List{Kind: urls.KindLatest}, "Daily papers") // whichever that is when the feed is read
	a, err := s.render("edition", p)
	if err == nil {
		a.NoCache = r.Query.Has("after") // which means nothing here: a page of its own is not worth keeping
	}
	return a, err
}

// empty is the front page of a site without editions: the newest papers, if there
// are any.
func (s *site) empty(r *request) (*httpserver.Response, error) {
	list, err := s.Catalog.New(r.Context(), "", listLimit)
	if err != nil {
		return nil, err
	}
	p := &editionPage{
		head: s.head(s.SiteName, urls.Papers), Heading: "No edition yet", Count: "0 papers",
		Cards: s.frontPage(ranked(list.Entries)), More: after(urls.Newest, list.More, nil),
	}
	if len(p.Cards) > 0 {
		p.Count = "the newest publications meanwhile"
	}
	p.at(daily)
	p.offerFeeds(urls.List{Kind: urls.KindLatest}, "Daily papers")
	s.addData(r, &p.head, &catalog.ListPage{Ref: urls.List{Kind: urls.KindNew}, Title: p.Heading, Entries: list.Entries, Total: -1})
	return s.render("edition", p)
}

// ranked numbers the entries of a list that has no order of its own.
func ranked(entries []catalog.Entry) []catalog.Entry {
	for i := range entries {
		entries[i].Rank = i + 1
	}
	return entries
}

// day, week and month answer /papers/date/D, /papers/week/W and /papers/month/M.
func (s *site) day(r *request) (*httpserver.Response, error) {
	day, err := paper.ParseDay(r.PathValue("period"))
	return s.period(r, day.Period(), err)
}

func (s *site) week(r *request) (*httpserver.Response, error) {
	week, err := paper.ParseWeek(r.PathValue("period"))
	return s.period(r, week, err)
}

func (s *site) month(r *request) (*httpserver.Response, error) {
	month, err := paper.ParseMonth(r.PathValue("period"))
	return s.period(r, month, err)
}

// thisWeek and thisMonth lead to the newest week and month that have papers.
func (s *site) thisWeek(r *request) (*httpserver.Response, error) { return s.around(r, paper.Day.Week) }
func (s *site) thisMonth(r *request) (*httpserver.Response, error) {
	return s.around(r, paper.Day.Month)
}

func (s *site) around(r *request, of func(paper.Day) paper.Period) (*httpserver.Response, error) {
	day, err := s.Catalog.Latest(r.Context())
	if errors.Is(err, paper.ErrNotFound) {
		return s.empty(r)
	}
	if err != nil {
		return nil, err
	}
	return goTo(http.StatusFound, urls.Edition(of(day)))
}

// period is the page of an edition; without papers it leads to the nearest one.
func (s *site) period(r *request, p paper.Period, err error) (*httpserver.Response, error) {
	if err != nil {
		return nil, err
	}
	if r.PathValue("period") != string(p) {
		return goTo(http.StatusMovedPermanently, urls.Edition(p))
	}
	limit := periodLimit
	if p.Kind() == paper.KindDay {
		limit = dayLimit
	}
	e, err := s.Catalog.Edition(r.Context(), p, r.Get("after"), limit)
	if errors.Is(err, paper.ErrNotFound) {
		return s.nearest(r, p)
	}
	if err != nil {
		return nil, err
	}
	page, err := s.editionPage(r, e)
	if err != nil {
		return nil, err
	}
	a, err := s.render("edition", page)
	if err == nil && page.Asked != "" {
		a.NoCache = true // there are as many of these as days without papers
	}
	return a, err
}

// nearest leads to the nearest period with papers, which then names the one that
// was asked for.
func (s *site) nearest(r *request, p paper.Period) (*httpserver.Response, error) {
	near, err := s.Catalog.Nearest(r.Context(), p)
	if errors.Is(err, paper.ErrNotFound) {
		return s.empty(r)
	}
	if err != nil {
		return nil, err
	}
	return goTo(http.StatusFound, urls.Edition(near)+"?asked="+string(p))
}

func (s *site) editionPage(r *request, e *catalog.Edition) (*editionPage, error) {
	p := &editionPage{
		head: s.head(e.Period.Title(), urls.Edition(e.Period)), Heading: e.Period.Title(), Kind: string(e.Period.Kind()),
		Count: plural(e.Total, "paper"), Cards: s.frontPage(e.Entries), More: after(urls.Edition(e.Period), e.More, nil),
		Continued: r.Get("after") != "", Asked: asked(r.Get("asked"), e.Period), State: s.state(e),
	}
	p.Prev, p.Next = s.turn(e.Prev), s.turn(e.Next)
	p.Description = describe(p)
	roll := e.ListPage()
	p.offerFeeds(roll.Ref, p.Heading)
	s.addData(r, &p.head, roll)
	if p.Continued {
		p.furtherPage()
	}
	var err error
	if p.Demo, err = s.Catalog.Demo(r.Context()); err != nil {
		return nil, err
	}
	switch e.Period.Kind() {
	case paper.KindDay:
		day := paper.Day(e.Period)
		p.at(daily)
		p.Wider = []link{{urls.Edition(day.Week()), day.Week().Short()}, {urls.Edition(day.Month()), day.Month().Short()}}
		return p, nil
	case paper.KindWeek:
		p.at(weekly)
	case paper.KindMonth:
		p.at(monthly)
	}
	for i := range e.Entries {
		p.Cards[i].Edition = s.standsIn(e.Entries[i].Submission, e.Period)
	}
	p.Days, err = s.days(r, e.Period)
	return p, err
}

// turn leads to the previous or next edition; nil when there is none.
func (s *site) turn(p paper.Period) *link {
	switch p.Kind() {
	case "":
		return nil
	case paper.KindDay:
		return &link{urls.Edition(p), shortDay(paper.Day(p), s.Now())}
	}
	return &link{urls.Edition(p), p.Short()}
}

// standsIn leads from a week or a month to the day of a paper.
func (s *site) standsIn(sub *paper.Submission, p paper.Period) *link {
	if sub == nil || !p.Contains(sub.Day) {
		return nil
	}
	text := "edition of " + sub.Day.Period().Short()
	if p.Kind() == paper.KindWeek {
		text = sub.Day.Time().Format("Monday") + "’s edition"
	}
	return &link{urls.Edition(sub.Day.Period()), text}
}

// describe is the description of an edition: its first titles.
func describe(p *editionPage) string {
	var titles []string
	for _, c := range p.Cards[:min(3, len(p.Cards))] {
		titles = append(titles, c.Title)
	}
	return brief(p.Count + ": " + strings.Join(titles, "; "))
}

// asked says which period was asked for and had no papers. Whatever is in the
// address that cannot have led here is passed over.
func asked(s string, shown paper.Period) string {
	p, err := paper.ParsePeriod(s)
	if s == "" || err != nil || p == shown || p.Kind() != shown.Kind() {
		return ""
	}
	which := "nearest earlier"
	if p < shown {
		which = "nearest later"
	}
	on := "in "
	if p.Kind() == paper.KindDay {
		on = "on "
	}
	return "There are no papers " + on + lower(p) + ". This is the " + which + " edition."
}

// lower is a period's title within a sentence.
func lower(p paper.Period) string {
	if p.Kind() == paper.KindWeek {
		return strings.ToLower(p.Title()[:1]) + p.Title()[1:]
	}
	return p.Title()
}

// state says where the edition is in its day. An edition long past says nothing,
// the newest one says when the next opens.
func (s *site) state(e *catalog.Edition) state {
	switch {
	case e.State == catalog.Upcoming:
		return state{"opens ", s.moment(e.Opens)}
	case e.State == catalog.Open:
		return state{"open, closes ", s.moment(e.Closes)}
	case e.Next == "" && !e.NextOpens.IsZero():
		return state{"closed · the next edition opens ", s.moment(e.NextOpens)}
	}
	return state{Text: "closed"}
}

// moment writes a time by the feed clock, and says so: the script turns it into
// the reader's own time.
func (s *site) moment(t time.Time) *when {
	if t.IsZero() {
		return nil
	}
	return &when{t.In(s.zone()).Format("2 January at 15:04 ") + place(s.zone()), t.UTC().Format(time.RFC3339)}
}

// zone is where the feed clock hangs.
func (s *site) zone() *time.Location {
	if s.Clock.Location == nil {
		return time.UTC
	}
	return s.Clock.Location
}

// place names a time zone for readers: "New York time" for America/New_York.
func place(loc *time.Location) string {
	if loc == time.UTC {
		return "UTC"
	}
	name := loc.String()
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.ReplaceAll(name, "_", " ") + " time"
}

// days are the editions of a week or a month.
func (s *site) days(r *request, p paper.Period) ([]dayLink, error) {
	days, err := s.Catalog.Days(r.Context(), p)
	if err != nil {
		return nil, err
	}
	var out []dayLink
	for _, d := range days {
		out = append(out, dayLink{link{urls.Edition(d.Day.Period()), dayName(d.Day, p.Kind())}, d.Papers})
	}
	return out, nil
}

func dayName(d paper.Day, kind paper.PeriodKind) string {
	if kind == paper.KindWeek {
		return d.Time().Format("Mon 2")
	}
	return strconv.Itoa(d.Time().Day())
}

package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/paper"
)

// filters reads the values of fields that filter. Each gives "" or the sentence that
// says what is wrong with the value.
var filters map[string]func(*parser, lexeme) string

func init() { // not in the declaration: they are told apart from words while they are read
	filters = map[string]func(*parser, lexeme) string{
		"cat": (*parser).category, "category": (*parser).category,
		"year": (*parser).year, "after": (*parser).after, "since": (*parser).after, "before": (*parser).before,
		"has": (*parser).has, "in": (*parser).in, "votes": (*parser).votes,
		"id":      (*parser).id,
		"similar": (*parser).similar, "sort": (*parser).sort,
	}
}

var (
	negatable = map[string]bool{"cat": true, "category": true, "has": true, "in": true}
	joinable  = map[string]bool{"cat": true, "category": true, "id": true}
)

func (p *parser) category(x lexeme) string {
	var group []string
	for value := range strings.SplitSeq(x.value, ",") {
		c := Category(trimValue(value))
		switch {
		case c == "":
		case c == "physics":
			group = append(group, archives[:physicsArchives]...)
		case !knownCategory(c):
			return fmt.Sprintf("There is no category %s%s", firstBytes(c, 40), nearCategories(c))
		default:
			group = append(group, c)
		}
	}
	if len(group) == 0 {
		return "A category is like cs.CL, cs, math.CO or hep-ph."
	}
	f := &p.query.Filters
	if x.minus {
		f.NotCategories = append(f.NotCategories, group...)
		slices.Sort(f.NotCategories)
		f.NotCategories = slices.Compact(f.NotCategories)
		return ""
	}
	slices.Sort(group)
	f.Categories = append(f.Categories, slices.Compact(group))
	return ""
}

// Category writes the name of a category or archive as arXiv does: cs.CL,
// physics.optics, hep-ph. "cs.*" is "cs".
func Category(s string) string {
	s = strings.TrimSuffix(strings.ToLower(s), ".*")
	archive, class, ok := strings.Cut(s, ".")
	if !ok || archive == "physics" || archive == "cond-mat" {
		return s
	}
	return archive + "." + strings.ToUpper(class)
}

// joinCategories makes one choice of the groups from the first on, which OR joins.
func (p *parser) joinCategories(first int) {
	f := &p.query.Filters
	if len(f.Categories)-first < 2 {
		return
	}
	joined := slices.Concat(f.Categories[first:]...)
	slices.Sort(joined)
	f.Categories = append(f.Categories[:first], slices.Compact(joined))
}

const yearHint = "A year is like 2024, 2024..2025 or 2024.. with two points."

func (p *parser) year(x lexeme) string {
	first, last, isRange := strings.Cut(trimValue(x.value), "..")
	if !isRange {
		last = first
	}
	from, okFrom := yearOf(first)
	to, okTo := yearOf(last)
	if !okFrom || !okTo || first+last == "" {
		return yearHint
	}
	if from != 0 && to != 0 && to < from {
		from, to = to, from
	}
	if from != 0 {
		p.from(time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	if to != 0 {
		p.to(time.Date(to+1, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	return ""
}

// yearOf reads a year; 0 for the open end of a range.
func yearOf(s string) (int, bool) {
	if s == "" {
		return 0, true
	}
	year, err := strconv.Atoi(s)
	return year, err == nil && len(s) == 4 && year >= 1800 && year < 2200
}

const dateHint = "A date is like 2024, 2024-05, 2024-05-31, today, or 30d, 6w, 3m, 2y for so long ago."

func (p *parser) after(x lexeme) string {
	t, ok := p.date(trimValue(x.value))
	if !ok {
		return dateHint
	}
	p.from(t)
	return ""
}

func (p *parser) before(x lexeme) string {
	t, ok := p.date(trimValue(x.value))
	if !ok {
		return dateHint
	}
	p.to(t)
	return ""
}

// from and to narrow the time of publication.
func (p *parser) from(t time.Time) {
	f := &p.query.Filters
	if v := moment(t); f.From == 0 || v > f.From {
		f.From = v
	}
}

func (p *parser) to(t time.Time) {
	f := &p.query.Filters
	if v := moment(t); f.Before == 0 || v < f.Before {
		f.Before = v
	}
}

// moment is a time in a filter, where 0 means open.
func moment(t time.Time) int64 {
	if v := t.UnixMicro(); v != 0 {
		return v
	}
	return 1
}

// date reads the first moment of a day, month or year, or of a day some time ago.
func (p *parser) date(s string) (time.Time, bool) {
	today := p.now.UTC().Truncate(24 * time.Hour)
	switch s {
	case "today":
		return today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), true
	}
	s = strings.ReplaceAll(s, "/", "-")
	for _, layout := range []string{"2006", "2006-1", "2006-1-2"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, inReach(t)
		}
	}
	if s == "" {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || n < 0 || n > 3000 {
		return time.Time{}, false
	}
	var t time.Time
	switch s[len(s)-1] {
	case 'd':
		t = today.AddDate(0, 0, -n)
	case 'w':
		t = today.AddDate(0, 0, -7*n)
	case 'm':
		t = today.AddDate(0, -n, 0)
	case 'y':
		t = today.AddDate(-n, 0, 0)
	}
	return t, inReach(t)
}

// inReach reports whether a filter can name the day of t.
func inReach(t time.Time) bool { return t.Year() >= 1800 && t.Year() <= 2200 }

var hasNames = []string{"code", "project", "comments", "summary"} // in the order of the bits

func (p *parser) has(x lexeme) string {
	var set Has
	for name := range strings.FieldsFuncSeq(strings.ToLower(x.value), func(r rune) bool { return r == ',' || r == '|' || r == ' ' }) {
		i := slices.Index(hasNames, name)
		if near := nearest(name, hasNames); i < 0 && near != "" {
			return fmt.Sprintf("There is no has:%s. Did you mean has:%s?", firstBytes(name, 40), near)
		}
		if i < 0 {
			return fmt.Sprintf("A paper cannot be asked for having %s; it can for code, project, comments and summary.", firstBytes(name, 40))
		}
		set |= 1 << i
	}
	if x.minus {
		p.query.Filters.HasNot |= set
	} else {
		p.query.Filters.Has |= set
	}
	return ""
}

func (p *parser) in(x lexeme) string {
	if name := strings.ToLower(trimValue(x.value)); name != "daily" {
		if nearest(name, []string{"daily"}) != "" {
			return fmt.Sprintf("There is no in:%s. Did you mean in:daily?", firstBytes(name, 40))
		}
		return "What papers can be in is in:daily, the editions."
	}
	daily := !x.minus
	p.query.Filters.Daily = &daily
	return ""
}

const votesHint = "Votes are asked for like votes:>10, votes:>=10, votes:<5, votes:5..20 or votes:0."

// votes reads a number with a comparison, or a range.
func (p *parser) votes(x lexeme) string {
	s := strings.ReplaceAll(x.value, " ", "")
	low, high, isRange := strings.Cut(s, "..")
	number := strings.TrimLeft(s, "<>=")
	n, err := strconv.Atoi(number)
	switch operator := s[:len(s)-len(number)]; {
	case isRange:
		return p.votesBetween(low, high)
	case err != nil || n < 0 || n > 1e9 || number[0] == '+':
		return votesHint
	case operator == ">":
		p.atLeast(n + 1)
	case operator == ">=":
		p.atLeast(n)
	case operator == "<" && n > 0:
		p.atMost(n - 1)
	case operator == "<=":
		p.atMost(n)
	case operator == "" || operator == "=":
		p.atLeast(n)
		p.atMost(n)
	default:
		return votesHint
	}
	return ""
}

func (p *parser) votesBetween(low, high string) string {
	from, errFrom := strconv.ParseUint("0"+low, 10, 30)
	to, errTo := strconv.ParseUint("0"+high, 10, 30)
	if errFrom != nil || errTo != nil || low+high == "" {
		return votesHint
	}
	p.atLeast(int(from))
	if high != "" {
		p.atMost(int(to))
	}
	return ""
}

func (p *parser) atLeast(n int) { p.query.Filters.MinVotes = max(p.query.Filters.MinVotes, n) }

func (p *parser) atMost(n int) {
	if n == 0 {
		n = -1 // 0 means no limit
	}
	if f := &p.query.Filters; f.MaxVotes == 0 || n < f.MaxVotes {
		f.MaxVotes = n
	}
}

const idHint = "A paper is named like id:2401.01234, id:hep-th/9901001 or by a DOI."

func (p *parser) id(x lexeme) string {
	var ids []paper.ID
	if id, err := paper.ParseID(x.value); err == nil { // a DOI may have a comma
		p.query.Filters.IDs = append(p.query.Filters.IDs, id)
		return ""
	}
	for value := range strings.SplitSeq(x.value, ",") {
		found := p.ids(trimValue(value))
		if len(found) == 0 {
			return idHint
		}
		ids = append(ids, found...)
	}
	p.query.Filters.IDs = append(p.query.Filters.IDs, ids...)
	return ""
}

// ids reads an identifier, or the identifiers that one with lost zeros can be.
func (p *parser) ids(s string) []paper.ID {
	if id, err := paper.ParseID(s); err == nil {
		return []paper.ID{id}
	}
	found := RepairIDs(s)
	if len(found) > 0 {
		p.hint(s, "%s is not an identifier as it stands; zeros seem to be lost.", s)
	}
	return found
}

func (p *parser) similar(x lexeme) string {
	found := p.ids(trimValue(x.value))
	if len(found) == 0 {
		return "Papers are asked for like similar:2401.01234."
	}
	p.query.Filters.Similar = found[0]
	return ""
}

var sortNames = []string{ByRelevance: "relevance", ByDate: "new", ByVotes: "votes", ByTrending: "trending"}

func (p *parser) sort(x lexeme) string {
	name := strings.ToLower(trimValue(x.value))
	switch name {
	case "date", "newest", "recent":
		name = "new"
	case "top", "upvotes":
		name = "votes"
	}
	i := slices.Index(sortNames, name)
	if near := nearest(name, sortNames); i < 0 && near != "" {
		return fmt.Sprintf("There is no sort:%s. Did you mean sort:%s?", firstBytes(name, 40), near)
	}
	if i < 0 {
		return "Results can be sorted by sort:relevance, sort:new, sort:votes and sort:trending."
	}
	p.query.Sort = Sort(i)
	return ""
}

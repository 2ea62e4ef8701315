package search

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/paper"
)

// String writes the query in its language. Parse reads it back with the same clauses,
// filters and sort, if Parse made it.
func (q Query) String() string {
	var out []string
	for _, c := range q.Should {
		out = append(out, c.String())
	}
	for _, c := range q.Must {
		if c.word() {
			out = append(out, "+"+c.String())
			continue
		}
		out = append(out, c.String())
	}
	for _, c := range q.Not {
		if c.AllOf != nil {
			out = append(out, "-("+c.String()+")")
			continue
		}
		out = append(out, "-"+c.String())
	}
	out = append(out, q.Filters.Conditions()...)
	if q.Sort != ByRelevance && int(q.Sort) < len(sortNames) {
		out = append(out, "sort:"+sortNames[q.Sort])
	}
	return strings.Join(out, " ")
}

// String writes the clause in the query language.
func (c Clause) String() string {
	if c.AnyOf != nil {
		return joinClauses(c.AnyOf, " OR ")
	}
	if c.AllOf != nil {
		return joinClauses(c.AllOf, " AND ")
	}
	text := c.Text
	if c.Phrase || strings.Contains(text, " ") {
		text = `"` + text + `"`
	}
	if c.Prefix {
		text += "*"
	}
	if c.Field == FieldAny {
		return text
	}
	return c.Field.String() + ":" + text
}

// joinClauses writes clauses with an operator between them; those of several in
// parentheses.
func joinClauses(clauses []Clause, operator string) string {
	var out []string
	for _, c := range clauses {
		text := c.String()
		if c.AnyOf != nil || c.AllOf != nil {
			text = "(" + text + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, operator)
}

// Conditions are the filters in the query language.
func (f *Filters) Conditions() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, group := range f.Categories {
		add("cat:%s", strings.Join(group, ","))
	}
	for _, c := range f.NotCategories {
		add("-cat:%s", c)
	}
	if len(f.Organizations) > 0 {
		add("%s", `org:"`+strings.Join(f.Organizations, `" OR org:"`)+`"`)
	}
	out = append(out, f.dateStrings()...)
	out = append(out, f.voteStrings()...)
	for i, name := range hasNames {
		if f.Has&(1<<i) != 0 {
			add("has:%s", name)
		}
		if f.HasNot&(1<<i) != 0 {
			add("-has:%s", name)
		}
	}
	if f.Daily != nil {
		add("%sin:daily", map[bool]string{false: "-"}[*f.Daily])
	}
	for _, id := range f.IDs {
		add("id:%s", quotedID(id))
	}
	if f.Similar != "" {
		add("similar:%s", quotedID(f.Similar))
	}
	return out
}

// quotedID is an ID, in quotation marks where a mark at its end would be lost.
func quotedID(id paper.ID) string {
	if strings.HasSuffix(string(id), ")") {
		return `"` + string(id) + `"`
	}
	return string(id)
}

func (f *Filters) dateStrings() []string {
	first, last := time.UnixMicro(f.From).UTC(), time.UnixMicro(f.Before).UTC()
	if f.From != 0 && f.Before != 0 && f.From < f.Before && newYear(first) && newYear(last) {
		if from, to := first.Year(), last.Year()-1; from < to {
			return []string{fmt.Sprintf("year:%d..%d", from, to)}
		}
		return []string{fmt.Sprintf("year:%d", first.Year())}
	}
	var out []string
	if f.From != 0 {
		out = append(out, "after:"+dateText(f.From))
	}
	if f.Before != 0 {
		out = append(out, "before:"+dateText(f.Before))
	}
	return out
}

func newYear(t time.Time) bool {
	return t.Truncate(24*time.Hour).YearDay() == 1 && t.Sub(t.Truncate(24*time.Hour)) < time.Second
}

// dateText is the day of a moment in a filter.
func dateText(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.DateOnly) }

func (f *Filters) voteStrings() []string {
	switch {
	case f.MaxVotes < 0 && f.MinVotes <= 0:
		return []string{"votes:0"}
	case f.MaxVotes < 0:
		return []string{"votes:0", fmt.Sprintf("votes:>=%d", f.MinVotes)}
	case f.MaxVotes > 0:
		return []string{fmt.Sprintf("votes:%d..%d", max(0, f.MinVotes), f.MaxVotes)}
	case f.MinVotes > 0:
		return []string{fmt.Sprintf("votes:>=%d", f.MinVotes)}
	}
	return nil
}

// Package papertest makes papers for tests and measurements: as many as are wanted,
// always the same ones, with titles and sentences of our own.
//
// Start with [New]. A [Corpus] is written as each format that Broadsheet imports: items
// of a Daily Papers API, rows of arXiv's metadata, vote counts, and organizations;
// [Corpus.Write] puts all four into a folder. [Corpus.WriteJudged] writes a judged
// collection.
//
// Paper number i is the same in every corpus, however many papers that has. Paper 0 is
// of the newest edition, of Friday 2026-05-29, and each weekday before has [PerDay].
//
// The formats hold the usual irregularities: TeX, names in several scripts, papers
// without authors, without a date, with a damaged identifier, in two editions. The
// package leaves out what is wrong on purpose; such input stands in the tests about it.
package papertest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// PerDay is how many papers each edition has.
const PerDay = 40

// A Paper is what all formats say about one paper.
type Paper struct {
	ID           string // arXiv identifier
	Title        string
	Abstract     string
	Authors      []string
	Published    time.Time
	Day          string // its edition, YYYY-MM-DD
	Categories   []string
	Keywords     []string
	Summary      string // one sentence; empty for a third of the papers
	Code         string // address of a repository; empty for most papers
	Project      string // address of a project page; empty for most papers
	Submitter    string // name of an account
	Organization int    // index in Corpus.Organizations; -1: none
	Votes        int
	Comments     int
	Stars        int
}

// An Organization stands behind papers.
type Organization struct{ Name, FullName string }

// A Corpus is a number of papers with their organizations.
type Corpus struct {
	Papers        []Paper
	Organizations []Organization
}

// newest is the day of the newest edition.
var newest = time.Date(2026, 5, 29, 0, 0, 0, 0, time.UTC)

// oldest is the month in which the identifiers of arXiv that we write begin.
var oldest = time.Date(2007, 4, 1, 0, 0, 0, 0, time.UTC)

// New makes n papers. It panics if n is so large that the papers would reach back to
// the months before arXiv's numbered identifiers, which are about 199,000 papers away.
func New(n int) *Corpus {
	c := &Corpus{Organizations: organizations, Papers: make([]Paper, n)}
	day := newest
	for i := range c.Papers {
		if i > 0 && i%PerDay == 0 {
			day = weekdayBefore(day)
		}
		if day.Before(oldest) {
			panic(fmt.Sprintf("papertest: %d papers are too many", n))
		}
		c.Papers[i] = newPaper(i, day)
	}
	return c
}

func weekdayBefore(day time.Time) time.Time {
	for {
		day = day.AddDate(0, 0, -1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			return day
		}
	}
}

// identifier returns the arXiv identifier of the paper at place of a day.
func identifier(day time.Time, place int) string {
	number := place + 1
	for d := day.AddDate(0, 0, 1-day.Day()); d.Before(day); d = d.AddDate(0, 0, 1) {
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			number += PerDay
		}
	}
	digits := 5
	if day.Year() < 2015 {
		digits = 4
	}
	return fmt.Sprintf("%s.%0*d", day.Format("0601"), digits, number)
}

func newPaper(i int, day time.Time) Paper {
	r := rand.New(rand.NewPCG(2026, uint64(i)))
	method, task, thing := pick(r, methods), pick(r, tasks), pick(r, things)
	p := Paper{
		ID:           identifier(day, i%PerDay),
		Title:        title(r, method, task, thing),
		Abstract:     abstract(r, method, task, thing),
		Published:    day.Add(-time.Duration(1+r.IntN(60*60*40)) * time.Second),
		Day:          day.Format(time.DateOnly),
		Categories:   categoriesOf(r),
		Keywords:     []string{method, task, thing},
		Submitter:    pick(r, accounts),
		Organization: -1,
		Votes:        votes(r),
		Comments:     r.IntN(4),
	}
	// A paper has the month of its identifier, whatever the day before would say.
	if p.Published.Month() != day.Month() {
		p.Published = day.Add(time.Duration(r.IntN(60*60)) * time.Second)
	}
	for range 1 + r.IntN(7) {
		p.Authors = append(p.Authors, pick(r, givenNames)+" "+pick(r, familyNames))
	}
	if i%211 == 5 { // a collaboration
		for k := range 120 {
			p.Authors = append(p.Authors, givenNames[k%len(givenNames)]+" "+familyNames[(k*7+k/len(givenNames))%len(familyNames)])
		}
	}
	p.Authors = unique(p.Authors)
	if i%3 != 0 {
		p.Summary = fmt.Sprintf("A way of %s with %s that needs less %s.", task, method, pick(r, costs))
	}
	name := strings.ReplaceAll(strings.ToLower(method), " ", "-")
	if i%4 == 1 {
		p.Code = fmt.Sprintf("https://github.com/%s/%s-%d", p.Submitter, name, i)
		p.Stars = r.IntN(900)
	}
	if i%6 == 2 {
		p.Project = fmt.Sprintf("https://%s.example.org/%s-%d", p.Submitter, name, i)
	}
	if i%5 < 2 {
		p.Organization = r.IntN(len(organizations))
	}
	return p
}

func title(r *rand.Rand, method, task, thing string) string {
	method, task = strings.ToUpper(method[:1])+method[1:], strings.ToUpper(task[:1])+task[1:]
	switch r.IntN(6) {
	case 0:
		return fmt.Sprintf("%s with %s", task, method)
	case 1:
		return fmt.Sprintf("%s for %s in %s", method, strings.ToLower(task), thing)
	case 2:
		return fmt.Sprintf("How well do %s carry over to %s?", thing, strings.ToLower(task))
	case 3:
		return fmt.Sprintf("%s: %s, measured on %s", strings.Fields(method)[0]+pick(r, suffixes), task, thing)
	case 4:
		return fmt.Sprintf("$\\%s$-%s and the limits of %s", pick(r, greek), method, strings.ToLower(task))
	}
	return fmt.Sprintf("On %s of %s under %s", strings.ToLower(task), thing, pick(r, conditions))
}

func abstract(r *rand.Rand, method, task, thing string) string {
	sentences := []string{
		fmt.Sprintf("We study %s for %s.", task, thing),
		fmt.Sprintf("Earlier work treats %s under %s only, which hides how much %s it costs.", thing, pick(r, conditions), pick(r, costs)),
		fmt.Sprintf("We put %s in its place and keep everything else as it was.", method),
	}
	for range 2 + r.IntN(4) {
		switch r.IntN(5) {
		case 0:
			sentences = append(sentences, fmt.Sprintf("On %d sets of %s the error falls by %d.%d %%.", 2+r.IntN(9), pick(r, things), 1+r.IntN(30), r.IntN(10)))
		case 1:
			sentences = append(sentences, fmt.Sprintf("The bound is $O(n^{%d} \\log n)$ and holds under %s.", 1+r.IntN(3), pick(r, conditions)))
		case 2:
			sentences = append(sentences, fmt.Sprintf("Compared with %s it takes a %s of the %s.", pick(r, methods), pick(r, parts), pick(r, costs)))
		case 3:
			sentences = append(sentences, fmt.Sprintf("A person who reads %s agrees with the result in %d of 100 cases.", pick(r, things), 60+r.IntN(39)))
		case 4:
			sentences = append(sentences, fmt.Sprintf("Without %s the effect is gone, with %s it returns.", pick(r, methods), pick(r, methods)))
		}
	}
	return strings.Join(append(sentences, fmt.Sprintf("This makes %s usable where %s is scarce.", task, pick(r, costs))), " ")
}

// votes are few for most papers and many for some.
func votes(r *rand.Rand) int {
	return int(3 / (0.01 + r.Float64()))
}

func categoriesOf(r *rand.Rand) []string {
	all := []string{pick(r, categories)}
	if second := pick(r, categories); second != all[0] {
		all = append(all, second)
	}
	return all
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func unique(names []string) []string {
	seen := map[string]bool{}
	kept := names[:0]
	for _, name := range names {
		if !seen[name] {
			kept = append(kept, name)
		}
		seen[name] = true
	}
	return kept
}

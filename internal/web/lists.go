package web

import (
	"fmt"
	"math"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/rank"
	"broadsheet/internal/urls"
)

// listPage is what is trending, new, or similar to a paper.
type listPage struct {
	head
	Heading, Note string
	To            *link // the paper that these are similar to
	Demo          bool
	Weights       []weight // on the trending page
	Tuned         bool     // the weights are the reader's own
	Lacking       string   // what the search index lacks, where that matters
	Cards         []card
	Empty         string
	More          string
}

// weight is a field of the form that tunes the trending page.
type weight struct{ Name, Label, Value string }

// newest is /papers/new.
func (s *site) newest(r *request) (*httpserver.Response, error) {
	list, err := s.Catalog.New(r.Context(), r.Get("after"), listLimit)
	if err != nil {
		return nil, err
	}
	p := &listPage{
		head: s.head("Newest papers", urls.Newest), Heading: "Newest papers", Note: "by date of publication",
		Cards: s.cards(list.Entries), Empty: "No papers yet.", More: after(urls.Newest, list.More, nil),
	}
	p.at(newest)
	p.Description = "Research papers by date of publication, the newest first."
	ref := urls.List{Kind: urls.KindNew}
	p.offerFeeds(ref, p.Heading)
	s.addData(r, &p.head, &catalog.ListPage{Ref: ref, Title: p.Heading, Entries: list.Entries, More: list.More, Total: -1})
	return s.list(r, p)
}

// trending is /papers/trending.
func (s *site) trending(r *request) (*httpserver.Response, error) {
	w, err := urls.ParseWeights(r.Query)
	if err != nil {
		return nil, err
	}
	list, err := s.Catalog.Trending(r.Context(), w, r.Get("after"), listLimit)
	if err != nil {
		return nil, err
	}
	p := &listPage{
		head: s.head("Trending papers", urls.Trending), Heading: "Trending papers", Note: "votes, comments and stars, weighed by age",
		Cards: s.cards(list.Entries), Empty: "Nothing is trending yet.", More: after(urls.Trending, list.More, r.Query),
		Weights: fields(w), Tuned: w != rank.Default,
	}
	for i, e := range list.Entries {
		if e.Rank > 0 { // without editions there are only the newest papers, which have no score
			p.Cards[i].Why = explainScore(e, w)
		}
	}
	p.at(trending)
	p.Description = "Research papers that people value now, by a published formula."
	ref := urls.List{Kind: urls.KindTrending, Weights: w}
	p.offerFeeds(ref, p.Heading)
	s.addData(r, &p.head, &catalog.ListPage{Ref: ref, Title: p.Heading, Entries: list.Entries, More: list.More, Total: -1})
	a, err := s.list(r, p)
	if err == nil && p.Tuned {
		a.NoCache = true // as many as there are numbers
	}
	return a, err
}

func (s *site) list(r *request, p *listPage) (*httpserver.Response, error) {
	if r.Get("after") != "" {
		p.furtherPage()
	}
	if p.Tuned { // one list in many orders: the address of the usual one stands for all
		p.Robots = "noindex, follow"
	}
	var err error
	if p.Demo, err = s.Catalog.Demo(r.Context()); err != nil {
		return nil, err
	}
	return s.render("list", p)
}

// fields shows the weights in the form.
func fields(w rank.Weights) []weight {
	return []weight{
		{"vote", "a vote", decimal(w.Vote)}, {"comment", "a comment", decimal(w.Comment)},
		{"star", "ten times the stars", decimal(w.Star)}, {"half", "half-life in days", decimal(w.HalfDay)},
	}
}

// why is a score with what it is made of.
type why struct {
	Votes, Comments, Stars part
	Points, Worth          string
	Age, Decay, Total      string
}

// part is one of the sums: "63 votes × 1" and "63".
type part struct{ What, Points string }

func explainScore(e catalog.Entry, w rank.Weights) *why {
	p, sc := &e.Paper, e.Score
	points := sc.Votes + sc.Comments + sc.Stars
	days := sc.Age.Hours() / 24
	return &why{
		Votes:    part{fmt.Sprintf("%s × %s", plural(p.Votes, "vote"), decimal(w.Vote)), decimal(sc.Votes)},
		Comments: part{fmt.Sprintf("%s × %s", plural(p.Comments, "comment"), decimal(w.Comment)), decimal(sc.Comments)},
		Stars:    part{fmt.Sprintf("log₁₀(1 + %s) × %s", plural(p.Stars, "star"), decimal(w.Star)), decimal(sc.Stars)},
		Points:   decimal(points), Worth: decimal(math.Log2(1 + points)),
		Age:   fmt.Sprintf("%s days old ÷ %s", decimal(days), decimal(w.HalfDay)),
		Decay: decimal(sc.Decay), Total: decimal(sc.Total),
	}
}

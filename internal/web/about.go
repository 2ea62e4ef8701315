package web

import (
	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/urls"
)

// aboutPage says what the site is and what it holds.
type aboutPage struct {
	head
	OpensAt string // "at 21:30 New York time"
	Demo    bool
	Linked  bool // pictures come from elsewhere
	Facts   []fact
	Program string
}

type fact struct{ Name, Text string }

var sourceNames = map[paper.Source]string{
	paper.SourceDemo: "Demonstration catalog", paper.SourceHub: "Daily Papers site", paper.SourceArXiv: "arXiv",
}

// about is /about.
func (s *site) about(r *request) (*httpserver.Response, error) {
	stats, err := s.Catalog.Stats(r.Context())
	if err != nil {
		return nil, err
	}
	p := &aboutPage{
		head: s.head("About "+s.SiteName, urls.About), Demo: stats.Demo, Program: s.Version,
		Linked:  s.Media != nil && s.Media.Mode() == "link",
		OpensAt: "at " + s.Clock.OpensAt(s.Clock.Day(s.Now())).Format("15:04 ") + place(s.zone()),
		Facts:   []fact{{"Papers", number(stats.Papers)}, {"Editions", number(stats.Editions)}},
	}
	p.Description = "What " + s.SiteName + " is, where its papers come from and how to read it."
	for _, src := range stats.Sources {
		name := sourceNames[src.Name]
		if name == "" {
			name = string(src.Name)
		}
		p.Facts = append(p.Facts, fact{name, "last read " + src.Imported.UTC().Format("2 January 2006")})
	}
	return s.render("about", p)
}

// aboutTrending is /about/trending.
func (s *site) aboutTrending(*request) (*httpserver.Response, error) {
	h := s.head("How trending works", urls.AboutTrending)
	h.Description = "The formula that orders the trending page, and how to tune it."
	return s.render("trending", struct {
		head
		W        rank.Weights
		Editions int
	}{h, rank.Default, catalog.TrendingEditions})
}

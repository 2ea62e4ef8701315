package web

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// profilePage is an author's or an organization's papers.
type profilePage struct {
	head
	Heading, Kind, Count string
	Demo                 bool
	Cards                []card
	More                 string
}

// author is /authors/{slug}.
func (s *site) author(r *request) (*httpserver.Response, error) {
	given := r.PathValue("slug")
	if slug := paper.Slug(given); slug != given && slug != "" {
		return goTo(http.StatusMovedPermanently, urls.Author(slug))
	}
	p, err := s.Catalog.Author(r.Context(), given, r.Get("after"), listLimit)
	if err != nil {
		return nil, err
	}
	return s.profile(r, p, "author", urls.List{Kind: urls.KindAuthor, Name: given})
}

// other answers what no pattern names: an organization's papers, or nothing.
func (s *site) other(r *request) (*httpserver.Response, error) {
	asked := r.Unescaped()
	name, rest, _ := strings.Cut(strings.TrimPrefix(asked, "/"), "/")
	if name == "" || rest != "papers" {
		if path := strings.TrimRight(asked, "/"); path != asked && path != "" && path[1] != '/' {
			return goTo(http.StatusMovedPermanently, (&url.URL{Path: path}).EscapedPath())
		}
		return nil, paper.ErrNotFound
	}
	p, err := s.Catalog.Organization(r.Context(), name, r.Get("after"), listLimit)
	if err != nil {
		return nil, err
	}
	return s.profile(r, p, "organization", urls.List{Kind: urls.KindOrganization, Name: name})
}

func (s *site) profile(r *request, p *catalog.Profile, kind string, ref urls.List) (*httpserver.Response, error) {
	path := ref.Path()
	count := plural(p.Papers, "paper")
	if p.Papers >= catalog.CountLimit {
		count = "more than " + number(catalog.CountLimit-1) + " papers"
	}
	page := &profilePage{
		head: s.head(p.Name, path), Heading: p.Name, Kind: kind, Count: count,
		Cards: s.cards(p.Entries), More: after(path, p.More, nil),
	}
	page.Description = "Papers by " + p.Name + ", the newest first."
	page.offerFeeds(ref, "Papers by "+p.Name)
	if r.Get("after") != "" {
		page.furtherPage()
	}
	var err error
	if page.Demo, err = s.Catalog.Demo(r.Context()); err != nil {
		return nil, err
	}
	return s.render("profile", page)
}

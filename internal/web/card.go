package web

import (
	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// card is a paper as a list shows it.
type card struct {
	Class      string // "lead", "second" or "rest" on a front page
	Rank       int    // 0 where the list has no order to show
	Path       string
	Title      string
	Picture    string
	Cover      *drawing // of a lead without a picture
	Org        *link
	First      *link  // the first author, where there is no organization
	Others     string // " and 12 others"
	Head, Rest string // the abstract, cut where it is clamped
	HasVotes   bool
	Votes      int
	Comments   string
	Code       *link
	Project    string
	Date       when
	Subject    string
	Submitter  string
	Edition    *link // where the paper stands, on lists over several editions
	Why        *why  // on the trending page
}

// How much of an abstract stands before "more", in characters.
const (
	clampLead   = 700
	clampSecond = 230
	clampRest   = 190
	clampList   = 330
)

// card shows an entry with clamp characters of its abstract.
func (s *site) card(e catalog.Entry, clamp int) card {
	p := &e.Paper
	c := card{
		Rank: e.Rank, Path: urls.Paper(p.ID), Title: tex.Text(p.Title),
		HasVotes: e.Submission != nil || p.Votes > 0, Votes: p.Votes,
		Date: shortDate(p.Published, s.Now()), Picture: s.picture(p),
	}
	c.Head, c.Rest = cutAtWord(blurb(p), clamp)
	c.Org = organization(p.Organization)
	c.First, c.Others = byline(p.Authors)
	if p.Comments > 0 {
		c.Comments = plural(p.Comments, "comment")
	}
	c.Code, c.Project = links(p)
	if e.Submission == nil && len(p.Categories) > 0 {
		c.Subject = p.Categories[0]
	}
	if e.Submission != nil && e.Submission.By != nil {
		c.Submitter = e.Submission.By.Name
	}
	return c
}

// blurb is what a list says of a paper: its abstract, else its summary.
func blurb(p *paper.Paper) string {
	if p.Abstract != "" {
		return tex.Text(p.Abstract)
	}
	return p.Summary
}

// organization leads to an organization's papers; nil when there is none.
func organization(o *paper.Organization) *link {
	if o == nil || o.Name == "" {
		return nil
	}
	text := o.FullName
	if text == "" {
		text = o.Name
	}
	return &link{urls.Organization(o.Name), text}
}

// byline is the first author and how many others there are.
func byline(authors []paper.Author) (*link, string) {
	shown := authorLinks(authors)
	switch len(shown) {
	case 0:
		return nil, ""
	case 1:
		return &shown[0], ""
	case 2:
		return &shown[0], " and " + shown[1].Text
	}
	return &shown[0], " and " + number(len(shown)-1) + " others"
}

// authorLinks are the names that may be shown.
func authorLinks(authors []paper.Author) []link {
	shown := make([]link, 0, len(authors))
	for _, a := range authors {
		if a.Hidden || a.Name == "" {
			continue
		}
		shown = append(shown, authorLink(tex.Text(a.Name)))
	}
	return shown
}

func authorLink(name string) link {
	return link{urls.Author(paper.Slug(name)), name}
}

// links are the first repository, with its stars, and the first project page.
func links(p *paper.Paper) (code *link, project string) {
	for _, l := range p.Links {
		address := webAddress(l.URL)
		switch {
		case address == "":
		case l.Kind == paper.LinkCode && code == nil:
			code = &link{address, "code"}
			if p.Stars > 0 {
				code.Text += " ★ " + short(p.Stars)
			}
		case l.Kind == paper.LinkProject && project == "":
			project = address
		}
	}
	return code, project
}

// picture is the first picture of a paper that may be shown.
func (s *site) picture(p *paper.Paper) string {
	if s.Media == nil || s.Media.Mode() == "off" {
		return ""
	}
	for _, src := range p.Media {
		if u := s.Media.URL(src); u != "" {
			return u
		}
	}
	if p.Thumbnail == "" {
		return ""
	}
	return s.Media.URL(p.Thumbnail)
}

// cards shows the papers of a list that has no front page.
func (s *site) cards(entries []catalog.Entry) []card {
	out := make([]card, len(entries))
	for i, e := range entries {
		out[i] = s.card(e, clampList)
	}
	return out
}

// frontPage shows the papers of an edition: a lead, three beside it, and the rest.
func (s *site) frontPage(entries []catalog.Entry) []card {
	out := make([]card, len(entries))
	for i, e := range entries {
		class, clamp := "rest", clampRest
		switch {
		case e.Rank == 1:
			class, clamp = "lead", clampLead
		case e.Rank <= 4:
			class, clamp = "second", clampSecond
		}
		out[i] = s.card(e, clamp)
		if out[i].Class = class; class == "lead" {
			out[i].Cover = cover(&e.Paper, wide)
		}
	}
	return out
}

package mcpserver

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// An item is a paper in a list.
type item struct {
	Rank         int      `json:"rank,omitempty" jsonschema:"place in the list, from 1"`
	ID           string   `json:"id" jsonschema:"what get_paper, similar_papers and cite take"`
	Title        string   `json:"title"`
	Authors      []string `json:"authors" jsonschema:"the first ones"`
	AuthorCount  int      `json:"author_count"`
	Organization string   `json:"organization,omitempty"`
	Published    string   `json:"published,omitempty" jsonschema:"day, or month where only that is known"`
	Edition      string   `json:"edition,omitempty" jsonschema:"the feed day whose edition it was first in"`
	Votes        int      `json:"votes"`
	URL          string   `json:"url"`
}

// mostAuthors is how many authors an item names.
const mostAuthors = 3

// items are the entries of a list.
func (s *Server) items(ctx context.Context, entries []catalog.Entry) []item {
	all := make([]item, len(entries))
	for i, e := range entries {
		p := &e.Paper
		names := markdown.Authors(p)
		all[i] = item{
			Rank: e.Rank, ID: string(p.ID), Title: title(p), Authors: append([]string{}, names[:min(mostAuthors, len(names))]...),
			AuthorCount: len(names), Organization: organization(p), Published: day(p.Published), Votes: p.Votes, URL: s.address(ctx, p.ID),
		}
		if e.Submission != nil {
			all[i].Edition = string(e.Submission.Day)
		}
	}
	return all
}

// numbered ranks the entries of a list that goes by nearness.
func numbered(items []item) []item {
	for i := range items {
		items[i].Rank = i + 1
	}
	return items
}

// day is a date without its time.
func day(d paper.Date) string {
	date, _, _ := strings.Cut(d.String(), "T")
	return date
}

func title(p *paper.Paper) string { return cmp.Or(tex.Text(p.Title), string(p.ID)) }

func organization(p *paper.Paper) string {
	if p.Organization == nil {
		return ""
	}
	return cmp.Or(p.Organization.FullName, p.Organization.Name)
}

// address is where people read of the paper.
func (s *Server) address(ctx context.Context, id paper.ID) string {
	if base := s.base(ctx); base != "" {
		return base + urls.Paper(id)
	}
	return id.AbsURL(0)
}

// lines are items as text, two lines each.
func lines(items []item) string {
	var b strings.Builder
	for _, it := range items {
		mark := "-"
		if it.Rank > 0 {
			mark = fmt.Sprintf("%d.", it.Rank)
		}
		fmt.Fprintf(&b, "%s %s\n   %s\n", mark, it.Title, it.facts())
	}
	return b.String()
}

// facts is the second line of an item.
func (it *item) facts() string {
	parts := []string{it.ID, it.who(), it.Organization, it.Published, votes(it.Votes), it.URL}
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " · ")
}

// who is the first author, and whether there are others.
func (it *item) who() string {
	switch it.AuthorCount {
	case 0:
		return ""
	case 1:
		return it.Authors[0]
	}
	return it.Authors[0] + " et al."
}

func votes(n int) string {
	if n == 1 {
		return "1 vote"
	}
	return fmt.Sprintf("%d votes", n)
}

func papers(n int) string {
	if n == 1 {
		return "1 paper"
	}
	return fmt.Sprintf("%d papers", n)
}

// note is a remark as text.
func note(text string) string {
	if text == "" {
		return ""
	}
	return "\nNote: " + text + "\n"
}

// more tells of a next page.
func more(cursor string) string {
	if cursor == "" {
		return ""
	}
	return fmt.Sprintf("\nThere are more: ask again with cursor %q.\n", cursor)
}

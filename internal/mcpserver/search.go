package mcpserver

import (
	"context"
	"fmt"
	"strings"

	"broadsheet/internal/catalog"
	"broadsheet/internal/rank"
)

// found answers search_papers.
type found struct {
	Papers     []item   `json:"papers"`
	Total      int      `json:"total" jsonschema:"how many papers match"`
	Some       int      `json:"some,omitempty" jsonschema:"how many papers have some of the words, where those are more: match=some finds them"`
	Relaxed    bool     `json:"relaxed,omitempty" jsonschema:"no paper has all of the words: these have some"`
	Cursor     string   `json:"cursor,omitempty" jsonschema:"where to go on, when there are more"`
	Narrowings []string `json:"narrowings,omitempty" jsonschema:"where few papers are found: how many there are without each part of the query"`
	DidYouMean string   `json:"did_you_mean,omitempty" jsonschema:"a likelier spelling of the query"`
	Hints      []string `json:"hints,omitempty" jsonschema:"what of the query was not understood"`
	Note       string   `json:"note,omitempty" jsonschema:"what the search index lacks at the moment: there may be more papers"`
}

func (s *Server) searchPapers(ctx context.Context, v values) (*answer, error) {
	f, err := s.Catalog.Search(ctx, catalog.SearchRequest{Text: v["query"], Cursor: v["cursor"], Limit: v.number("limit"), Some: v["match"] == "some"})
	if err != nil {
		return nil, err
	}
	if err := s.Catalog.Name(ctx, f); err != nil {
		return nil, err
	}
	entries := make([]catalog.Entry, 0, len(f.Hits))
	for _, one := range f.Hits {
		entries = append(entries, one.Entry)
	}
	out := found{Papers: s.items(ctx, entries), Total: f.Total, Cursor: f.More, DidYouMean: f.DidYouMean, Note: f.Index.ListNotice(len(entries))}
	if v["cursor"] == "" {
		numbered(out.Papers)
	}
	if out.Relaxed = f.Relaxed && v["match"] != "some"; f.Some > f.Total {
		out.Some = f.Some
	}
	for _, h := range f.Hints {
		out.Hints = append(out.Hints, h.String())
	}
	for _, n := range f.Narrowings {
		out.Narrowings = append(out.Narrowings, n.String())
	}
	return &answer{foundText(v["query"], f, &out), out}, nil
}

func foundText(query string, f *catalog.SearchResult, out *found) string {
	var b strings.Builder
	switch {
	case f.Paper != "":
		b.WriteString("The paper of that identifier:\n\n")
	case len(f.Candidates) > 0:
		b.WriteString("The identifier has lost zeros; it may be one of these:\n\n")
	case len(out.Papers) == 0 && out.Note != "":
		fmt.Fprintf(&b, "Nothing is found for %q yet.\n", query)
	case len(out.Papers) == 0:
		fmt.Fprintf(&b, "No paper is found for %q.\n", query)
	default:
		fmt.Fprintf(&b, "%d of %s for %q:\n\n", len(out.Papers), papers(out.Total), query)
	}
	if out.Relaxed {
		b.WriteString("No paper has all of these words: these have some.\n\n")
	}
	b.WriteString(lines(out.Papers))
	b.WriteString(more(out.Cursor))
	b.WriteString(note(out.Note))
	if out.Some > 0 && !out.Relaxed {
		fmt.Fprintf(&b, "\n%s have some of the words: ask with match=some.\n", papers(out.Some))
	}
	if len(out.Narrowings) > 0 {
		b.WriteString("\nThere are " + strings.Join(out.Narrowings, ", ") + ".\n")
	}
	for _, h := range out.Hints {
		b.WriteString("\nHint: " + h + "\n")
	}
	if out.DidYouMean != "" {
		fmt.Fprintf(&b, "\nDid you mean %q?\n", out.DidYouMean)
	}
	return b.String()
}

// list answers trending.
type list struct {
	Papers []item `json:"papers"`
	Cursor string `json:"cursor,omitempty" jsonschema:"where to go on, when there are more"`
}

func (s *Server) trending(ctx context.Context, v values) (*answer, error) {
	l, err := s.Catalog.Trending(ctx, rank.Default, v["cursor"], v.number("limit"))
	if err != nil {
		return nil, err
	}
	out := list{Papers: s.items(ctx, l.Entries), Cursor: l.More}
	if len(out.Papers) == 0 {
		return &answer{"There are no papers here" + orMore(v["cursor"]) + ".\n", out}, nil
	}
	return &answer{"Trending papers:\n\n" + lines(out.Papers) + more(out.Cursor), out}, nil
}

// orMore says whether the end of a list was reached, or it has no beginning either.
func orMore(cursor string) string {
	if cursor == "" {
		return " yet"
	}
	return " any more"
}

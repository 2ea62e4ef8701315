package v1

import (
	"context"
	"regexp"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/urls"
)

// Findings is one page of what a search has found.
type Findings struct {
	TookMS     float64     `json:"tookMs" doc:"How long the search itself took, in milliseconds."`
	Total      int         `json:"total" minimum:"0" doc:"Papers found in all."`
	Some       int         `json:"some" minimum:"0" doc:"How many papers have some of the words: the total with some=true."`
	Relaxed    bool        `json:"relaxed,omitempty" doc:"True where no paper has all words of the query, so that papers with some of them are found."`
	Papers     []Paper     `json:"papers" doc:"The best first, unless the query asks for another order."`
	Cursor     string      `json:"cursor,omitempty" doc:"Of the next page. Left out on the last."`
	Hints      []Hint      `json:"hints" doc:"What was not understood, and what to write instead."`
	Narrowings []Narrowing `json:"narrowings,omitempty" doc:"Where few papers are found: the parts of the query without which there are more. On the first page only."`
	DidYouMean string      `json:"didYouMean,omitempty" doc:"A spelling that finds far more. On the first page only."`
	Named      string      `json:"named,omitempty" enum:"paper,candidates" doc:"Given where the query is an identifier or the address of a paper: paper, where the site has it, or candidates, where the identifier is damaged and may be any of the papers here."`
	Author     *Author     `json:"author,omitempty" doc:"Whose name the query is, where it is somebody's. On the first page only."`
	Facets     *Facets     `json:"facets,omitempty" doc:"Given where facets=true was asked for."`
	Index      Index       `json:"index" doc:"Whether there may be more than was found."`
}

// Index says whether the search index holds all that the site holds.
type Index struct {
	Ready  bool   `json:"ready" doc:"False while changes of papers are not in the search index yet: papers that are not found may be there all the same."`
	Behind int64  `json:"behind" minimum:"0" doc:"How many changes are not in it yet."`
	Reason string `json:"reason,omitempty" doc:"What it lacks, for people. Left out while it is ready."`
}

// index is the state of the search index as it is sent. A response made while it is not ready
// is provisional.
func (a *API) index(ctx context.Context, s catalog.IndexState) Index {
	if !s.Ready {
		*askedIn(ctx).provisional = a.Catalog.IndexBehind
	}
	return Index{s.Ready, s.Lag, s.Notice()}
}

// took is the part of an answer that differs each time.
var took = regexp.MustCompile(`"tookMs":[0-9.e+-]+`)

// Hint tells what of a query was not understood.
type Hint struct {
	Part string `json:"part,omitempty" doc:"The part of the query that is meant, as it was written."`
	Text string `json:"text" doc:"What to do about it, for people."`

	Try []string `json:"try,omitempty" doc:"Queries to ask instead."`
}

// Narrowing is a part of a query that leaves few papers.
type Narrowing struct {
	Part   string `json:"part" doc:"The part, as the query language writes it."`
	Query  string `json:"query" doc:"The query without it."`
	Papers int    `json:"papers" minimum:"1" doc:"How many papers that finds."`
}

// Facets count what was found.
type Facets struct {
	Years         []Facet `json:"years" doc:"The newest first."`
	Categories    []Facet `json:"categories" doc:"The most frequent first."`
	Organizations []Facet `json:"organizations" doc:"The most frequent first."`
	Code          int     `json:"code" minimum:"0" doc:"Papers with code."`
}

// Facet is how many papers have a value.
type Facet struct {
	Value  string `json:"value" doc:"As the query language writes it."`
	Label  string `json:"label" doc:"As people read it."`
	Papers int    `json:"papers" minimum:"0" doc:"How many papers of those found have it."`
}

type searchInput struct {
	Q string `query:"q" required:"true" minLength:"1" maxLength:"4000" doc:"What to search for, in the query language of the search box: words, \"phrases\", +with, -without, AND, OR, NOT, parentheses, begin*, author:, title:, cat:, org:, after:, has:code, votes:>=10 and more, as the page /search/help explains. Identifiers and addresses of papers anywhere in the text, references, and BibTeX and RIS entries find their papers." example:"language models"`
	Page
	Facets bool `query:"facets" default:"false" doc:"Also count what was found by year, category and organization."`
	Some   bool `query:"some" default:"false" doc:"Take papers that have only some of the words, too. Without it a paper is found that has all telling words of the query, or is near enough to it in meaning; where none has all of them, those with some are found, and relaxed is true."`
	Words  bool `query:"words" default:"false" doc:"Search by words alone, without the model of meaning."`
	Why    bool `query:"why" default:"false" doc:"Also say what the relevance of each paper is made of."`
}

func (a *API) search(ctx context.Context, in *searchInput) (*listed[Findings], error) {
	f, err := a.Catalog.Search(ctx, catalog.SearchRequest{Text: in.Q, Cursor: in.Cursor, Limit: in.Limit, Facets: in.Facets, Words: in.Words, Why: in.Why, Some: in.Some})
	if err != nil {
		return nil, err
	}
	if err := a.Catalog.Name(ctx, f); err != nil {
		return nil, err
	}
	*askedIn(ctx).found = *f
	w := writerIn(ctx)
	out := Findings{
		TookMS: float64(f.Took.Round(time.Microsecond)) / float64(time.Millisecond), Total: f.Total, Some: max(f.Some, f.Total), Relaxed: f.Relaxed, Cursor: f.More,
		Papers: make([]Paper, len(f.Hits)), Hints: make([]Hint, len(f.Hints)), DidYouMean: f.DidYouMean, Facets: facets(f.Facets), Index: a.index(ctx, f.Index),
	}
	switch {
	case f.Paper != "":
		out.Named = "paper"
	case len(f.Candidates) > 0:
		out.Named = "candidates"
	}
	for i := range f.Hits {
		out.Papers[i] = w.found(&f.Hits[i])
	}
	for i, h := range f.Hints {
		out.Hints[i] = Hint(h)
	}
	for _, n := range f.Narrowings {
		out.Narrowings = append(out.Narrowings, Narrowing(n))
	}
	if f.Author != nil {
		out.Author = &Author{f.Author.Name, f.Author.Slug}
	}
	return &listed[Findings]{askedIn(ctx).next(f.More), out}, nil
}

func facets(f *catalog.Facets) *Facets {
	if f == nil {
		return nil
	}
	return &Facets{facetList(f.Years), facetList(f.Categories), facetList(f.Organizations), f.Code}
}

func facetList(in []catalog.Facet) []Facet {
	out := make([]Facet, len(in))
	for i, f := range in {
		out[i] = Facet(f)
	}
	return out
}

// Suggestions complete what somebody is typing.
type Suggestions struct {
	Suggestions []Suggestion `json:"suggestions" doc:"The likeliest first."`
	Index       Index        `json:"index" doc:"Whether there may be more of them."`
}

// Suggestion is one of them.
type Suggestion struct {
	Kind string `json:"kind" enum:"term,title,author,organization,category" doc:"What it is."`
	Text string `json:"text" doc:"As people read it."`
	ID   string `json:"id,omitempty" doc:"The identifier of the paper, the slug of the author, the name of the organization or category."`
	URL  string `json:"url" doc:"The path on this site of what it leads to: the page of what it names, or a search."`
}

type suggestInput struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"250" doc:"What has been typed so far. A blank at the end says that a word is complete." example:"diff"`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"8" doc:"How many suggestions are wanted."`
}

func (a *API) suggest(ctx context.Context, in *suggestInput) (*plainly[Suggestions], error) {
	all, err := a.Catalog.Suggest(ctx, in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Suggestions{make([]Suggestion, len(all.Suggestions)), a.index(ctx, all.Index)}
	for i, s := range all.Suggestions {
		out.Suggestions[i] = Suggestion{s.Kind, s.Text, s.ID, leadsTo(s)}
	}
	return &plainly[Suggestions]{out}, nil
}

// leadsTo is the path of a suggestion's page: that of what it names, or a search.
func leadsTo(s search.Suggestion) string {
	switch {
	case s.ID == "":
		return urls.Search(s.Text)
	case s.Kind == "title":
		return urls.Paper(paper.ID(s.ID))
	case s.Kind == "author":
		return urls.Author(s.ID)
	case s.Kind == "organization":
		return urls.Organization(s.ID)
	case s.Kind == "category":
		return urls.Search("cat:" + s.ID)
	}
	return urls.Search(s.Text)
}

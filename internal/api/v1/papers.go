package v1

import (
	"context"
	"slices"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/cite"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/urls"
)

// Papers is one page of a list of papers.
type Papers struct {
	Papers []Paper `json:"papers" doc:"In the order of the list."`
	Cursor string  `json:"cursor,omitempty" doc:"Of the next page. Left out on the last."`
}

// SimilarPapers is the papers nearest to one.
type SimilarPapers struct {
	Papers []Paper `json:"papers" doc:"The nearest first."`
	Index  Index   `json:"index" doc:"Whether there may be more of them."`
}

// Bulk is the papers that were asked for by their identifiers.
type Bulk struct {
	Papers  []Paper  `json:"papers" doc:"In the order in which they were asked for, each once."`
	Missing []string `json:"missing" doc:"What was asked for and is not here, or is no identifier, as it was written."`
}

// Links is what belongs to one paper.
type Links struct {
	ID    string `json:"id" doc:"Of the paper."`
	Links []Link `json:"links" doc:"Empty where nobody knows of anything."`
}

// Signals is how a number about a paper has changed.
type Signals struct {
	ID      string   `json:"id" doc:"Of the paper."`
	Kind    string   `json:"kind" enum:"votes,comments,stars" doc:"What was counted."`
	Signals []Signal `json:"signals" doc:"What was counted, the oldest first. A count is noted when it has changed."`
}

// Signal is a number about a paper at one time.
type Signal struct {
	At    time.Time `json:"at" doc:"When it was counted."`
	Value int       `json:"value" doc:"The count."`
}

func (a *API) newest(ctx context.Context, in *Page) (*listed[Papers], error) {
	l, err := a.Catalog.New(ctx, in.Cursor, in.Limit)
	return list(ctx, l, err)
}

// list is one page of papers as it is sent.
func list(ctx context.Context, l *catalog.List, err error) (*listed[Papers], error) {
	if err != nil {
		return nil, err
	}
	return &listed[Papers]{askedIn(ctx).next(l.More), Papers{writerIn(ctx).papers(l.Entries), l.More}}, nil
}

type trendingInput struct {
	Page
	Vote    float64 `query:"vote" minimum:"0" maximum:"1000" default:"1" doc:"Points for each vote."`
	Comment float64 `query:"comment" minimum:"0" maximum:"1000" default:"2" doc:"Points for each comment."`
	Star    float64 `query:"star" minimum:"0" maximum:"1000" default:"4" doc:"Points for each tenfold of stars."`
	Half    float64 `query:"half" minimum:"0.01" maximum:"1000" default:"3" doc:"Days after which a paper's points count half."`
}

func (a *API) trending(ctx context.Context, in *trendingInput) (*listed[Papers], error) {
	w := rank.Weights{Vote: in.Vote, Comment: in.Comment, Star: in.Star, HalfDay: in.Half}
	l, err := a.Catalog.Trending(ctx, w, in.Cursor, in.Limit)
	return list(ctx, l, err)
}

type bulkInput struct {
	IDs []string `query:"ids" required:"true" minItems:"1" maxItems:"100" maxLength:"200" pattern:"^[^,\\x00]+$" patternDescription:"an identifier" doc:"Identifiers of papers, with commas between them, 100 at the most. One with a comma in itself has to be asked for alone." example:"2406.14347,2605.26730"`
}

func (a *API) bulk(ctx context.Context, in *bulkInput) (*plainly[Bulk], error) {
	out := Bulk{Missing: []string{}}
	var ids []paper.ID
	written := map[paper.ID]string{}
	for _, s := range in.IDs {
		id, err := paper.ParseID(s)
		switch {
		case err != nil:
			out.Missing = append(out.Missing, s)
		case written[id] == "":
			written[id] = s
			ids = append(ids, id)
		}
	}
	entries, err := a.Catalog.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(entries, func(e catalog.Entry) bool { return e.Paper.ID == id }) {
			out.Missing = append(out.Missing, written[id])
		}
	}
	out.Papers = writerIn(ctx).papers(entries)
	return &plainly[Bulk]{out}, nil
}

// PaperName names a paper. Its identifier has been parsed when a request comes here.
type PaperName struct {
	ID string `path:"id" minLength:"1" maxLength:"2000" doc:"An arXiv identifier (2401.01234, hep-th/9901001; a version is ignored) or a DOI. Slashes may stand as they are or as %2F; a DOI that ends like one of the addresses below a paper needs the latter." example:"2406.14347"`
}

type onePaperInput struct {
	PaperName
	Format string `query:"format" enum:"json,md" doc:"The form of the answer: JSON, or the paper as Markdown with what is known about it as YAML before it. Without it, the header Accept decides."`
}

func (a *API) paper(ctx context.Context, in *onePaperInput) (*written, error) {
	s, err := a.Catalog.Paper(ctx, paper.ID(in.ID))
	if err != nil {
		return nil, about(in.ID, err)
	}
	w := writerIn(ctx)
	if in.Format != "md" {
		return &written{"application/json", w.sheet(s)}, nil
	}
	text, err := markdown.Paper(s, w.base)
	return &written{"text/markdown; charset=utf-8", text}, err
}

type similarInput struct {
	PaperName
	Limit int `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"How many papers are wanted. This list has no further pages."`
}

func (a *API) similar(ctx context.Context, in *similarInput) (*plainly[SimilarPapers], error) {
	roll, err := a.Catalog.ListPage(ctx, urls.List{Kind: urls.KindSimilar, ID: paper.ID(in.ID)}, "", in.Limit)
	if err != nil {
		return nil, about(in.ID, err)
	}
	return &plainly[SimilarPapers]{SimilarPapers{writerIn(ctx).papers(roll.Entries), a.index(ctx, *roll.Index)}}, nil
}

func (a *API) links(ctx context.Context, in *PaperName) (*plainly[Links], error) {
	s, err := a.Catalog.Paper(ctx, paper.ID(in.ID))
	if err != nil {
		return nil, about(in.ID, err)
	}
	return &plainly[Links]{Links{in.ID, linksOf(&s.Paper)}}, nil
}

func (a *API) votes(ctx context.Context, in *PaperName) (*plainly[Signals], error) {
	return a.signals(ctx, &signalsInput{*in, string(paper.SignalVotes)})
}

type signalsInput struct {
	PaperName
	Kind string `query:"kind" enum:"votes,comments,stars" default:"votes" doc:"What is counted."`
}

func (a *API) signals(ctx context.Context, in *signalsInput) (*plainly[Signals], error) {
	id := paper.ID(in.ID)
	known, err := a.Catalog.Known(ctx, id)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, noPaper(in.ID)
	}
	counts, err := a.Catalog.Signals(ctx, id, paper.SignalKind(in.Kind))
	if err != nil {
		return nil, err
	}
	out := Signals{in.ID, in.Kind, make([]Signal, len(counts))}
	for i, c := range counts {
		out.Signals[i] = Signal{seconds(c.At), c.Value}
	}
	return &plainly[Signals]{out}, nil
}

type citationInput struct {
	PaperName
	Format string `query:"format" enum:"bibtex,ris,csl" default:"bibtex" doc:"BibTeX, RIS or CSL-JSON."`
}

func (a *API) citation(ctx context.Context, in *citationInput) (*written, error) {
	s, err := a.Catalog.Paper(ctx, paper.ID(in.ID))
	if err != nil {
		return nil, about(in.ID, err)
	}
	switch in.Format {
	case "ris":
		return &written{"application/x-research-info-systems; charset=utf-8", []byte(cite.RIS(s.Paper))}, nil
	case "csl":
		text, err := cite.CSL(s.Paper)
		return &written{"application/vnd.citationstyles.csl+json", text}, err
	}
	return &written{"application/x-bibtex; charset=utf-8", []byte(cite.BibTeX(s.Paper))}, nil
}

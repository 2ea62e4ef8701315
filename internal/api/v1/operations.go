package v1

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// An operation is what answers at one address.
type operation struct {
	huma.Operation
	uncached   bool           // its responses are not cached here
	searches   bool           // its responses change with the search index, too
	noCache    bool           // nor do others use them without asking
	negotiates bool           // the header Accept may ask for Markdown
	volatile   *regexp.Regexp // the part of a response that differs each time

	patterns map[string]*regexp.Regexp // of its parameters, by their names
}

// paperPath is how the addresses of operations about one paper begin.
const paperPath = "/papers/{id}"

// The tags of operations.
const (
	tagEditions = "Editions"
	tagPapers   = "Papers"
	tagSearch   = "Search"
	tagPeople   = "Authors and organizations"
	tagSite     = "The site"
)

// register lists every operation.
func (a *API) register() {
	a.registerEditions()
	a.registerPapers()
	a.registerSearch()
	a.registerPeople()
	a.registerSite()
}

func (a *API) registerEditions() {
	add(a, operation{Operation: op("/editions", "list-editions", tagEditions, "List editions",
		"The days, weeks or months that have papers, the newest first, with how many they have and whether they still take more.")}, a.editions)
	add(a, operation{Operation: op("/editions/{period}", "get-edition", tagEditions, "Get an edition",
		"The papers of a day, a week or a month in the order of its page, with their ranks. An edition without papers (a weekend, a day to come) is an empty list with its state, not an error, so that a program may ask for today on any day. An edition is complete and keeps its papers when its state is closed; its votes may still change.")}, a.edition)
	add(a, operation{uncached: true, Operation: op("/clock", "get-clock", tagEditions, "Read the feed clock",
		"Which edition is open, and when the next one opens. Editions follow the clock of the site, not that of the reader: today means the feed day that is given here.")}, a.clock)
}

func (a *API) registerPapers() {
	add(a, operation{Operation: op("/papers", "list-papers", tagPapers, "List papers, newest first",
		"Every paper by its publication, whether it was in an edition or not.")}, a.newest)
	add(a, operation{Operation: op("/papers/bulk", "get-papers", tagPapers, "Get papers by their identifiers",
		"Up to 100 papers in one answer. What is not here is named, and is no error.")}, a.bulk)
	one := op("/papers/{id}", "get-paper", tagPapers, "Get a paper",
		"All that is known about one paper: versions, every edition that it was in, its rank there and what its trending score is made of. As Markdown with format=md, or where the header Accept asks for text/markdown.")
	one.Responses["200"] = a.forms(map[string]reflect.Type{"application/json": reflect.TypeFor[Paper](), "text/markdown": nil})
	add(a, operation{negotiates: true, Operation: one}, a.paper)
	add(a, operation{Operation: op("/papers/{id}/similar", "list-similar-papers", tagPapers, "List similar papers",
		"The papers nearest to one in meaning and in rare words, the nearest first.")}, a.similar)
	add(a, operation{Operation: op("/papers/{id}/links", "get-links", tagPapers, "Get a paper's links",
		"The code and the project pages of a paper, each with who says that it belongs to the paper.")}, a.links)
	add(a, operation{Operation: op("/papers/{id}/votes", "get-votes", tagPapers, "Get a paper's votes over time",
		"The same as signals of kind votes.")}, a.votes)
	add(a, operation{Operation: op("/papers/{id}/signals", "get-signals", tagPapers, "Get a paper's numbers over time",
		"How votes, comments or stars of a paper have changed.")}, a.signals)
	cited := op("/papers/{id}/citation", "get-citation", tagPapers, "Cite a paper",
		"The paper as one record for a reference manager.")
	cited.Responses["200"] = a.forms(map[string]reflect.Type{
		"application/x-bibtex": nil, "application/x-research-info-systems": nil, "application/vnd.citationstyles.csl+json": reflect.TypeFor[[]map[string]any](),
	})
	add(a, operation{Operation: cited}, a.citation)
}

func (a *API) registerSearch() {
	add(a, operation{searches: true, volatile: took, Operation: op("/search", "search-papers", tagSearch, "Search papers",
		"Finds papers by words, by fields and, where the site has a model for it, by meaning. What a query asks that nobody understands is searched as words, with a hint. No page begins behind the first 10000 papers.")}, a.search)
	add(a, operation{uncached: true, Operation: op("/suggest", "suggest", tagSearch, "Complete what is being typed",
		"Words, titles, authors, organizations and categories that have words which begin with those typed, in any order; the best known first.")}, a.suggest)
	add(a, operation{Operation: op("/trending", "list-trending-papers", tagSearch, "List trending papers",
		"The papers of the newest 60 editions by their score, with its parts. The formula is log2(1 + vote*votes + comment*comments + star*log10(1 + stars)) - age/half, with the age in days since the paper's first edition opened; its weights can be set. Where there are no editions, the newest papers without scores.")}, a.trending)
}

func (a *API) registerPeople() {
	add(a, operation{Operation: op("/authors", "list-authors", tagPeople, "List authors",
		"Every name that stands on a paper, by its slug.")}, a.authors)
	add(a, operation{Operation: op("/authors/{slug}", "get-author", tagPeople, "Get an author's papers",
		"A name and one page of the papers on which it stands, the newest first. People who share a name share a page.")}, a.author)
	add(a, operation{Operation: op("/organizations", "list-organizations", tagPeople, "List organizations",
		"Every organization that stands behind a paper, by its name.")}, a.organizations)
	add(a, operation{Operation: op("/organizations/{name}", "get-organization", tagPeople, "Get an organization's papers",
		"An organization and one page of its papers, the newest first.")}, a.organization)
}

func (a *API) registerSite() {
	changes := op("/changes", "list-changes", tagSite, "Follow what changes",
		"Papers in the order of their last change, for mirrors. Begin without a cursor to get everything; keep the cursor of each answer and come back with it, at once where more is true, else after a while. A mirror that writes each paper it is given, and forgets those that are removed, has what this site has. A mirror whose cursor is refused with 409 or 410 begins anew.")
	changes.Responses["409"] = a.problem("The cursor is ahead of the site, whose database was put back to an earlier state: forget what you have and begin without a cursor.")
	changes.Responses["410"] = a.problem("The cursor is of another site: forget what you have and begin without a cursor.")
	add(a, operation{uncached: true, noCache: true, Operation: changes}, a.changes)
	add(a, operation{Operation: op("/stats", "get-stats", tagSite, "See what the site holds",
		"How many papers and editions there are, and where they come from.")}, a.stats)
}

// op is an operation with its documentation.
func op(path, id, tag, summary, description string) huma.Operation {
	return huma.Operation{
		SkipValidateParams: true, // parse does that
		Method:             http.MethodGet, Path: path, OperationID: id, Tags: []string{tag},
		Summary: summary, Description: description, Responses: map[string]*huma.Response{},
	}
}

// forms is the answer of an operation that has several forms, by their media types;
// nil is plain text.
func (a *API) forms(types map[string]reflect.Type) *huma.Response {
	content := map[string]*huma.MediaType{}
	for kind, t := range types {
		s := &huma.Schema{Type: huma.TypeString}
		if t != nil {
			s = a.huma.OpenAPI().Components.Schemas.Schema(t, true, "")
		}
		content[kind] = &huma.MediaType{Schema: s}
	}
	return &huma.Response{Content: content}
}

// add has the library serve an operation and describe it.
func add[I, O any](a *API, o operation, serve func(context.Context, *I) (*O, error)) {
	maps.Copy(o.Responses, a.problems())
	huma.Register(a.huma, o.Operation, func(ctx context.Context, in *I) (*O, error) {
		out, err := serve(ctx, in)
		if err != nil {
			*askedIn(ctx).failed = err
		}
		return out, err
	})
	described := a.huma.OpenAPI().Paths[o.Path].Get
	describe(described)
	o.Operation = *described
	o.patterns = patterns(described)
	a.operations = append(a.operations, &o)
	if ending, ok := strings.CutPrefix(o.Path, paperPath); ok {
		a.byPaper[ending] = &o
		if ending != "" {
			a.paperEndings = append(a.paperEndings, ending)
		}
	}
}

// What operations give back.
type (
	// plainly is an answer that is no list with further pages.
	plainly[T any] struct{ Body T }

	// listed is one page of a list.
	listed[T any] struct {
		Link string `header:"Link" doc:"The address of the next page, as rel=\"next\". Left out on the last page." example:"<https://papers.example/api/v1/papers?cursor=1779897542000000~2605.26730>; rel=\"next\""`
		Body T
	}

	// written is an answer whose form was asked for.
	written struct {
		Kind string `header:"Content-Type" hidden:"true"`
		Body any
	}
)

// Page is what lists are asked with.
type Page struct {
	Cursor string `query:"cursor" maxLength:"400" doc:"The cursor of the page before. Leave it out for the first page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"How many entries a page has."`
}

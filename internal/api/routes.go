package api

import (
	"context"
	"net/http"
	"strings"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A request is what somebody asks for.
type request struct {
	params
	id   paper.ID // of the paper that the path names
	base string   // scheme and host for absolute addresses
}

// A question is a request that makes sense. Two with one key have the same answer;
// the answer to one without is not kept.
type question struct {
	key    string
	answer func(context.Context) (*httpserver.Response, error)
}

// An asker reads a request.
type asker func(*api, request) (question, error)

// askers lists the addresses without a paper in them. Whatever the public site has
// beyond these and those about a paper changes something, which nobody can here.
var askers = map[string]asker{
	urls.DailyPapers:    (*api).daily,
	urls.APIPapers:      (*api).papers,
	urls.APISearch:      (*api).search,
	urls.Models:         always(`[]`), // no models, data sets, apps and collections are known,
	urls.Datasets:       always(`[]`), // whatever they are filtered by
	urls.Spaces:         always(`[]`),
	urls.Collections:    always(`[]`),
	urls.AgentHarnesses: always(`{"standardEnvVars":[],"harnesses":{}}`), // which the hf program asks for at every start
	urls.WhoAmI:         nobody,
}

// routes are the addresses of the API.
func (a *api) routes() []httpserver.Route {
	routes := []httpserver.Route{
		{Pattern: urls.APIPaperRoute, Handler: a.handler(ofPaper)},
		{Pattern: urls.APIArXivRoute, Handler: a.handler(ofRepos)},
		{Pattern: urls.API, Handler: a.handler(ofPaper)}, // an identifier may have two slashes in it
	}
	for pattern, ask := range askers {
		routes = append(routes, httpserver.Route{Pattern: pattern, Handler: a.handler(func(string) (asker, paper.ID) { return ask, "" })})
	}
	return routes
}

// ofPaper is what answers at the path of a paper; nil where it names none.
func ofPaper(path string) (asker, paper.ID) {
	if name, ok := strings.CutPrefix(path, urls.APIPapers+"/"); ok {
		return about((*api).paper, name)
	}
	return nil, ""
}

// ofRepos is the same for what of a paper is on this site.
func ofRepos(path string) (asker, paper.ID) {
	name, ok := strings.CutSuffix(strings.TrimPrefix(path, urls.APIArXiv), urls.ReposEnding)
	if !ok {
		return nil, ""
	}
	return about((*api).repos, name)
}

// about is ask for the paper of that name; nil when it is no name of a paper. All
// versions are one paper.
func about(ask asker, name string) (asker, paper.ID) {
	id, err := paper.ParseID(name)
	if err != nil {
		return nil, ""
	}
	return ask, id
}

// always gives the same answer to everybody.
func always(body string) asker {
	return func(*api, request) (question, error) {
		return question{key: body, answer: func(context.Context) (*httpserver.Response, error) {
			return &httpserver.Response{Body: []byte(body)}, nil
		}}, nil
	}
}

// nobody says that nobody is signed in.
func nobody(*api, request) (question, error) {
	return question{}, &failure{status: http.StatusUnauthorized, msg: "There are no accounts here, and no token is needed to read."}
}

package api

import (
	"context"
	"net/http"
	"strings"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
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

// routes lists the addresses without a paper in them. Whatever the public site has
// beyond these and those of find changes something, which nobody can here.
var routes = map[string]asker{
	"/api/daily_papers":    (*api).daily,
	"/api/papers":          (*api).papers,
	"/api/papers/search":   (*api).search,
	"/api/models":          always(`[]`), // no models, data sets, apps and collections are known,
	"/api/datasets":        always(`[]`), // whatever they are filtered by
	"/api/spaces":          always(`[]`),
	"/api/collections":     always(`[]`),
	"/api/agent-harnesses": always(`{"standardEnvVars":[],"harnesses":{}}`), // which the hf program asks for at every start
	"/api/whoami-v2":       nobody,
}

// find is what answers at a path, with the paper that it names; nil where nothing does.
func find(path string) (asker, paper.ID) {
	if ask := routes[path]; ask != nil {
		return ask, ""
	}
	if rest, ok := strings.CutPrefix(path, "/api/papers/"); ok {
		return about((*api).paper, rest)
	}
	if rest, ok := strings.CutPrefix(path, "/api/arxiv/"); ok {
		if name, ok := strings.CutSuffix(rest, "/repos"); ok {
			return about((*api).repos, name)
		}
	}
	return nil, ""
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

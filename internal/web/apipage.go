package web

import (
	"net/http"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
	"broadsheet/internal/web/openapi"
)

// apiDocPage is the API with this site's address.
type apiDocPage struct {
	head
	API  *openapi.Description
	Base string
}

// callHere is a call of this site.
type callHere struct {
	openapi.Call
	Base string
}

// Here is a call with the address of the site.
func (p *apiDocPage) Here(c openapi.Call) callHere { return callHere{c, p.Base} }

// apiPage is /developers/api.
func (s *site) apiPage(r *request) (*httpserver.Response, error) {
	if s.api == nil {
		return nil, &pageError{status: http.StatusNotFound, title: "The API is not described here", help: `There are <a href="/developers">examples for programs</a>.`}
	}
	p := &apiDocPage{s.head("The API", urls.DevelopersAPI), s.api, r.Base}
	p.head.Description = "Every call of the API below /api/v1, with its parameters, answers and an example."
	return s.render("api", p)
}

package v1

import (
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"broadsheet/internal/urls"
)

// introduction is what the document says about the API as a whole.
const introduction = `Papers, editions, trending, search, authors, organizations and changes of this site, to be read by any program. No account and no key is needed.

**Dates.** Times are RFC 3339 in UTC. The date of a publication is given as far as it is known: a month, a day or a moment. Editions follow the site's feed clock; ` + "`/clock`" + ` tells which is open.

**Lists** come in pages. An answer with a cursor has a next page: ask again with that cursor, or follow the header Link with rel="next". A cursor belongs to its list and says where a page begins; it stays valid while the list grows.

**Again and again.** Every answer has an ETag. Send it back as If-None-Match, and an answer that has not changed is a 304 without a body. To keep a copy of everything, follow ` + "`/changes`" + `.

**Errors** are problem details (RFC 9457): status, detail for people, code for programs. A parameter that does not exist, stands twice or is out of bounds is a 400; what is not here is a 404, an outdated cursor included.

**Compatible.** New fields, operations and parameters may be added at any time; what is here keeps its meaning. Ignore fields that you do not know.`

// An adapter takes the handlers that the library makes, by their paths: requests have
// been routed and checked when one is called.
type adapter map[string]func(huma.Context)

func (a adapter) Handle(op *huma.Operation, handler func(huma.Context)) { a[op.Path] = handler }

// ServeHTTP is for the library's own tests.
func (adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// newHuma is the library, set up to hand its handlers to an adapter and to describe them.
func newHuma(o Options, handlers adapter) huma.API {
	config := huma.DefaultConfig(o.SiteName+" API", "1")
	config.Info.Description = introduction
	config.Info.License = &huma.License{Name: "Apache License 2.0", Identifier: "Apache-2.0"}
	config.Servers = []*huma.Server{{URL: o.BaseURL + urls.V1}}
	config.Tags = []*huma.Tag{
		{Name: tagEditions, Description: "The papers of a day, a week or a month."},
		{Name: tagPapers, Description: "Papers, and what is known about them."},
		{Name: tagSearch, Description: "Papers by what somebody looks for, and by what many look at."},
		{Name: tagPeople, Description: "Who wrote papers, and who stands behind them."},
		{Name: tagSite, Description: "The site as a whole, for mirrors and monitors."},
	}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // served by fixed
	config.CreateHooks = nil                                             // no $schema in answers
	config.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	return huma.NewAPI(config, handlers)
}

// problems are the answers that are errors.
func (a *API) problems() map[string]*huma.Response {
	all := map[string]*huma.Response{}
	for status, says := range map[int]string{
		http.StatusBadRequest:          "A parameter is wrong, unknown or given twice.",
		http.StatusNotFound:            "What the address or the cursor names is not here.",
		http.StatusTooManyRequests:     "Too many requests from this address: try again after Retry-After seconds. The header RateLimit tells beforehand how many are left.",
		http.StatusInternalServerError: "The site itself is at fault, and has written it down.",
		http.StatusServiceUnavailable:  "Not at the moment: try again after Retry-After seconds.",
	} {
		all[strconv.Itoa(status)] = a.problem(says)
	}
	all["304"] = &huma.Response{Description: "The answer that the header If-None-Match names is still right."}
	return all
}

// problem is an answer that is an error.
func (a *API) problem(description string) *huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{problemKind: {Schema: schema}}}
}

// describe completes what the library says of an operation.
func describe(op *huma.Operation) {
	ok := op.Responses["200"]
	ok.Description = "What was asked for."
	if ok.Headers == nil {
		ok.Headers = map[string]*huma.Param{}
	}
	ok.Headers["ETag"] = &huma.Header{
		Description: "What to send back as If-None-Match.",
		Schema:      &huma.Schema{Type: huma.TypeString},
	}
	named := false
	for _, p := range op.Parameters {
		describeParameter(p)
		named = named || p.In == "path" || p.Name == "cursor"
	}
	if !named { // then there is nothing that could be missing
		delete(op.Responses, "404")
	}
}

// describeParameter moves description and example of a parameter to where all readers
// of such documents look for them, and says that no text has a NUL byte.
func describeParameter(p *huma.Param) {
	if len(p.Schema.Examples) > 0 {
		p.Example = p.Schema.Examples[0]
	}
	p.Schema.Description, p.Schema.Examples = "", nil
	if p.Schema.Type == huma.TypeString && p.Schema.Pattern == "" && len(p.Schema.Enum) == 0 {
		p.Schema.Pattern = noNUL
		p.Schema.PrecomputeMessages()
	}
}

// noNUL is the pattern of any text that may be looked for.
const noNUL = `^[^\x00]*$`

// finish corrects what the library takes for granted: that lists may be null, that an
// answer never gets a field more, and that its own problems are sent.
func finish(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas.Map()
	maps.DeleteFunc(schemas, func(name string, _ *huma.Schema) bool { return strings.HasPrefix(name, "Error") }) // the library's own problems
	for _, s := range schemas {
		s.AdditionalProperties = nil
		for _, p := range s.Properties {
			if p.Type == huma.TypeArray {
				p.Nullable = false
			}
		}
	}
	for _, path := range doc.Paths {
		for _, p := range path.Get.Parameters {
			p.Schema.Nullable = false
		}
	}
}

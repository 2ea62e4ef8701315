package v1

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// The document is whole: everything in it is described, and every reference leads to
// something.
func TestDocument(t *testing.T) {
	f := newFixture(t, shelf())
	var doc struct{ OpenAPI string }
	if err := json.Unmarshal(f.OpenAPI(), &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Fatalf("OpenAPI %q, %v", doc.OpenAPI, err)
	}
	spec := f.huma.OpenAPI()
	schemas := spec.Components.Schemas.Map()
	for _, m := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(string(f.OpenAPI()), -1) {
		if schemas[m[1]] == nil {
			t.Errorf("there is no schema %s", m[1])
		}
	}
	for name, s := range schemas {
		for field, p := range s.Properties {
			if p.Description == "" && p.Ref == "" {
				t.Errorf("%s.%s has no description", name, field)
			}
			if p.Nullable {
				t.Errorf("%s.%s may be null", name, field)
			}
		}
	}
	for path, item := range spec.Paths {
		checkOperation(t, path, item)
	}
	if strings.Contains(string(f.OpenAPI()), "unpkg") || strings.Contains(string(f.OpenAPI()), "422") {
		t.Error("the document speaks of what there is not")
	}
}

func checkOperation(t *testing.T, path string, item *huma.PathItem) {
	t.Helper()
	op := item.Get
	if op == nil || item.Post != nil || item.Put != nil || item.Delete != nil || item.Patch != nil {
		t.Fatalf("%s can be more than read", path)
	}
	if op.OperationID == "" || op.Summary == "" || len(op.Description) < 30 || len(op.Tags) != 1 || op.Responses["200"] == nil || op.Responses["400"] == nil {
		t.Errorf("%s is not described: %+v", path, op)
	}
	for _, p := range op.Parameters {
		if p.Description == "" || p.In == "path" && p.Example == nil || p.Required && p.Example == nil {
			t.Errorf("%s: %s has no description or no example", path, p.Name)
		}
	}
}

func TestDocumentAddresses(t *testing.T) {
	f := newFixture(t, shelf())
	resp := f.get(t, "/openapi.json")
	if resp.Header.Get("Content-Type") != "application/json" || text(t, resp) != string(f.OpenAPI()) {
		t.Errorf("openapi.json is %s", resp.Header.Get("Content-Type"))
	}
	resp = f.get(t, "/openapi.yaml")
	if body := text(t, resp); resp.Header.Get("Content-Type") != "application/yaml" || !strings.Contains(body, "\nopenapi: 3.1.0\n") {
		t.Errorf("openapi.yaml is %s: %s", resp.Header.Get("Content-Type"), body[:200])
	}
}

// Every answer is as its schema says, and has no field that the schema does not name.
func TestAnswersAreAsDescribed(t *testing.T) {
	f := newFixture(t, shelf())
	spec := f.huma.OpenAPI()
	asked := map[string]bool{}
	for address, path := range map[string]string{
		"/clock": "/clock", "/editions?limit=2": "/editions", "/editions/2026-W22?limit=3": "/editions/{period}", "/editions/today": "/editions/{period}",
		"/papers?limit=100": "/papers", "/papers/2605.00204": "/papers/{id}", "/papers/2406.10500": "/papers/{id}", "/papers/10.1145/3292500.330": "/papers/{id}",
		"/papers/2605.00204/similar": "/papers/{id}/similar", "/papers/2605.00204/links": "/papers/{id}/links", "/papers/2605.00204/votes": "/papers/{id}/votes",
		"/papers/2605.00204/signals?kind=stars": "/papers/{id}/signals", "/papers/bulk?ids=2605.00204,x": "/papers/bulk", "/trending": "/trending",
		"/search?q=kites&facets=true&limit=100": "/search", "/search?q=Ada+Lovelace": "/search", "/search?q=cat:": "/search", "/suggest?q=k": "/suggest",
		"/authors": "/authors", "/authors/ada-lovelace": "/authors/{slug}", "/organizations": "/organizations", "/organizations/acme": "/organizations/{name}",
		"/changes?limit=500": "/changes", "/stats": "/stats",
	} {
		asked[path] = true
		schema := spec.Paths[path].Get.Responses["200"].Content["application/json"].Schema
		check(t, spec.Components.Schemas, schema, address, read[any](t, f, address))
	}
	for path := range spec.Paths {
		if !asked[path] && path != "/papers/{id}/citation" {
			t.Errorf("%s was not asked", path)
		}
	}
	schema := spec.Paths["/papers"].Get.Responses["404"].Content[problemKind].Schema
	var p any
	if err := json.Unmarshal([]byte(text(t, f.get(t, "/papers?cursor=x"))), &p); err != nil {
		t.Fatal(err)
	}
	check(t, spec.Components.Schemas, schema, "a problem", p)
}

func check(t *testing.T, r huma.Registry, s *huma.Schema, address string, v any) {
	t.Helper()
	var res huma.ValidateResult
	huma.Validate(r, s, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &res)
	for _, err := range res.Errors {
		t.Errorf("%s: %v", address, err)
	}
	unnamed(t, r, s, address, v)
}

// unnamed finds fields of v that s does not name.
func unnamed(t *testing.T, r huma.Registry, s *huma.Schema, at string, v any) {
	t.Helper()
	for s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			if s.Properties[name] == nil {
				t.Errorf("%s: %s is not described", at, name)
				continue
			}
			unnamed(t, r, s.Properties[name], at+"."+name, field)
		}
	case []any:
		for _, entry := range v {
			unnamed(t, r, s.Items, at, entry)
		}
	}
}

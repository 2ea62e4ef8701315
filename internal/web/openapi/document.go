package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What of an OpenAPI 3.1 description the page about the API shows. The names are
// those of the specification.
type (
	document struct {
		Version string `json:"openapi"`
		Info    struct {
			Title, Version, Description string
		}
		Servers    []struct{ URL string }
		Tags       []struct{ Name, Description string }
		Paths      ordered[pathItem]
		Components struct {
			Schemas    ordered[*schema]
			Parameters map[string]parameter
			Responses  map[string]response
		}
	}
	pathItem struct {
		Parameters                    []parameter
		Get, Post, Put, Patch, Delete *operation
	}
	operation struct {
		ID          string `json:"operationId"`
		Summary     string
		Description string
		Tags        []string
		Deprecated  bool
		Parameters  []parameter
		Responses   ordered[response]
	}
	parameter struct {
		Ref         string `json:"$ref"`
		Name, In    string
		Description string
		Required    bool
		Example     any
		Schema      *schema
	}
	response struct {
		Ref         string `json:"$ref"`
		Description string
		Headers     ordered[struct{ Description string }]
		Content     ordered[struct{ Schema *schema }]
	}
	schema struct {
		Ref                string `json:"$ref"`
		Type               schemaTypes
		Format             string
		Description        string
		Title              string
		Enum               []any
		Const              any
		Default            any
		Examples           []any
		Minimum, Maximum   *json.Number
		MinLength          *int
		MaxLength          *int
		MinItems, MaxItems *int
		Items              *schema
		Properties         ordered[*schema]
		Required           []string
		OneOf, AnyOf       []*schema
		AllOf              []*schema
		Additional         additional `json:"additionalProperties"`
	}
)

// ordered is a JSON object whose members keep their order: whoever wrote the
// description has put what matters first.
type ordered[T any] []member[T]

type member[T any] struct {
	Name  string
	Value T
}

// UnmarshalJSON reads an object.
func (o *ordered[T]) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("%.20q is not an object: %w", text, cmp.Or(err, errors.New("no brace")))
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		m := member[T]{Name: fmt.Sprint(name)}
		if err := d.Decode(&m.Value); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		*o = append(*o, m)
	}
	return nil
}

// schemaTypes are the types that a value may have: one, or a list.
type schemaTypes []string

// UnmarshalJSON reads a string or an array of them.
func (t *schemaTypes) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*t = schemaTypes{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(t))
}

// additional is what other members an object may have: none is said by nil.
type additional struct{ *schema }

// UnmarshalJSON reads a schema, or whether any will do.
func (a *additional) UnmarshalJSON(text []byte) error {
	var any bool
	if json.Unmarshal(text, &any) == nil {
		return nil
	}
	return json.Unmarshal(text, &a.schema)
}

// calls are the operations of a path by their methods.
func (p *pathItem) calls() []member[*operation] {
	all := []member[*operation]{{"GET", p.Get}, {"POST", p.Post}, {"PUT", p.Put}, {"PATCH", p.Patch}, {"DELETE", p.Delete}}
	return slices.DeleteFunc(all, func(m member[*operation]) bool { return m.Value == nil })
}

// parameter and response follow a reference to where the components have it.
func (doc *document) parameter(p parameter) parameter {
	if found, ok := doc.Components.Parameters[lastPart(p.Ref)]; ok && p.Ref != "" {
		return found
	}
	return p
}

func (doc *document) response(r response) response {
	if found, ok := doc.Components.Responses[lastPart(r.Ref)]; ok && r.Ref != "" {
		return found
	}
	return r
}

// lastPart is the name at the end of a reference.
func lastPart(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// readDocument reads a description of version 3.
func readDocument(text []byte) (*document, error) {
	doc := new(document)
	if err := json.Unmarshal(text, doc); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(doc.Version, "3.") {
		return nil, fmt.Errorf("openapi is %q, and should begin with 3", doc.Version)
	}
	return doc, nil
}

// Package openapi reads an OpenAPI 3.1 description and says it in words: calls by
// their tags, with parameters, bounds, answers and an example, and the objects they
// speak of. A template only has to lay that out.
//
// Start with [Parse]. What is in a [Description] may stand in a page as it is: texts
// are escaped, and links lead to anchors on the same page.
//
// It shows what descriptions of reading interfaces have. It leaves out bodies of
// requests, security, callbacks and links, and references into other documents.
package openapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Description is the API as its page shows it.
type Description struct {
	Title, Version string
	Says           Prose
	Groups         []Group
	Common         []Answer // those that every call may give, which stand with none
	Shapes         []Shape
}

// Group is the calls that have one tag.
type Group struct {
	Name, Anchor string
	Says         Prose
	Calls        []Call
}

// Call is a method at a path.
type Call struct {
	Anchor, Method, Path, Summary string
	Says                          Prose
	Deprecated                    bool
	Params                        []Field
	Answers                       []Answer
	Example                       string // path and query; "" where there is no simple one
}

// Field is a parameter, or a member of an object.
type Field struct {
	Name, In string
	Type     Words
	Required bool
	Says     Prose
	Facts    []string // "default 50", "1 to 100"
}

// Answer is what a call may be answered with.
type Answer struct {
	Status, Kind string
	Type         Words
	Says         Prose
	Fields       []Field // of an object that has no name
	Headers      []string
}

// Shape is an object that has a name.
type Shape struct {
	Name, Anchor string
	Type         Words
	Says         Prose
	Fields       []Field
}

// Parse makes of an OpenAPI description what the page shows; nil of none.
func Parse(text []byte) (*Description, error) {
	if len(text) == 0 {
		return nil, nil
	}
	doc, err := readDocument(text)
	if err != nil {
		return nil, err
	}
	d := &Description{Title: doc.Info.Title, Version: doc.Info.Version, Says: prose(doc.Info.Description)}
	for _, tag := range doc.Tags {
		d.Groups = append(d.Groups, Group{Name: tag.Name, Anchor: anchor("about", tag.Name), Says: prose(tag.Description)})
	}
	for _, p := range doc.Paths {
		for _, op := range p.Value.calls() {
			g := d.group(op.Value.Tags)
			g.Calls = append(g.Calls, doc.call(p, op.Name, op.Value))
		}
	}
	d.Groups = slices.DeleteFunc(d.Groups, func(g Group) bool { return len(g.Calls) == 0 })
	d.factorOut()
	for _, c := range doc.Components.Schemas {
		shape := Shape{Name: c.Name, Anchor: anchor("shape", c.Name), Type: typeOf(c.Value), Fields: fields(c.Value)}
		if c.Value != nil {
			shape.Says = prose(c.Value.Description)
		}
		d.Shapes = append(d.Shapes, shape)
	}
	return d, nil
}

// factorOut takes the answers that all calls have in common away from each.
func (d *Description) factorOut() {
	calls, count := 0, map[string]int{}
	for _, g := range d.Groups {
		for _, c := range g.Calls {
			calls++
			for _, a := range c.Answers {
				count[a.key()]++
			}
		}
	}
	if calls < 2 {
		return
	}
	common := func(a Answer) bool { return count[a.key()] == calls }
	for _, a := range d.Groups[0].Calls[0].Answers {
		if common(a) {
			d.Common = append(d.Common, a)
		}
	}
	for _, g := range d.Groups {
		for i := range g.Calls {
			g.Calls[i].Answers = slices.DeleteFunc(g.Calls[i].Answers, common)
		}
	}
}

// key is the same for answers that say the same.
func (a Answer) key() string {
	return fmt.Sprintf("%q %q %+v %+v", a.Status, a.Kind, a.Type, a.Says)
}

// group is the group of the first tag, made where there is none yet.
func (d *Description) group(tags []string) *Group {
	name := "Calls"
	if len(tags) > 0 {
		name = tags[0]
	}
	at := slices.IndexFunc(d.Groups, func(g Group) bool { return g.Name == name })
	if at < 0 {
		d.Groups = append(d.Groups, Group{Name: name, Anchor: anchor("about", name)})
		at = len(d.Groups) - 1
	}
	return &d.Groups[at]
}

func (doc *document) call(p member[pathItem], method string, op *operation) Call {
	c := Call{
		Method: method, Path: doc.prefix() + p.Name, Summary: op.Summary, Says: prose(op.Description), Deprecated: op.Deprecated,
		Anchor: anchor("call", method+" "+p.Name),
	}
	if op.ID != "" {
		c.Anchor = anchor("call", op.ID)
	}
	if op.Description == op.Summary {
		c.Says = nil
	}
	params := slices.Concat(p.Value.Parameters, op.Parameters)
	for i, one := range params {
		params[i] = doc.parameter(one)
		c.Params = append(c.Params, params[i].field())
	}
	if method == http.MethodGet {
		c.Example = example(c.Path, params)
	}
	for _, r := range op.Responses {
		one := doc.response(r.Value)
		if strings.TrimRight(one.Description, ".") == op.Summary { // which is said already
			one.Description = ""
		}
		c.Answers = append(c.Answers, one.answers(r.Name)...)
	}
	return c
}

// prefix is the path that all paths begin with.
func (doc *document) prefix() string {
	if len(doc.Servers) == 0 {
		return ""
	}
	u, err := url.Parse(doc.Servers[0].URL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

func (p parameter) field() Field {
	s := p.Schema
	if s == nil {
		s = new(schema)
	}
	f := Field{Name: p.Name, In: p.In, Type: typeOf(s), Required: p.Required, Says: prose(p.Description), Facts: facts(s)}
	if len(f.Says) == 0 {
		f.Says = prose(s.Description)
	}
	if p.Example != nil && len(s.Examples) == 0 {
		f.Facts = append(f.Facts, "like "+value(p.Example))
	}
	return f
}

// answers are what a response can be, one for each kind of text.
func (r response) answers(status string) []Answer {
	a := Answer{Status: status, Says: prose(r.Description)}
	for _, h := range r.Headers {
		a.Headers = append(a.Headers, h.Name)
	}
	if len(r.Content) == 0 {
		return []Answer{a}
	}
	var out []Answer
	for _, c := range r.Content {
		one := a
		if one.Kind = c.Name; c.Value.Schema != nil {
			one.Type, one.Fields = typeOf(c.Value.Schema), fields(c.Value.Schema)
		}
		out = append(out, one)
	}
	return out
}

// fields are the members of an object; those of one that has a name stand there.
func fields(s *schema) []Field {
	if s == nil {
		return nil
	}
	var out []Field
	for _, part := range s.AllOf {
		out = append(out, fields(part)...)
	}
	for _, p := range s.Properties {
		if p.Name == "$schema" { // says where a description of the object is, not what is in it
			continue
		}
		f := Field{Name: p.Name, Type: typeOf(p.Value), Required: slices.Contains(s.Required, p.Name), Facts: facts(p.Value)}
		if p.Value != nil {
			f.Says = prose(p.Value.Description)
		}
		out = append(out, f)
	}
	return out
}

// example is a call that works: with the parameters that must be there, and those
// that the description has an example of. "" where one that must be there has none.
func example(path string, params []parameter) string {
	query := url.Values{}
	for _, p := range params {
		v, ok := p.example()
		switch {
		case p.In == "path" && ok:
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(v))
		case p.In == "query" && ok:
			query.Set(p.Name, v)
		case p.Required:
			return ""
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

func (p parameter) example() (string, bool) {
	switch {
	case p.Example != nil:
		return value(p.Example), true
	case p.Schema != nil && len(p.Schema.Examples) > 0:
		return value(p.Schema.Examples[0]), true
	}
	return "", false
}

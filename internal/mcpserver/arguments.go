package mcpserver

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"

	"broadsheet/internal/paper"
	"broadsheet/internal/spelling"
)

// An argument is something that a tool wants to be told.
type argument struct {
	name, about string
	needed      bool
	number      bool     // else it is text
	usual       string   // what holds when it is not given, as JSON
	most        int      // the largest number, the longest text
	one         []string // the texts that there are; nil: any
	examples    []any
}

const (
	mostPapers  = 50
	longestID   = 500
	longestMore = 500
)

// schema is what agents are told of the arguments of a tool. What they send is read
// more leniently: see values.
func schema(args []argument) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
	for _, a := range args {
		p := &jsonschema.Schema{Type: "string", Description: a.about, Examples: a.examples}
		if a.number {
			p.Type, p.Minimum, p.Maximum = "integer", ptr(1.0), ptr(float64(a.most))
		} else if a.most > 0 {
			p.MaxLength = ptr(a.most)
		}
		for _, v := range a.one {
			p.Enum = append(p.Enum, v)
		}
		if a.usual != "" {
			p.Default = json.RawMessage(a.usual)
		}
		if a.needed {
			s.Required = append(s.Required, a.name)
		}
		s.Properties[a.name] = p
		s.PropertyOrder = append(s.PropertyOrder, a.name)
	}
	return s
}

func ptr[T any](v T) *T { return &v }

// values are the arguments that were sent, as text.
type values map[string]string

// read reads what an agent sends: an object with some of the arguments. A number may
// come as text, and text as a number: programs that take 2401.01234 for one are common.
func read(tool string, args []argument, raw json.RawMessage) (values, error) {
	var sent map[string]json.RawMessage
	if len(bytes.TrimSpace(raw)) > 0 {
		if err := json.Unmarshal(raw, &sent); err != nil {
			return nil, paper.Invalid("arguments", "they must be one JSON object")
		}
	}
	v := values{}
	for name, raw := range sent {
		at := slices.IndexFunc(args, func(a argument) bool { return a.name == name })
		if at < 0 {
			return nil, unknownArgument(tool, name, args)
		}
		text, err := scalar(name, raw)
		if err != nil {
			return nil, err
		}
		if text != "" {
			v[name] = text
		}
	}
	for _, a := range args {
		if err := v.complete(tool, a); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func unknownArgument(tool, name string, args []argument) error {
	var names []string
	for _, a := range args {
		names = append(names, a.name)
	}
	hint := "it takes " + strings.Join(names, ", ")
	if near := spelling.Nearest(name, names, 2); near != "" {
		hint = "did you mean " + near + "?"
	}
	return paper.Invalid("arguments", "%s has no argument %q; %s", tool, paper.Shorten(name), hint)
}

// scalar is a text, or a number as it was written; null is nothing.
func scalar(name string, raw json.RawMessage) (string, error) {
	raw = bytes.TrimSpace(raw)
	var text string
	switch {
	case string(raw) == "null":
		return "", nil
	case raw[0] == '"':
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", paper.Invalid(name, "this is no text")
		}
		return strings.TrimSpace(text), nil
	case strings.IndexByte("-0123456789", raw[0]) >= 0:
		return string(raw), nil
	}
	return "", paper.Invalid(name, "write it as one text or number")
}

// complete checks one argument, and fills in what is usual.
func (v values) complete(tool string, a argument) error {
	text, given := v[a.name]
	switch {
	case !given && a.needed:
		return paper.Invalid(a.name, "%s needs it: %s", tool, a.about)
	case !given:
		v[a.name] = strings.Trim(a.usual, `"`)
		return nil
	case a.number:
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > a.most {
			return paper.Invalid(a.name, "%q will not do; use a number from 1 to %d", paper.Shorten(text), a.most)
		}
	case a.most > 0 && utf8.RuneCountInString(text) > a.most:
		return paper.Invalid(a.name, "at most %d characters are taken", a.most)
	case a.one != nil && !slices.Contains(a.one, strings.ToLower(text)):
		return paper.Invalid(a.name, "%q is none; use one of %s", paper.Shorten(text), strings.Join(a.one, ", "))
	}
	return nil
}

// number is a number that complete has checked.
func (v values) number(name string) int {
	n, _ := strconv.Atoi(v[name])
	return n
}

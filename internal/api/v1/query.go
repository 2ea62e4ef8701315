package v1

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// parseQuery reads the parameters of a request and holds them against what the
// operation has. A name that nobody knows is an error, as it is a slip more often than
// a wish; so is a parameter that stands twice.
func parseQuery(raw string, op *huma.Operation) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, &Problem{Status: http.StatusBadRequest, Detail: "What stands after the question mark is damaged: write special characters as %XX."}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p := parameter(op, name)
		if p == nil {
			return nil, unknownParameter(op, name)
		}
		if err := checkValue(p, values[name]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// parameter is the query parameter of that name; nil when the operation has none.
func parameter(op *huma.Operation, name string) *huma.Param {
	for _, p := range op.Parameters {
		if p.In == "query" && p.Name == name {
			return p
		}
	}
	return nil
}

func unknownParameter(op *huma.Operation, name string) error {
	var known []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			known = append(known, p.Name)
		}
	}
	has := "this address has none"
	if len(known) > 0 {
		has = "this address has " + strings.Join(known, ", ")
	}
	return wrong(strings.ToValidUTF8(name, "\uFFFD"), "There is no such parameter: %s.", has)
}

// How values are written.
var (
	integer = regexp.MustCompile(`^-?[0-9]{1,18}$`)
	number  = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
)

// checkValue reports whether a parameter is written as its type asks: the library
// takes more, such as "T" for true, and nothing at all for the usual value.
func checkValue(p *huma.Param, values []string) error {
	v := values[0]
	switch {
	case len(values) > 1:
		return wrong(p.Name, "Give this parameter only once.")
	case !clean(v):
		return wrong(p.Name, "This is not text in UTF-8, or has a NUL byte in it.")
	case p.Schema.Type == huma.TypeInteger && !(integer.MatchString(v) && inside(v, p.Schema)):
		return wrong(p.Name, "Write a whole number%s.", bounds(p.Schema))
	case p.Schema.Type == huma.TypeNumber && !(number.MatchString(v) && inside(v, p.Schema)):
		return wrong(p.Name, "Write a number%s.", bounds(p.Schema))
	case p.Schema.Type == huma.TypeBoolean && v != "true" && v != "false":
		return wrong(p.Name, "Write true or false.")
	case len(p.Schema.Enum) > 0 && !slices.Contains(p.Schema.Enum, any(v)):
		return wrong(p.Name, "Write one of %s.", choices(p.Schema))
	case v == "" && p.Required:
		return wrong(p.Name, "Nothing is given.")
	}
	return nil
}

// inside reports whether a number lies within its bounds.
func inside(v string, s *huma.Schema) bool {
	x, err := strconv.ParseFloat(v, 64)
	return err == nil && (s.Minimum == nil || x >= *s.Minimum) && (s.Maximum == nil || x <= *s.Maximum)
}

// bounds says where a number may lie.
func bounds(s *huma.Schema) string {
	if s.Minimum == nil || s.Maximum == nil {
		return ""
	}
	return fmt.Sprintf(" from %v to %v", *s.Minimum, *s.Maximum)
}

func choices(s *huma.Schema) string {
	words := make([]string, len(s.Enum))
	for i, e := range s.Enum {
		words[i] = fmt.Sprint(e)
	}
	return strings.Join(words, ", ")
}

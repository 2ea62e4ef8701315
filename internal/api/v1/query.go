package v1

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"broadsheet/internal/paper"
)

// parse reads the parameters of a request and checks them against what the operation
// has; value is what its path names. A query parameter that nobody knows is an error, as
// it is a slip more often than a wish; so is one that stands twice.
func (op *operation) parse(value, raw string) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, &Problem{Status: http.StatusBadRequest, Detail: "What stands after the question mark is damaged: write special characters as %XX."}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p := parameter(&op.Operation, name)
		if p == nil {
			return nil, unknownParameter(&op.Operation, name)
		}
		if err := op.check(p, values[name]); err != nil {
			return nil, err
		}
	}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			err = op.check(p, []string{value})
		case p.Required && !values.Has(p.Name):
			err = wrong(p.Name, "This parameter is needed.")
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}

// patterns are what the values of parameters must look like, by their names.
func patterns(op *huma.Operation) map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{}
	for _, p := range op.Parameters {
		if s := element(p.Schema); s.Pattern != "" {
			all[p.Name] = regexp.MustCompile(s.Pattern)
		}
	}
	return all
}

// element is what each of several values must be, else the value.
func element(s *huma.Schema) *huma.Schema {
	if s.Type == huma.TypeArray {
		return s.Items
	}
	return s
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

// check is an error where a parameter is not written as its description asks.
func (op *operation) check(p *huma.Param, values []string) error {
	v := values[0]
	switch {
	case len(values) > 1:
		return wrong(p.Name, "Give this parameter only once.")
	case !paper.IsText(v):
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
	case p.Schema.Type == huma.TypeArray:
		all := strings.Split(v, ",")
		if most := p.Schema.MaxItems; most != nil && len(all) > *most {
			return wrong(p.Name, "At most %d are taken at once.", *most)
		}
		for _, one := range all {
			if err := op.checkText(p, one); err != nil {
				return err
			}
		}
		return nil
	}
	return op.checkText(p, v)
}

// checkText is an error where a text is too long or does not look as it must.
func (op *operation) checkText(p *huma.Param, v string) error {
	s := element(p.Schema)
	if s.MaxLength != nil && utf8.RuneCountInString(v) > *s.MaxLength {
		return wrong(p.Name, "At most %d characters are taken.", *s.MaxLength)
	}
	if pattern := op.patterns[p.Name]; pattern != nil && !pattern.MatchString(v) {
		return wrong(p.Name, "This is not %s.", cmp.Or(s.PatternDescription, "text without a NUL byte"))
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

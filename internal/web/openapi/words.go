package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"broadsheet/internal/paper"
)

// Words say what a value is.
type Words []Word

// A Word is a piece of Words; with an anchor it is the name of an object on the page.
type Word struct{ Text, Anchor string }

// typeOf says in words what a value is, with links to objects that have a name.
func typeOf(s *schema) Words {
	switch {
	case s == nil:
		return Words{{Text: "anything"}}
	case s.Ref != "":
		name := lastPart(s.Ref)
		return Words{{name, anchor("shape", name)}}
	case len(s.OneOf)+len(s.AnyOf) > 0:
		return eitherOf(slices.Concat(s.OneOf, s.AnyOf))
	case len(s.AllOf) == 1:
		return typeOf(s.AllOf[0])
	case slices.Contains(s.Type, "array"):
		return slices.Concat(Words{{Text: "array of "}}, typeOf(s.Items), orNull(s))
	case s.Additional.schema != nil:
		return slices.Concat(Words{{Text: "object whose members are "}}, typeOf(s.Additional.schema), orNull(s))
	case len(s.Type) == 0:
		return Words{{Text: "anything"}}
	}
	text := strings.Join(s.Type, " or ")
	if s.Format != "" && s.Format != "int64" && s.Format != "int32" && s.Format != "double" {
		text += ", " + s.Format
	}
	return Words{{Text: text}}
}

func eitherOf(all []*schema) Words {
	var words Words
	for i, s := range all {
		if i > 0 {
			words = append(words, Word{Text: " or "})
		}
		words = append(words, typeOf(s)...)
	}
	return words
}

func orNull(s *schema) Words {
	if slices.Contains(s.Type, "null") {
		return Words{{Text: " or null"}}
	}
	return nil
}

// facts are what a value keeps to.
func facts(s *schema) []string {
	if s == nil {
		return nil
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		add("%s to %s", *s.Minimum, *s.Maximum)
	case s.Minimum != nil:
		add("at least %s", *s.Minimum)
	case s.Maximum != nil:
		add("at most %s", *s.Maximum)
	}
	if s.MaxLength != nil {
		add("at most %d characters", *s.MaxLength)
	}
	if s.MaxItems != nil {
		add("at most %d of them", *s.MaxItems)
	}
	if all := oneOf(s); len(all) > 0 {
		add("one of %s", strings.Join(all, ", "))
	}
	if s.Const != nil {
		add("always %s", value(s.Const))
	}
	if s.Default != nil {
		add("%s if left out", value(s.Default))
	}
	if len(s.Examples) > 0 {
		add("like %s", value(s.Examples[0]))
	}
	return out
}

// oneOf is what a value, or each of several, is one of.
func oneOf(s *schema) []string {
	if s.Items != nil && len(s.Enum) == 0 {
		return oneOf(s.Items)
	}
	var out []string
	for _, e := range s.Enum {
		out = append(out, value(e))
	}
	return out
}

// value writes a value as it stands in an address or in JSON.
func value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any: // as a parameter has it
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = value(one)
		}
		return strings.Join(parts, ",")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// anchor is the name of a place on the page.
func anchor(kind, name string) string { return kind + "-" + paper.Slug(name) }

// Prose is a description in paragraphs.
type Prose [][]Span

// A Span is a piece of a paragraph.
type Span struct {
	Text         string
	Code, Strong bool
}

// apart is what a description sets apart: `code` and **strong** words.
var apart = regexp.MustCompile("`([^`]+)`|\\*\\*([^*`]+)\\*\\*")

// prose reads a description. Descriptions may use all of Markdown; ours keep to paragraphs,
// code and strong words.
func prose(text string) Prose {
	var out Prose
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, spans(part))
		}
	}
	return out
}

func spans(text string) []Span {
	var out []Span
	at := 0
	for _, m := range apart.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > at {
			out = append(out, Span{Text: text[at:m[0]]})
		}
		if at = m[1]; m[2] >= 0 {
			out = append(out, Span{Text: text[m[2]:m[3]], Code: true})
		} else {
			out = append(out, Span{Text: text[m[4]:m[5]], Strong: true})
		}
	}
	if at < len(text) {
		out = append(out, Span{Text: text[at:]})
	}
	return out
}

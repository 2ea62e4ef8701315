package openapi

import (
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"broadsheet/internal/paper"
)

// typeOf says in words what a value is, with links to objects that have a name.
func typeOf(s *schema) template.HTML {
	switch {
	case s == nil:
		return "anything"
	case s.Ref != "":
		name := lastPart(s.Ref)
		return `<a href="#` + escape(anchor("shape", name)) + `">` + escape(name) + "</a>"
	case len(s.OneOf)+len(s.AnyOf) > 0:
		return eitherOf(slices.Concat(s.OneOf, s.AnyOf))
	case len(s.AllOf) == 1:
		return typeOf(s.AllOf[0])
	case slices.Contains(s.Type, "array"):
		return "array of " + typeOf(s.Items) + orNull(s)
	case s.Additional.schema != nil:
		return "object whose members are " + typeOf(s.Additional.schema) + orNull(s)
	case len(s.Type) == 0:
		return "anything"
	}
	words := escape(strings.Join(s.Type, " or "))
	if s.Format != "" && s.Format != "int64" && s.Format != "int32" && s.Format != "double" {
		words += ", " + escape(s.Format)
	}
	return words
}

func eitherOf(all []*schema) template.HTML {
	var words []string
	for _, s := range all {
		words = append(words, string(typeOf(s)))
	}
	return template.HTML(strings.Join(words, " or "))
}

func orNull(s *schema) template.HTML {
	if slices.Contains(s.Type, "null") {
		return " or null"
	}
	return ""
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

// escape makes text safe to stand in HTML.
func escape(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

// anchor is the name of a place on the page.
func anchor(kind, name string) string { return kind + "-" + paper.Slug(name) }

// What a description sets apart.
var (
	codeSpan = regexp.MustCompile("`([^`]+)`")
	strong   = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// prose is a description as paragraphs, with its code and what is strong in it.
// Descriptions may use all of Markdown; ours keep to that.
func prose(text string) template.HTML {
	var b strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			part = codeSpan.ReplaceAllString(template.HTMLEscapeString(part), "<code>$1</code>")
			b.WriteString("<p>" + strong.ReplaceAllString(part, "<strong>$1</strong>") + "</p>")
		}
	}
	return template.HTML(b.String())
}

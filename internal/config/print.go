package config

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/url"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// source is the text of Config, so that the comments of its fields are written
// once and shown to operators as they stand.
//
//go:embed config.go
var source string

// comments returns the comment of each field of Config, by the field's name.
var comments = sync.OnceValue(func() map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", source, parser.ParseComments)
	if err != nil {
		panic(fmt.Sprintf("config: own source: %v", err)) // the compiler has read the same text
	}
	texts := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok && f.Doc != nil {
			texts[f.Names[0].Name] = strings.TrimSpace(f.Doc.Text())
		}
		return true
	})
	return texts
})

// brief says in a few words what the setting is.
func (s setting) brief() string {
	text := strings.Join(strings.Fields(comments()[s.field]), " ")
	for _, end := range []string{". ", ": ", " ("} {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.TrimSuffix(strings.ToLower(text[:1])+text[1:], ".")
}

// Print writes the settings as a configuration file with the meaning and default
// of each, and where its value comes from. Passwords are masked.
func (c *Config) Print(w io.Writer) error {
	doc := &yaml.Node{Kind: yaml.MappingNode}
	for _, s := range c.settings() {
		key := &yaml.Node{Kind: yaml.ScalarNode, Value: s.key, HeadComment: s.comment()}
		value := &yaml.Node{Kind: yaml.ScalarNode, Value: s.public(), Tag: s.tag()}
		if origin := c.origins[s.key]; origin != "" {
			value.LineComment = "from " + origin
		} else if s.key == "database" {
			value.LineComment = "that is " + c.DatabaseURL()
		}
		doc.Content = append(doc.Content, key, value)
	}
	text, err := yaml.Marshal(doc)
	if err == nil {
		_, err = w.Write(bytes.TrimLeft(text, "\n"))
	}
	if err != nil {
		return fmt.Errorf("print the configuration: %w", err)
	}
	return nil
}

// comment is what Print puts above a setting.
func (s setting) comment() string {
	text := comments()[s.field]
	if s.fallback != "" {
		text += "\nDefault: " + s.fallback
	}
	return "\n# " + strings.ReplaceAll(text, "\n", "\n# ")
}

// tag is the setting's YAML type: strings that look like something else are quoted.
func (s setting) tag() string {
	switch s.value.Interface().(type) {
	case bool:
		return "!!bool"
	case int:
		return "!!int"
	}
	return "!!str"
}

// public is the setting's text without secrets.
func (s setting) public() string {
	text := s.text()
	switch {
	case text == "":
		return ""
	case s.secret == "all":
		return masked
	case s.secret == "password":
		return maskURL(text)
	}
	return text
}

// masked stands for what is not shown.
const masked = "xxxxx"

// maskURL hides the passwords that a database URL may hold: after the user's name,
// or as a parameter. A path has none.
func maskURL(text string) string {
	if strings.HasPrefix(text, "sqlite:") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return "(not shown)"
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), masked)
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", masked)
		u.RawQuery = q.Encode()
	}
	return u.String()
}

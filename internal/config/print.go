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

// Brief says in a few words what the setting with the given key is, and its
// default, as the help of its flag.
func Brief(key string) string {
	c := Default()
	s, ok := c.lookup(key)
	if !ok {
		return ""
	}
	text := strings.Join(strings.Fields(comments()[s.field]), " ")
	for _, end := range []string{". ", ": ", " ("} {
		text, _, _ = strings.Cut(text, end)
	}
	text = strings.TrimSuffix(strings.ToLower(text[:1])+text[1:], ".")
	if s.text() != "" {
		text += " (default " + s.text() + ")"
	}
	return text
}

// Print writes the settings as a configuration file with the meaning and default
// of each, and where its value comes from. Passwords are masked.
func (c *Config) Print(w io.Writer) error {
	defaults := Default()
	doc := &yaml.Node{Kind: yaml.MappingNode}
	for _, s := range c.settings() {
		key := &yaml.Node{Kind: yaml.ScalarNode, Value: s.key, HeadComment: s.comment(&defaults)}
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
func (s setting) comment(defaults *Config) string {
	text := comments()[s.field]
	if d, _ := defaults.lookup(s.key); d.text() != "" {
		text += "\nDefault: " + d.text()
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
	if s.key == "embedding_key" && text != "" {
		return "xxxxx"
	}
	if s.key != "database" || strings.HasPrefix(text, "sqlite:") {
		return text
	}
	return maskURL(text)
}

// maskURL hides the passwords that a database URL may hold: after the user's name,
// or as a parameter.
func maskURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not shown)"
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), "xxxxx")
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.String()
}

package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	envPrefix   = "BROADSHEET_"
	defaultFile = "broadsheet.yaml"
)

// Input is what [Load] reads.
type Input struct {
	File    string            // a configuration file; "" means BROADSHEET_CONFIG, else broadsheet.yaml in the data folder, if it is there
	Environ []string          // as of os.Environ
	Flags   map[string]string // flags that were given, by the setting's key
}

// Load returns the settings: the defaults, then the file, the environment and the
// flags, each holding over what came before. The error lists everything that is
// wrong, one line each.
func Load(in Input) (*Config, error) {
	env, envErr := fromEnviron(in.Environ)
	file, inData := cmp.Or(in.File, valueOf(in.Environ, envPrefix+"CONFIG")), false
	if file == "" {
		file, inData = defaultPath(env, in.Flags), true
	}
	c := Default()
	errs := []error{envErr, c.readFile(file, inData)}
	for _, l := range []layer{env, flagLayer(in.Flags)} {
		errs = append(errs, c.apply(l))
	}
	if err := errors.Join(append(errs, c.check())...); err != nil {
		return nil, err
	}
	return &c, nil
}

// valueOf is a variable of the environment.
func valueOf(environ []string, name string) string {
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// A layer is settings from one place.
type layer struct {
	values map[string]string              // by key
	origin func(s setting) (place string) // where a setting stands, for errors and Print
}

// defaultPath is where the configuration file is looked for when none is named.
func defaultPath(env layer, flags map[string]string) string {
	dir := Default().Data
	for _, values := range []map[string]string{env.values, flags} {
		if v := values["data"]; v != "" {
			dir = v
		}
	}
	return filepath.Join(dir, defaultFile)
}

func (c *Config) apply(l layer) error {
	var errs []error
	for _, s := range c.settings() {
		text, ok := l.values[s.key]
		if !ok {
			continue
		}
		c.origins[s.key] = l.origin(s)
		if err := s.set(text); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", l.origin(s), err))
		}
	}
	return errors.Join(errs...)
}

// check holds settings against each other.
func (c *Config) check() error {
	if c.MetricsListen != "" && c.MetricsListen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
		return fmt.Errorf("metrics_listen: %s is the site's own address (listen): give the metrics another port", c.Listen)
	}
	return nil
}

func flagLayer(values map[string]string) layer {
	return layer{values, func(s setting) string { return "--" + s.flagName() }}
}

// fromEnviron picks the settings out of the environment. A variable with our
// prefix that names no setting is an error; those of tests are left alone.
func fromEnviron(environ []string) (layer, error) {
	l := layer{map[string]string{}, setting.envName}
	c := Default()
	var errs []error
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		key, ours := strings.CutPrefix(name, envPrefix)
		if !ours || strings.HasPrefix(key, "TEST_") || key == "CONFIG" {
			continue
		}
		s, known := c.lookupEnv(name)
		if !known {
			errs = append(errs, fmt.Errorf("environment: %s is no setting%s", name,
				didYouMean(strings.ToLower(key), func(k string) string { return envPrefix + strings.ToUpper(k) })))
			continue
		}
		l.values[s.key] = value
	}
	return l, errors.Join(errs...)
}

// readFile applies the settings of a YAML file. The default file (inData) may be
// missing, and cannot name the folder it lies in.
func (c *Config) readFile(path string, inData bool) error {
	text, err := os.ReadFile(path)
	if inData && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("configuration file: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if doc.Kind == 0 { // an empty file
		return nil
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" { // comments only
		return nil
	}
	if root.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: settings are lines of the form name: value", path, root.Line)
	}
	return c.applyNodes(path, root.Content, inData)
}

// applyNodes applies the keys and values of a YAML mapping. It takes the text of
// the values, not their YAML types, so that media: off is the word and not a
// boolean, and 21:30 no number.
func (c *Config) applyNodes(path string, nodes []*yaml.Node, inData bool) error {
	var errs []error
	seen := map[string]int{}
	for i := 0; i+1 < len(nodes); i += 2 {
		key, value := nodes[i], nodes[i+1]
		if err := c.applyNode(path, key, value, inData, seen); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, key.Line, err))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) applyNode(path string, key, value *yaml.Node, inData bool, seen map[string]int) error {
	s, known := c.lookup(key.Value)
	if !known && value.Kind == yaml.MappingNode && isGroup(key.Value) {
		return c.applyGroup(path, key.Value, value.Content, inData, seen)
	}
	if !known {
		return fmt.Errorf("%s is no setting%s", key.Value, didYouMean(key.Value, func(k string) string { return k }))
	}
	if line, again := seen[s.key]; again {
		return fmt.Errorf("%s is already set in line %d", s.key, line)
	}
	seen[s.key] = key.Line
	if s.key == "data" && inData {
		return errors.New("data cannot be set here, in the folder itself: use --data or BROADSHEET_DATA")
	}
	if value.Kind != yaml.ScalarNode {
		return fmt.Errorf("%s takes one value, not a list or a table", s.key)
	}
	c.origins[s.key] = path
	if value.Tag == "!!null" {
		return s.set("")
	}
	return s.set(value.Value)
}

// isGroup reports whether settings have name before a dot.
func isGroup(name string) bool {
	return slices.ContainsFunc(keys(), func(key string) bool { return strings.HasPrefix(key, name+".") })
}

// applyGroup applies settings that stand in a table under the first part of their name.
func (c *Config) applyGroup(path, name string, nodes []*yaml.Node, inData bool, seen map[string]int) error {
	var errs []error
	for i := 0; i+1 < len(nodes); i += 2 {
		key := *nodes[i]
		key.Value = name + "." + key.Value
		errs = append(errs, c.applyNode(path, &key, nodes[i+1], inData, seen))
	}
	return errors.Join(errs...)
}

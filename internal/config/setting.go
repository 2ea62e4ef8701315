package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A setting is one field of a Config with what its tags say.
type setting struct {
	key      string // "metrics_listen"
	field    string // "MetricsListen"
	value    reflect.Value
	fallback string // the default, as text
	kind     string // what the help calls the value
	rule     string
	secret   string
	flag     string
}

// settings lists the fields of c in their order; setting one changes c.
func (c *Config) settings() []setting {
	v := reflect.ValueOf(c).Elem()
	var all []setting
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if key := f.Tag.Get("key"); key != "" {
			all = append(all, setting{
				key: key, field: f.Name, value: v.Field(i), fallback: f.Tag.Get("default"), kind: f.Tag.Get("value"),
				rule: f.Tag.Get("rule"), secret: f.Tag.Get("secret"), flag: f.Tag.Get("flag"),
			})
		}
	}
	return all
}

// A Setting describes one setting to who offers it.
type Setting struct {
	Key        string // its name in the file, as in "metrics_listen"
	Flag       string // its name on the command line, without the hyphens before it
	Env        string // its name in the environment
	Value      string // what the help calls its value: DIR, off|link|proxy
	Default    string
	Brief      string // its meaning in a few words
	Switch     bool   // whether its flag alone stands for true
	Everywhere bool   // whether its flag is one of every command
}

// Settings lists all settings in the order of the fields of [Config].
func Settings() []Setting {
	c := Default()
	var all []Setting
	for _, s := range c.settings() {
		all = append(all, Setting{
			Key: s.key, Flag: s.flagName(), Env: s.envName(), Value: s.kind, Default: s.text(), Brief: s.brief(),
			Switch: s.value.Kind() == reflect.Bool, Everywhere: s.flag == "everywhere",
		})
	}
	return all
}

// lookup finds a setting by its key.
func (c *Config) lookup(key string) (setting, bool) {
	for _, s := range c.settings() {
		if s.key == key {
			return s, true
		}
	}
	return setting{}, false
}

// lookupEnv finds a setting by its name in the environment.
func (c *Config) lookupEnv(name string) (setting, bool) {
	for _, s := range c.settings() {
		if s.envName() == name {
			return s, true
		}
	}
	return setting{}, false
}

// envName is the setting's name in the environment.
func (s setting) envName() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// flagName is the setting's name on the command line, without the hyphens before it.
func (s setting) flagName() string { return strings.NewReplacer("_", "-", ".", "-").Replace(s.key) }

// set parses text into the field and holds it against the rule of the setting.
func (s setting) set(text string) error {
	if err := s.parse(text); err != nil {
		return err
	}
	if allowed := ruleOf(s.rule)(text); allowed != "" {
		return fmt.Errorf("%s: %q is not allowed: %s", s.key, s.public(), allowed)
	}
	return nil
}

func (s setting) parse(text string) error {
	var err error
	switch p := s.value.Addr().Interface().(type) {
	case *string:
		*p = text
	case *bool:
		if *p, err = strconv.ParseBool(text); err != nil {
			return fmt.Errorf("%s: %q is neither true nor false", s.key, text)
		}
	case *int:
		if *p, err = strconv.Atoi(text); err != nil {
			return fmt.Errorf("%s: %q is not a whole number", s.key, text)
		}
	case *time.Duration:
		if *p, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("%s: %q is not a time span: write 30s or 2m", s.key, text)
		}
	default:
		panic("config: no way to read a " + s.value.Type().String())
	}
	return nil
}

// text is the setting's value as [setting.set] reads it.
func (s setting) text() string {
	if d, ok := s.value.Interface().(time.Duration); ok {
		return shortDuration(d)
	}
	return fmt.Sprint(s.value.Interface())
}

// shortDuration is d without the zero minutes and seconds of its String.
func shortDuration(d time.Duration) string {
	text := d.String()
	if cut, ok := strings.CutSuffix(text, "m0s"); ok {
		text = cut + "m"
	}
	if cut, ok := strings.CutSuffix(text, "h0m"); ok {
		text = cut + "h"
	}
	return text
}

package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A setting is one field of a Config under its name.
type setting struct {
	key   string // "metrics_listen"
	field string // "MetricsListen"
	value reflect.Value
}

// settings lists the fields of c in their order; setting one changes c.
func (c *Config) settings() []setting {
	v := reflect.ValueOf(c).Elem()
	var all []setting
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if key := f.Tag.Get("yaml"); key != "" {
			all = append(all, setting{key, f.Name, v.Field(i)})
		}
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

// flagName is the setting's name on the command line.
func (s setting) flagName() string { return FlagName(s.key) }

// FlagName is the name of a setting on the command line, without the hyphens before it.
func FlagName(key string) string { return strings.NewReplacer("_", "-", ".", "-").Replace(key) }

// set parses text into the field and holds it against the rule of its key.
func (s setting) set(text string) error {
	if err := s.parse(text); err != nil {
		return err
	}
	rule, ok := rules[s.key]
	if !ok {
		return nil
	}
	if allowed := rule(text); allowed != "" {
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

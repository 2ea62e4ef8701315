package e2e

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// allThere reports a key that v's type wants and the answer did not have. Fields with
// the tag may:"miss" may be missing.
func allThere(v any) error { return there(reflect.ValueOf(v), "") }

func there(v reflect.Value, path string) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return there(v.Elem(), path)
	case reflect.Slice:
		for i := range v.Len() {
			if err := there(v.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := fieldThere(v.Type().Field(i), v.Field(i), path); err != nil {
				return err
			}
		}
	}
	return nil
}

func fieldThere(f reflect.StructField, v reflect.Value, path string) error {
	if f.Anonymous {
		return there(v, path)
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return nil
	}
	if v.Kind() == reflect.Pointer && v.IsNil() && f.Tag.Get("may") == "" {
		return fmt.Errorf("%s.%s is missing", path, name)
	}
	return there(v, path+"."+name)
}

func TestAllThere(t *testing.T) {
	one := "x"
	for _, c := range []struct {
		v    any
		want string
	}{
		{&strictOrganization{ID: &one, Name: &one, Full: &one}, ""},
		{&strictOrganization{ID: &one, Name: &one}, ".fullname is missing"},
		{&[]strictOrganization{{ID: &one, Full: &one}}, "[0].name is missing"},
	} {
		got := ""
		if err := allThere(c.v); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

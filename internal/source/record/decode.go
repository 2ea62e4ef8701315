package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"strings"

	"broadsheet/internal/paper"
)

// Decode reads one JSON value into v. What has the wrong type is a
// *paper.InvalidError that names the field.
func Decode(data []byte, v any) error {
	return DecodeField("", data, v)
}

// DecodeField is Decode for a value that stands in a field.
func DecodeField(field string, data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if err == nil {
		return nil
	}
	if te, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		name := strings.Trim(field+"."+te.Field, ".")
		if name == "" {
			name = "record"
		}
		return paper.Invalid(name, "%s stands where %s is expected", given(te.Value), wanted(te.Type))
	}
	if se, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("not JSON at byte offset %d: %w", se.Offset, err)
	}
	return fmt.Errorf("not usable JSON: %w", err)
}

// given puts encoding/json's word for a value into plain ones.
func given(value string) string {
	if n, ok := strings.CutPrefix(value, "number "); ok {
		return "the number " + paper.Shorten(n)
	}
	switch value {
	case "string":
		return "a text"
	case "bool":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a " + value
}

// wanted says in plain words what a Go type holds.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "something else"
}

// Fingerprint is a hash of a record's bytes, the same on every machine and never
// 0. Two records that differ have different ones, except by a chance that does
// not come up in practice.
func Fingerprint(data []byte) int64 {
	h := fnv.New64a()
	_, _ = h.Write(data) // a hash takes everything
	if sum := int64(h.Sum64()); sum != 0 {
		return sum
	}
	return 1
}

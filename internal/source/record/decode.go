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
		return paper.Invalid(name, "expected %s, got %s", jsonType(te.Type), jsonValue(te.Value))
	}
	if se, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("not JSON at byte offset %d: %w", se.Offset, err)
	}
	return fmt.Errorf("not usable JSON: %w", err)
}

// jsonValue names a value as JSON does, with the number itself where encoding/json tells it.
func jsonValue(value string) string {
	if n, ok := strings.CutPrefix(value, "number "); ok {
		return "number " + paper.Shorten(n)
	}
	if value == "bool" {
		return "boolean"
	}
	return value
}

// jsonType names what a Go type is decoded from.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return jsonType(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	}
	return "another type"
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

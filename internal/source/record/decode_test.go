package record

import (
	"errors"
	"strings"
	"testing"

	"broadsheet/internal/paper"
)

func TestDecode(t *testing.T) {
	type inner struct {
		N int `json:"n"`
	}
	type outer struct {
		Text string   `json:"text"`
		List []string `json:"list"`
		Yes  bool     `json:"yes"`
		In   *inner   `json:"in"`
	}
	for _, tt := range []struct{ json, want string }{
		{`{"text":"a","list":[],"yes":true,"in":{"n":1}}`, ""},
		{`{"text":null}`, ""},
		{`{"text":1}`, "text: expected string, got number"},
		{`{"text":{}}`, "text: expected string, got object"},
		{`{"list":"a"}`, "list: expected array, got string"},
		{`{"yes":"true"}`, "yes: expected boolean, got string"},
		{`{"in":[]}`, "in: expected object, got array"},
		{`{"in":{"n":1.5}}`, "in.n: expected integer, got number 1.5"},
		{`{"in":{"n":true}}`, "in.n: expected integer, got boolean"},
		{`[]`, "record: expected object, got array"},
		{`"x"`, "record: expected object, got string"},
		{`{"text":`, "not JSON at byte offset 8: unexpected end of JSON input"},
		{`{"text":"a"} x`, "not JSON at byte offset 14: invalid character 'x' after top-level value"},
		{``, "not JSON at byte offset 0: unexpected end of JSON input"},
	} {
		var v outer
		err := Decode([]byte(tt.json), &v)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.json, got, tt.want)
		}
		var invalid *paper.InvalidError
		if strings.Contains(tt.want, ": expected ") && !errors.As(err, &invalid) {
			t.Errorf("%s: no *paper.InvalidError", tt.json)
		}
	}
}

func TestFingerprint(t *testing.T) {
	if a, b := Fingerprint([]byte("a")), Fingerprint([]byte("b")); a == b || a == 0 || a != Fingerprint([]byte("a")) {
		t.Errorf("%d, %d", a, b)
	}
}

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
		{`{"text":1}`, "text: a number stands where a text is expected"},
		{`{"text":{}}`, "text: an object stands where a text is expected"},
		{`{"list":"a"}`, "list: a text stands where a list is expected"},
		{`{"yes":"true"}`, "yes: a text stands where true or false is expected"},
		{`{"in":[]}`, "in: a list stands where an object is expected"},
		{`{"in":{"n":1.5}}`, "in.n: the number 1.5 stands where a whole number is expected"},
		{`{"in":{"n":true}}`, "in.n: true or false stands where a whole number is expected"},
		{`[]`, "record: a list stands where an object is expected"},
		{`"x"`, "record: a text stands where an object is expected"},
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
		if strings.Contains(tt.want, "stands where") && !errors.As(err, &invalid) {
			t.Errorf("%s: no *paper.InvalidError", tt.json)
		}
	}
}

func TestFingerprint(t *testing.T) {
	if a, b := Fingerprint([]byte("a")), Fingerprint([]byte("b")); a == b || a == 0 || a != Fingerprint([]byte("a")) {
		t.Errorf("%d, %d", a, b)
	}
}

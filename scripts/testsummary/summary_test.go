package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestSummary(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		ok       bool
		want     []string
	}{
		{"passed", `
{"Action":"run","Package":"broadsheet/a","Test":"TestX"}
{"Action":"run","Package":"broadsheet/a","Test":"TestX/one"}
{"Action":"pass","Package":"broadsheet/a","Test":"TestX/one"}
{"Action":"pass","Package":"broadsheet/a","Test":"TestX"}
{"Action":"pass","Package":"broadsheet/a","Elapsed":1.5}`, true, []string{"ok    a ", "\n1 passed, 0 failed, 0 skipped\n"}},
		{"failed in a subtest", `
{"Action":"run","Package":"broadsheet/a","Test":"TestX"}
{"Action":"run","Package":"broadsheet/a","Test":"TestX/one"}
{"Action":"output","Package":"broadsheet/a","Test":"TestX/one","Output":"    x_test.go:3: got 1, want 2\n"}
{"Action":"output","Package":"broadsheet/a","Test":"TestX/one","Output":"    --- FAIL: TestX/one (0.00s)\n"}
{"Action":"fail","Package":"broadsheet/a","Test":"TestX/one"}
{"Action":"output","Package":"broadsheet/a","Test":"TestX","Output":"--- FAIL: TestX (0.00s)\n"}
{"Action":"fail","Package":"broadsheet/a","Test":"TestX"}
{"Action":"output","Package":"broadsheet/a","Output":"FAIL\tbroadsheet/a\t0.1s\n"}
{"Action":"fail","Package":"broadsheet/a"}`, false, []string{"--- FAIL broadsheet/a TestX/one\n", "got 1, want 2", "0 passed, 1 failed, 0 skipped"}},
		{"skipped", `
{"Action":"run","Package":"broadsheet/a","Test":"TestX"}
{"Action":"output","Package":"broadsheet/a","Test":"TestX","Output":"    x_test.go:3: no Chromium here: install it\n"}
{"Action":"skip","Package":"broadsheet/a","Test":"TestX"}
{"Action":"run","Package":"broadsheet/a","Test":"TestY"}
{"Action":"pass","Package":"broadsheet/a","Test":"TestY"}
{"Action":"pass","Package":"broadsheet/a"}`, true, []string{"1 x no Chromium here: install it (a.TestX)", "1 passed, 0 failed, 1 skipped"}},
		{"does not build", `
{"Action":"build-output","ImportPath":"broadsheet/a","Output":"a.go:1: undefined: x\n"}
{"Action":"build-fail","ImportPath":"broadsheet/a"}
{"Action":"output","Package":"broadsheet/a","Output":"FAIL\tbroadsheet/a [build failed]\n"}
{"Action":"fail","Package":"broadsheet/a","FailedBuild":"broadsheet/a"}`, false, []string{"undefined: x", "0 passed, 1 failed"}},
		{"crashes", `
{"Action":"run","Package":"broadsheet/a","Test":"TestX"}
{"Action":"output","Package":"broadsheet/a","Test":"TestX","Output":"panic: broken\n"}
{"Action":"fail","Package":"broadsheet/a"}`, false, []string{"TestX did not end", "panic: broken", "1 failed"}},
		{"not JSON", "go: no such module", false, []string{"go: no such module", "0 passed, 0 failed"}},
		{"no test", "", false, []string{"0 passed, 0 failed, 0 skipped"}},
	} {
		var out bytes.Buffer
		s := newSummary(&out)
		for line := range strings.Lines(strings.TrimSpace(tt.in)) {
			s.line([]byte(strings.TrimSpace(line)))
		}
		if ok := s.close(); ok != tt.ok {
			t.Errorf("%s: ok is %v", tt.name, ok)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", tt.name, want, out.String())
			}
		}
	}
}

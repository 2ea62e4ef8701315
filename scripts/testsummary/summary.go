package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// An event is one line of `go test -json`; `go doc test2json` says what the fields
// mean.
type event struct {
	Action, Package, ImportPath, Test, Output string
	FailedBuild                               string
	Elapsed                                   float64
}

// A summary counts events.
type summary struct {
	out                     io.Writer
	passed, failed, skipped int
	output                  map[string][]string // of tests and packages that have not ended
	builds                  map[string][]string // what the compiler said, by import path
	parents                 map[string]bool     // tests that have subtests: they are not counted
	failures                []string
	skips                   map[string][]string // names of tests by reason
}

func newSummary(out io.Writer) *summary {
	return &summary{
		out: out, output: map[string][]string{}, builds: map[string][]string{},
		parents: map[string]bool{}, skips: map[string][]string{},
	}
}

// line takes one line in. What is no event is shown as it is.
func (s *summary) line(text []byte) {
	var e event
	if err := json.Unmarshal(text, &e); err != nil {
		fmt.Fprintf(s.out, "%s\n", text)
		return
	}
	key := e.Package + "\x00" + e.Test
	switch e.Action {
	case "run":
		if i := strings.LastIndexByte(e.Test, '/'); i > 0 {
			s.parents[e.Package+"\x00"+e.Test[:i]] = true
		}
	case "output":
		s.output[key] = append(s.output[key], e.Output)
	case "build-output":
		s.builds[e.ImportPath] = append(s.builds[e.ImportPath], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e, s.output[key])
		} else {
			s.endTest(e, s.output[key], s.parents[key])
		}
		delete(s.output, key)
	}
}

// endTest counts a test. One that has subtests counts only where it fails by itself
// and not by them, which its output shows.
func (s *summary) endTest(e event, output []string, parent bool) {
	switch {
	case e.Action == "fail":
		if own := meaningful(output); !parent || own != "" {
			s.failed++
			s.failures = append(s.failures, fmt.Sprintf("%s %s\n%s", e.Package, e.Test, own))
		}
	case e.Action == "skip":
		s.skipped++
		why := reason(output)
		s.skips[why] = append(s.skips[why], short(e.Package)+"."+e.Test)
	case !parent:
		s.passed++
	}
}

// endPackage shows how a package ended. One that fails without a failing test has
// not been built, or ended in the middle.
func (s *summary) endPackage(e event, output []string) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(s.out, "ok    %-32s %6.1f s\n", short(e.Package), e.Elapsed)
	case "fail":
		fmt.Fprintf(s.out, "FAIL  %-32s %6.1f s\n", short(e.Package), e.Elapsed)
		text := strings.Join(s.builds[e.FailedBuild], "") + s.unfinished(e.Package) + meaningful(output)
		if text != "" {
			s.failed++
			s.failures = append(s.failures, e.Package+"\n"+text)
		}
	}
}

// unfinished is what the tests of a package wrote that never ended: they were
// running when it crashed or its time was up.
func (s *summary) unfinished(pkg string) string {
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(s.output)) {
		if name, ok := strings.CutPrefix(key, pkg+"\x00"); ok && name != "" {
			fmt.Fprintf(&text, "%s did not end\n%s", name, meaningful(s.output[key]))
			delete(s.output, key)
		}
	}
	return text.String()
}

// close shows failures, skips and counts, and reports whether all is well.
func (s *summary) close() bool {
	for _, f := range s.failures {
		fmt.Fprintf(s.out, "\n--- FAIL %s", strings.TrimRight(f, "\n")+"\n")
	}
	if s.skipped > 0 {
		fmt.Fprintln(s.out, "\nskipped:")
	}
	for _, why := range slices.Sorted(maps.Keys(s.skips)) {
		names := s.skips[why]
		fmt.Fprintf(s.out, "  %d x %s (%s)\n", len(names), why, list(names))
	}
	fmt.Fprintf(s.out, "\n%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
	return s.failed == 0 && s.passed > 0
}

// list names the first few.
func list(names []string) string {
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// short is a package's path without the module's name.
func short(pkg string) string { return strings.TrimPrefix(pkg, "broadsheet/") }

// reason is what a test said before it skipped.
func reason(output []string) string {
	for _, text := range slices.Backward(strings.Split(meaningful(output), "\n")) {
		if _, why, ok := strings.Cut(text, ".go:"); ok {
			if _, why, ok = strings.Cut(why, ": "); ok {
				return strings.TrimSpace(why)
			}
		}
	}
	return "no reason given"
}

// meaningful is output without the lines that the go command frames it in.
func meaningful(output []string) string {
	var text strings.Builder
	for _, line := range strings.SplitAfter(strings.Join(output, ""), "\n") {
		trimmed := strings.TrimSpace(line)
		if framing(trimmed) {
			continue
		}
		text.WriteString(line)
	}
	return text.String()
}

func framing(line string) bool {
	for _, start := range []string{"=== ", "--- PASS", "--- FAIL", "--- SKIP", "ok  \t", "FAIL\t"} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return line == "" || line == "FAIL" || line == "PASS" || strings.HasPrefix(line, "exit status")
}

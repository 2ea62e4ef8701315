// Package e2e drives the real program: it is built, filled by its own import
// command, started on a free port of the loopback, and read like a reader does, in
// Chromium.
//
// Start with [TestBrowse]. program_test.go builds and runs the program,
// browser_test.go opens tabs, and the other files are the scenarios. Every tab
// fails its test when the page logs an error, breaks its own content policy, or
// asks any other host for anything.
//
// testdata holds six editions to read: items.jsonl has the shape of the Daily
// Papers API, votes.jsonl is counts over time. Titles, names and dates in it are
// those of real papers; every sentence is written for these tests, and accounts,
// links, votes and stars are made up.
//
// Tests that need a browser skip when none is found, and those that need axe-core
// when it is not installed in node_modules. What the program answers without a
// browser is tested without one.
package e2e

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	closeBrowser()
	if err := stopProgram(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

// Package e2e drives the real program: it is built, filled by its own import
// command, started on a free port of the loopback, and read like a reader does, in
// Chromium.
//
// The programs that people ask such a site with run against it too: client libraries,
// strict clients of our own in clients/, the protocol inspector, the API's tester.
//
// Start with [TestBrowse]. program_test.go builds and runs the program,
// browser_test.go opens tabs, and the other files are the scenarios. Every tab
// fails its test when the page logs an error, breaks its own content policy, or
// asks any other host for anything.
//
// testdata holds six editions to read: items.jsonl has the shape of the Daily
// Papers API, votes.jsonl is counts over time. Titles, names and dates in it are
// those of real papers; every sentence is written for these tests, and accounts,
// links, votes and stars are made up. clients.jsonl has what clients stumble over.
//
// Tests that need a browser skip when none is found, and those that need axe-core
// or a client program when that is not installed; scripts/setup-tests does it. What
// the program answers without a browser is tested without one.
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

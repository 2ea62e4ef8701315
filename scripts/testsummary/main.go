// Command testsummary reads the output of `go test -json` from standard input and
// writes what people want to know of it: a line for each package as it ends, then
// every failure in full, every skipped test with its reason, and the counts. It ends
// with status 1 when something failed or no test ran.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	s := newSummary(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		s.line(in.Bytes())
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "testsummary:", err)
		os.Exit(1)
	}
	if !s.close() {
		os.Exit(1)
	}
}

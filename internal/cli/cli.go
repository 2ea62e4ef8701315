// Package cli is Broadsheet's command line: its commands, their help, their
// settings and their exit statuses.
//
// Start with [Main], which cmd/broadsheet calls. Each command has a file of its own
// with its help and examples; root.go puts them together, and settings.go makes the
// flags of the settings in package config.
//
// The exit status is 0 when all went well, 1 when something went wrong or input was
// bad, 2 when the command line was wrong or a file is missing or cannot be read at
// all, 3 when papers may be missing from an answer as the search index does not hold them
// yet, and 130 when the user interrupted.
//
// Commands only read the command line and print: app, bench and ingest do the work.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit statuses.
const (
	statusFailed      = 1
	statusUsage       = 2
	statusIncomplete  = 3
	statusInterrupted = 130
)

// Main runs the command line of this process and returns the exit status. The first
// interrupt (Ctrl-C) or SIGTERM ends the work in good order, the second at once.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	env := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
	return run(ctx, env, os.Args[1:])
}

// streams is what a command may touch of the process.
type streams struct {
	in       io.Reader
	out, err io.Writer
	environ  []string
}

// run runs one command line and returns the exit status.
func run(ctx context.Context, s streams, args []string) int {
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintf(s.err, "broadsheet: %v\n", err)
	if exit, ok := errors.AsType[*exitError](err); ok {
		return exit.status
	}
	return statusFailed
}

// An exitError is an error with the exit status that it leads to.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string { return e.err.Error() }

// Unwrap returns what went wrong.
func (e *exitError) Unwrap() error { return e.err }

// usageError is an error of the command line itself.
func usageError(format string, args ...any) error {
	return &exitError{statusUsage, fmt.Errorf(format, args...)}
}

package config

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

// update writes the table in README.md anew: go test ./internal/config -update.
var update = flag.Bool("update", false, "write the table of settings in README.md anew")

// TestReadmeListsTheSettings holds the table in README.md to the fields of Config.
func TestReadmeListsTheSettings(t *testing.T) {
	const name, head = "../../README.md", "| setting | value | default | meaning |\n|---|---|---|---|\n"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), head)
	if !ok {
		t.Fatalf("README.md has no table that begins with %q", head)
	}
	end := strings.Index("\n"+rest, "\n\n")
	var want strings.Builder
	for _, s := range Settings() {
		code := func(v string) string {
			if v == "" {
				return ""
			}
			return "`" + v + "`"
		}
		fmt.Fprintf(&want, "| `%s` | %s | %s | %s |\n", s.Key, strings.ReplaceAll(s.Value, "|", ", "), code(s.Default), s.Brief)
	}
	if rest[:end] == want.String() {
		return
	}
	if !*update {
		t.Fatalf("the table in README.md does not say what the settings are; write it anew with -update\n%s", want.String())
	}
	if err := os.WriteFile(name, []byte(before+head+want.String()+rest[end:]), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Package layering holds the rules of which package may import which. It is a test
// and nothing else: the rules are the table below, and doc/design.md says why.
package layering

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "broadsheet"

// ranks lists the packages from the bottom up. A package may import those of lower
// ranks, and none of its own rank or above. A name stands for its subpackages too:
// within one name they may import each other.
var ranks = [][]string{
	{"internal/tex", "internal/spelling"},
	{"internal/paper"},
	{"internal/cite", "internal/links", "internal/papertest"},
	{"internal/source", "internal/search/analysis", "internal/config", "internal/layering"},
	{"internal/store", "internal/search", "internal/embedding", "internal/rank",
		"internal/mail", "internal/notify"},
	{"internal/edition", "internal/job"},
	{"internal/urls"},
	{"internal/catalog", "internal/media", "internal/community", "internal/account", "internal/ingest", "internal/indexer"},
	{"internal/digest", "internal/httpserver", "internal/catalogtest"},
	{"internal/web", "internal/api", "internal/feed", "internal/mcpserver"},
	{"internal/app"},
	{"internal/bench"},
	{"internal/cli"},
	{"cmd/broadsheet", "internal/e2e", "e2e"},
}

// only names packages that few may import: everybody else is handed what they need.
var only = map[string][]string{
	"internal/config":            {"internal/app", "internal/cli"},
	"modernc.org/sqlite":         {"internal/store"},
	"github.com/jackc/pgx":       {"internal/store"},
	"database/sql":               {"internal/store"},
	"github.com/spf13/cobra":     {"internal/cli"},
	"github.com/prometheus":      {"internal/httpserver"},
	"github.com/go-chi":          {"internal/httpserver"},
	"github.com/realclientip":    {"internal/httpserver"},
	"code.dny.dev/ssrf":          {"internal/media"},
	"github.com/chromedp":        {"internal/e2e", "e2e", "internal/web"},
	"internal/search/index":      {"internal/indexer"},
	"internal/search/opensearch": {"internal/indexer"},
	"internal/embedding/bert":    {"internal/app"},
}

// pure names packages that do no input or output.
var pure = []string{"internal/paper", "internal/tex", "internal/links", "internal/cite", "internal/rank", "internal/urls"}

func TestImports(t *testing.T) {
	for pkg, imports := range imported(t, "../..") {
		if rankOf(pkg) < 0 {
			t.Errorf("%s has no place: give it a rank in internal/layering/layering_test.go, and a line in cmd/broadsheet/doc.go", pkg)
			continue
		}
		for path := range imports {
			if msg := forbidden(pkg, path); msg != "" {
				t.Errorf("%s imports %s: %s", pkg, path, msg)
			}
		}
	}
}

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		pkg, path string
		ok        bool
	}{
		{"internal/catalog", "internal/store", true},
		{"internal/store", "internal/catalog", false},
		{"internal/source/arxiv", "internal/store", false},
		{"internal/source/arxiv", "internal/source/record", true},
		{"internal/tex", "internal/paper", false},
		{"internal/cite", "internal/tex", true},
		{"internal/paper", "net/http", false},
		{"internal/paper", "net/url", true},
		{"internal/web", "internal/config", false},
		{"internal/app", "internal/config", true},
		{"internal/catalog", "database/sql", false},
		{"internal/store", "modernc.org/sqlite", true},
		{"internal/web", "modernc.org/sqlite", false},
		{"internal/web", "internal/unheard", false},
	} {
		if msg := forbidden(tt.pkg, tt.path); (msg == "") != tt.ok {
			t.Errorf("%s imports %s: got %q, want ok=%v", tt.pkg, tt.path, msg, tt.ok)
		}
	}
}

// forbidden says why pkg must not import path, and "" when it may.
func forbidden(pkg, path string) string {
	for name, users := range only {
		if within(path, name) && !within(pkg, name) && !slices.ContainsFunc(users, func(u string) bool { return within(pkg, u) }) {
			return "only " + strings.Join(users, " and ") + " may; take what you need as an argument"
		}
	}
	if slices.ContainsFunc(pure, func(p string) bool { return within(pkg, p) }) {
		if path == "os" || path == "net" || path == "net/http" || path == "io/fs" {
			return "this package does no input or output; take values as arguments"
		}
	}
	if !strings.HasPrefix(path, "internal/") && !strings.HasPrefix(path, "cmd/") || family(pkg) == family(path) {
		return ""
	}
	if from, to := rankOf(pkg), rankOf(path); to < 0 || from <= to {
		return "imports run downwards only; let the upper package ask, or declare a small interface here"
	}
	return ""
}

// family is the name in ranks that pkg stands under, or "".
func family(pkg string) string {
	for _, names := range ranks {
		for _, name := range names {
			if within(pkg, name) {
				return name
			}
		}
	}
	return ""
}

// rankOf is the index in ranks, or -1.
func rankOf(pkg string) int {
	name := family(pkg)
	return slices.IndexFunc(ranks, func(names []string) bool { return name != "" && slices.Contains(names, name) })
}

// within reports whether path is name or below it.
func within(path, name string) bool { return path == name || strings.HasPrefix(path, name+"/") }

// imported maps each package below root to the paths that it imports outside of
// its tests, both without the module's name.
func imported(t *testing.T, root string) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for _, top := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
				return err
			}
			dir, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			return addImports(all, filepath.ToSlash(dir), path)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// addImports adds the imports of one file to its package's. Tests may use any
// package, so that they can put the real ones together; they only name their own.
func addImports(all map[string]map[string]bool, pkg, path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	if all[pkg] == nil {
		all[pkg] = map[string]bool{}
	}
	if strings.HasSuffix(path, "_test.go") {
		return nil
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		all[pkg][strings.TrimPrefix(name, module+"/")] = true
	}
	return nil
}

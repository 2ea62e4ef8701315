package index

import (
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

func open(t *testing.T, dir string) search.Engine {
	t.Helper()
	e, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestContract(t *testing.T) { searchtest.TestExact(t, open) }

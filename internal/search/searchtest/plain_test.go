package searchtest

import (
	"testing"

	"broadsheet/internal/search"
)

func TestPlain(t *testing.T) {
	disks := map[string]search.Engine{} // a plain engine has none
	TestExact(t, func(_ *testing.T, dir string) search.Engine {
		if disks[dir] == nil {
			disks[dir] = NewPlain()
		}
		return disks[dir]
	})
}

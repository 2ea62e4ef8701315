package config

import (
	"fmt"

	"broadsheet/internal/spelling"
)

// didYouMean is the end of an error about a key that does not exist: the nearest
// one that does, written as show writes it, or where all are listed.
func didYouMean(key string, show func(string) string) string {
	const letters = 3 // that may differ
	best := spelling.Nearest(key, keys(), letters)
	if best == "" {
		return ": `broadsheet config` lists them all"
	}
	return fmt.Sprintf(": did you mean %s?", show(best))
}

// keys lists the names of all settings.
func keys() []string {
	var all []string
	for _, s := range new(Config).settings() {
		all = append(all, s.key)
	}
	return all
}

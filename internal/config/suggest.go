package config

import "fmt"

// didYouMean is the end of an error about a key that does not exist: the nearest
// one that does, written as show writes it, or where all are listed.
func didYouMean(key string, show func(string) string) string {
	best, least := "", 4
	for _, name := range Names() {
		if d := distance(key, name); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ": `broadsheet config` lists them all"
	}
	return fmt.Sprintf(": did you mean %s?", show(best))
}

// distance is how many letters must be put in, taken out or changed to make b of a
// (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Package spelling finds the name that somebody meant among those that there are: a
// setting, a field of the query language. See [Nearest].
package spelling

// Nearest returns the name that differs from s in fewer letters than all others, at
// most in limit of them; "" when there is none.
func Nearest(s string, names []string, limit int) string {
	best, found := limit+1, ""
	for _, name := range names {
		if len(name)-len(s) > limit || len(s)-len(name) > limit {
			continue
		}
		if d := distance(s, name); d < best {
			best, found = d, name
		}
	}
	return found
}

// distance is how many letters must be put in, taken out or changed to make b of a
// (Levenshtein, 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}

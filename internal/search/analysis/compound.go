package analysis

import (
	_ "embed" // the table
	"strings"
)

// compounds are pairs of words that are also written as one, so that data set is
// dataset, too: those that 20 or more of 677,454 titles and abstracts of arXiv write
// closed and some open and with a hyphen, read and mended by hand. A line of the table
// is a first part and its second ones. What has a hyphen is joined without a table.
var compounds = func() (c struct {
	first map[string]bool
	cuts  map[string]int // the term of a compound, and how long its first part is
}) {
	c.first, c.cuts = map[string]bool{}, map[string]int{}
	for line := range strings.Lines(compoundTable) {
		parts := strings.Fields(line)
		c.first[parts[0]] = true
		for _, second := range parts[1:] {
			c.cuts[stemOf(american(parts[0]+second))] = len(parts[0])
		}
	}
	return c
}()

//go:embed tables/compounds.txt
var compoundTable string

// boundPrefixes are no words: what follows them belongs to them, however it is typed.
var boundPrefixes = setOf(`non multi pseudo semi quasi super ultra meta micro nano macro
	meso inter intra anti hyper poly pre post bi tri sub auto photo electro magneto hydro
	thermo eigen spatio mini bio geo neuro infra`)

const (
	maxNumber = 4  // bytes of a version: 3, 2.5, 100
	maxNamed  = 12 // letters of what has one: Llama 3
)

// numbered reports whether a word and the number behind it are a name and its version,
// which are written together as well: SAM 2 and SAM2.
func numbered(name, number []byte) bool {
	if len(number) > maxNumber || number[0] < '0' || number[0] > '9' || isYear(number) || len(name) > maxNamed {
		return false
	}
	for _, c := range name {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(name) > 0
}

func isYear(number []byte) bool {
	return len(number) == 4 && (number[0] == '1' || number[0] == '2') && number[1] != '.' && number[2] != '.'
}

package search

import (
	"slices"
	"strings"

	"broadsheet/internal/paper"
)

// RepairIDs gives the arXiv identifiers that one with lost zeros can be: a number
// loses them at its left and right ends where it was kept as a number. So 1001.002
// is 1001.0020, and 2406.105 is 2406.10500, or 2406.00105 where somebody left out the
// zeros in the middle. None is given for a text that is an identifier, or is none
// whatever zeros are added. The likelier ones come first; they may not exist.
func RepairIDs(s string) []paper.ID {
	s = strings.TrimSpace(s)
	if _, err := paper.ParseID(s); err == nil || len(s) > 40 {
		return nil
	}
	s = strings.TrimPrefix(strings.ToLower(s), "arxiv:")
	month, number, found := strings.Cut(strings.TrimSpace(s), ".")
	if !found || number == "" || strings.Trim(month+number, "0123456789") != "" {
		return nil
	}
	var out []paper.ID
	for _, m := range []string{month, "0" + month} {
		for _, width := range []int{5, 4} {
			missing := width - len(number)
			for left := range missing + 1 { // zeros at the right end are lost more often
				candidate := m + "." + strings.Repeat("0", left) + number + strings.Repeat("0", missing-left)
				if id, err := paper.ParseID(candidate); err == nil && (left == 0 || left == missing) && !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
		}
	}
	return out
}

package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// A cursor is the place of the last paper of a page, its parts separated by "~";
// the identifier, which may hold anything, comes last.
const cursorSep = "~"

var errCursor = paper.Invalid("after", "this is not the address of a next page: go back to the list and follow its link")

// cursorParts splits a cursor into n numbers and an identifier.
func cursorParts(cursor string, n int) ([]int64, paper.ID, error) {
	parts := strings.SplitN(cursor, cursorSep, n+1)
	if len(parts) != n+1 || parts[n] == "" || len(cursor) > 400 {
		return nil, "", errCursor
	}
	numbers := make([]int64, n)
	for i := range numbers {
		v, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil {
			return nil, "", errCursor
		}
		numbers[i] = v
	}
	id, err := paper.ParseID(parts[n])
	if err != nil || string(id) != parts[n] {
		return nil, "", errCursor
	}
	return numbers, id, nil
}

func parseKeyset(cursor string) (store.Keyset, error) {
	if cursor == "" {
		return store.Keyset{}, nil
	}
	n, id, err := cursorParts(cursor, 1)
	if err != nil {
		return store.Keyset{}, err
	}
	return store.Keyset{Published: n[0], ID: id}, nil
}

func formatKeyset(k store.Keyset) string {
	return fmt.Sprintf("%d%s%s", k.Published, cursorSep, k.ID)
}

// parseRankKey also returns the rank of the paper that the cursor names.
func parseRankKey(cursor string) (*store.RankKey, int, error) {
	if cursor == "" {
		return nil, 0, nil
	}
	n, id, err := cursorParts(cursor, 3)
	if err != nil {
		return nil, 0, err
	}
	const most, lateVotes = 1 << 40, -1
	if n[0] < 0 || n[0] > most || n[1] < lateVotes || n[2] < 0 || n[2] > most {
		return nil, 0, errCursor
	}
	return &store.RankKey{Votes: int(n[1]), Position: n[2], ID: id}, int(n[0]), nil
}

func formatRankKey(k store.RankKey, rank int) string {
	return strings.Join([]string{strconv.Itoa(rank), strconv.Itoa(k.Votes),
		strconv.FormatInt(k.Position, 10), string(k.ID)}, cursorSep)
}

// parseOffset reads the cursor of a ranking that is computed anew for each page.
func parseOffset(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 0 {
		return 0, errCursor
	}
	return n, nil
}

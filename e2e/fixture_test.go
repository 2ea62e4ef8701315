package e2e

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"testing"
)

// An item is a line of testdata/items.jsonl, as far as the tests ask about it.
type item struct {
	Paper struct {
		ID      string
		Title   string
		Upvotes int
		Summary string
		Authors []struct{ Name string }
	}
	Day string `json:"_list_date"`
}

// Papers of the fixture that scenarios are about.
const (
	plainPaper = "2605.26730"     // eleven authors, an organization, nothing odd
	mathPaper  = "2406.14347"     // TeX in title and abstract, code with stars
	oldPaper   = "hep-th/9711200" // an identifier with a slash
	crowdPaper = "2605.26494"     // 206 authors
	twicePaper = "2605.26032"     // stands in two editions
)

// days are the fixture's editions, oldest first. The 23rd, 24th and 26th of May
// have no papers.
var days = []string{"2026-05-21", "2026-05-22", "2026-05-25", "2026-05-27", "2026-05-28", "2026-05-29"}

var readItems = sync.OnceValues(func() ([]item, error) {
	f, err := os.Open("testdata/items.jsonl")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var items []item
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var it item
		if err := json.Unmarshal(sc.Bytes(), &it); err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, sc.Err()
})

func items(t *testing.T) []item {
	t.Helper()
	list, err := readItems()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// paperOf is the last that the fixture says about a paper.
func paperOf(t *testing.T, id string) item {
	t.Helper()
	list := items(t)
	for _, it := range slices.Backward(list) {
		if it.Paper.ID == id {
			return it
		}
	}
	t.Fatalf("testdata/items.jsonl has no paper %s", id)
	return item{}
}

// edition is the addresses of a day's papers in the order of its page: by the
// newest vote counts, then as the source had them.
func edition(t *testing.T, day string) []string {
	t.Helper()
	var list []item
	for _, it := range items(t) {
		if it.Day == day {
			list = append(list, paperOf(t, it.Paper.ID))
		}
	}
	slices.SortStableFunc(list, func(a, b item) int { return cmp.Compare(b.Paper.Upvotes, a.Paper.Upvotes) })
	paths := make([]string, len(list))
	for i, it := range list {
		paths[i] = "/papers/" + it.Paper.ID
	}
	return paths
}

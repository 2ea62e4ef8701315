package search

import (
	"testing"
	"time"
)

func TestKey(t *testing.T) {
	now := time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)
	key := func(s string) string { q, _ := Parse(s, now); return q.Key() }
	for _, same := range [][]string{
		{"sparse attention", "  Sparse   ATTENTION "},
		{`author:"Ada Lovelace" year:2024 cat:cs.CL engines`, `engines cat:cs.cl YEAR:2024 author:"ada lovelace"`},
		{"a cat:cs.CL cat:stat", "a cat:stat cat:cs.CL"},
		{`title:"x y" abs:z -survey -review`, `-review abs:z -survey title:"x y"`},
	} {
		for _, s := range same[1:] {
			if key(s) != key(same[0]) {
				t.Errorf("%q is %q, and %q is %q", same[0], key(same[0]), s, key(s))
			}
		}
	}
	seen := map[string]string{}
	for _, s := range []string{
		"sparse attention", "attention sparse", `"sparse attention"`, "sparse", "sparse -attention", "sparse +attention", "AutoCoder", "autocoder",
		"sparse year:2024", "sparse year:2025", "sparse after:2024", "sparse cat:cs.CL", "sparse -cat:cs.CL", "sparse has:code", "sparse -has:code",
		"sparse sort:new", "sparse votes:>3", "title:sparse", "abs:sparse", "author:sparse", "org:sparse", "sparse id:2401.01234", "similar:2401.01234",
		"cat:cs.CL cat:stat sparse", "cat:cs.CL OR cat:stat sparse", "",
	} {
		if other, ok := seen[key(s)]; ok {
			t.Errorf("%q and %q have one key, %q", s, other, key(s))
		}
		seen[key(s)] = s
	}
}

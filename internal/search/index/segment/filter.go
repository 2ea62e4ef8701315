package segment

import (
	"fmt"
	"slices"
	"sync"

	"broadsheet/internal/search"
)

// filterCache keeps the sets of the filters that were asked for last.
type filterCache struct {
	mu   sync.Mutex
	sets map[string]Bitset
	keys []string // oldest first
}

const cachedFilters = 16

func (c *filterCache) get(key string) Bitset {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sets[key]
}

func (c *filterCache) put(key string, b Bitset) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sets == nil {
		c.sets = map[string]Bitset{}
	}
	if len(c.keys) >= cachedFilters {
		delete(c.sets, c.keys[0])
		c.keys = c.keys[1:]
	}
	if c.sets[key] == nil {
		c.keys = append(c.keys, key)
	}
	c.sets[key] = b
}

// filterKey tells filters apart; "" for those that let everything pass.
func filterKey(f search.Filters) string {
	numbers := [...]int64{f.From, f.Before, int64(f.MinVotes), int64(f.MaxVotes), int64(f.Has), int64(f.HasNot), 0}
	if f.Daily != nil {
		numbers[6] = 1
		if *f.Daily {
			numbers[6] = 2
		}
	}
	if len(f.Categories)+len(f.NotCategories)+len(f.Organizations) == 0 && numbers == [7]int64{} {
		return ""
	}
	return fmt.Sprintf("%q %q %q %d", f.Categories, f.NotCategories, f.Organizations, numbers)
}

// Filtered is the documents that pass the filters; nil: all. The set is shared. What
// does not depend on counts is kept with the segment, the rest with the counts.
func (s *Snapshot) Filtered(f search.Filters) Bitset {
	key := filterKey(f)
	if key == "" {
		return nil
	}
	cache := &s.filters
	if s.counts != nil && byCounts(f) {
		cache = &s.counts.filters
	}
	if b := cache.get(key); b != nil {
		return b
	}
	var b Bitset
	if stable := withoutCounts(f); s.counts != nil && byCounts(f) {
		if b = s.Filtered(stable); b != nil {
			b = slices.Clone(b)
		} else {
			b = s.FullSet()
		}
	} else {
		b = s.byColumns(f)
	}
	s.filterCounts(b, f)
	cache.put(key, b)
	return b
}

// byCounts reports whether a filter asks for what of a document changes often.
func byCounts(f search.Filters) bool {
	return f.MinVotes > 0 || f.MaxVotes != 0 || f.Has != 0 || f.HasNot != 0 || f.Daily != nil
}

func withoutCounts(f search.Filters) search.Filters {
	f.MinVotes, f.MaxVotes, f.Has, f.HasNot, f.Daily = 0, 0, 0, 0, nil
	return f
}

// byColumns is the documents that pass the filters but for those by counts.
func (s *Segment) byColumns(f search.Filters) Bitset {
	var b Bitset
	if f.From != 0 || f.Before != 0 {
		b = s.publishedIn(f.From, f.Before)
	} else {
		b = s.FullSet()
	}
	for _, group := range f.Categories {
		b.And(s.withCategory(group))
	}
	if len(f.NotCategories) > 0 {
		b.AndNot(s.withCategory(f.NotCategories))
	}
	if len(f.Organizations) > 0 {
		any := s.NewSet()
		for _, name := range f.Organizations {
			s.AddTo(any, s.Term(ClassOrganization, name))
		}
		b.And(any)
	}
	return b
}

func (s *Segment) withCategory(names []string) Bitset {
	b := s.NewSet()
	for _, name := range names {
		s.AddTo(b, s.Term(ClassArchive, name))
	}
	return b
}

// filterCounts strikes out what the counts of a document rule out.
func (s *Snapshot) filterCounts(b Bitset, f search.Filters) {
	keep := func(ok func(doc uint32) bool) {
		for i, w := range b {
			if w == 0 {
				continue
			}
			for bit := range 64 {
				if w>>bit&1 != 0 && !ok(uint32(64*i+bit)) {
					b[i] &^= 1 << bit
				}
			}
		}
	}
	if f.MinVotes > 0 {
		keep(func(doc uint32) bool { return int(s.Votes(doc)) >= f.MinVotes })
	}
	if f.MaxVotes != 0 {
		keep(func(doc uint32) bool { return int(s.Votes(doc)) <= max(f.MaxVotes, 0) })
	}
	if f.Has != 0 || f.HasNot != 0 {
		keep(func(doc uint32) bool {
			has := search.Has(s.Flags(doc))
			return has&f.Has == f.Has && has&f.HasNot == 0
		})
	}
	if f.Daily != nil {
		keep(func(doc uint32) bool { return (s.Flags(doc)&FlagDaily != 0) == *f.Daily })
	}
}

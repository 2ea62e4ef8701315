package index

import (
	"fmt"
	"sync"

	"broadsheet/internal/search"
)

// filterCache keeps the sets of the filters that were asked for last.
type filterCache struct {
	mu   sync.Mutex
	sets map[string]bitset
	keys []string // oldest first
}

const cachedFilters = 16

func (c *filterCache) get(key string) bitset {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sets[key]
}

func (c *filterCache) put(key string, b bitset) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sets == nil {
		c.sets = map[string]bitset{}
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

// filtered is the documents that pass the filters; nil: all. The set is shared.
func (s *segment) filtered(f search.Filters, key string) bitset {
	if key == "" {
		return nil
	}
	if b := s.filters.get(key); b != nil {
		return b
	}
	var b bitset
	if f.From != 0 || f.Before != 0 {
		b = s.publishedIn(f.From, f.Before)
	} else {
		b = s.fullSet()
	}
	for _, group := range f.Categories {
		b.and(s.withCategory(group))
	}
	if len(f.NotCategories) > 0 {
		b.andNot(s.withCategory(f.NotCategories))
	}
	if len(f.Organizations) > 0 {
		any := s.newSet()
		for _, name := range f.Organizations {
			s.addTo(any, s.term(classOrganization, name))
		}
		b.and(any)
	}
	s.filterColumns(b, f)
	s.filters.put(key, b)
	return b
}

func (s *segment) withCategory(names []string) bitset {
	b := s.newSet()
	for _, name := range names {
		s.addTo(b, s.term(classArchive, name))
	}
	return b
}

// filterColumns strikes out what the other numbers of a document rule out.
func (s *segment) filterColumns(b bitset, f search.Filters) {
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
		keep(func(doc uint32) bool { return int(s.votes[doc]) >= f.MinVotes })
	}
	if f.MaxVotes != 0 {
		keep(func(doc uint32) bool { return int(s.votes[doc]) <= max(f.MaxVotes, 0) })
	}
	if f.Has != 0 || f.HasNot != 0 {
		keep(func(doc uint32) bool {
			has := search.Has(s.flags[doc])
			return has&f.Has == f.Has && has&f.HasNot == 0
		})
	}
	if f.Daily != nil {
		keep(func(doc uint32) bool { return (s.flags[doc]&flagDaily != 0) == *f.Daily })
	}
}

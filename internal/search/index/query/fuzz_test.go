package query_test

import (
	"log/slog"
	"slices"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
	"broadsheet/internal/search/searchtest"
)

// FuzzSegment opens parts that were tampered with past their checksums: an error or
// a segment, never a crash of opening.
func FuzzSegment(f *testing.F) {
	b := segment.NewBuilder(nil)
	for _, c := range searchtest.Corpus(1, 30) {
		if err := b.Add(c.ID, c.Document); err != nil {
			f.Fatal(err)
		}
	}
	good, err := b.InMemory(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint8(0), uint16(100), uint8(1), uint16(0))
	f.Add(uint8(1), uint16(20), uint8(255), uint16(9))
	f.Fuzz(func(t *testing.T, p uint8, at uint16, flip uint8, cut uint16) {
		parts := good
		k := int(p) % len(parts)
		part := slices.Clone(parts[k])
		part[int(at)%len(part)] ^= flip
		parts[k] = part[:len(part)-int(cut)%len(part)]
		s, err := segment.Parse(parts)
		if err != nil {
			return
		}
		var e query.Searcher
		e.Init(slog.New(slog.DiscardHandler), nil, nil)
		e.Publish(query.NewSnapshot([]segment.Snapshot{segment.Of(s)}, search.Position{}, ""))
		for _, q := range searchtest.Queries(1, 20) {
			_, _ = e.Search(t.Context(), search.Request{Query: q, Facets: true})
		}
		_, _ = e.Suggest(t.Context(), "mod", 5)
	})
}

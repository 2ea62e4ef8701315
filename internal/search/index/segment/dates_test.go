package segment

import (
	"math/rand/v2"
	"testing"
)

// Any range of dates is what a look at each document says, in small segments and in
// large ones.
func TestPublishedIn(t *testing.T) {
	for _, docs := range []int{1, 300, dateLarge + 1234} {
		rng := rand.New(rand.NewPCG(1, uint64(docs)))
		s := &Segment{numBlocks: (docs + BlockSize - 1) / BlockSize}
		for range docs {
			s.published = append(s.published, rng.Int64N(1000)*rng.Int64N(2))
		}
		for _, r := range [][2]int64{{0, 0}, {0, 500}, {500, 0}, {1, 2}, {250, 750}, {400, 404}, {999, 1000}, {5000, 0}, {0, 1}, {700, 300}} {
			got := s.publishedIn(r[0], r[1])
			for doc, at := range s.published {
				want := (r[0] == 0 || at >= r[0]) && (r[1] == 0 || at < r[1])
				if got.Has(uint32(doc)) != want {
					t.Fatalf("%d documents, %v: document %d of %d is %v", docs, r, doc, at, !want)
				}
			}
		}
	}
}

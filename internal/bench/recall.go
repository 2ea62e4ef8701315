package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// tellEvery is how often what takes long says how far it is.
const tellEvery = 5 * time.Second

// How recall is measured: of the nearest ten, for so many queries.
const (
	recallDepth   = 10
	recallQueries = 50
)

// A nearQuery is a query whose nearest papers are found in two ways.
type nearQuery struct {
	vector []float32
	found  map[paper.ID]float32 // by the engine, with the exact cosines
	exact  []float32            // cosines of the true nearest, the highest first
}

// measureRecall measures searching by meaning alone, and how many of the nearest papers
// by exact vectors it finds.
func measureRecall(ctx context.Context, s *searcher) ([]SearchRow, error) {
	queries, err := s.nearQueries(ctx)
	if err != nil || len(queries) == 0 {
		return nil, err
	}
	row, err := s.measure(ctx, "recall", len(queries), func(ctx context.Context, i, _ int) error {
		return s.nearest(ctx, &queries[i])
	})
	if err != nil {
		return nil, err
	}
	if err := s.eachVector(ctx, func(id paper.ID, v []float32) {
		for i := range queries {
			queries[i].offer(id, v)
		}
	}); err != nil {
		return nil, err
	}
	sum := 0.0
	for _, q := range queries {
		sum += q.recall()
	}
	recall := sum / float64(len(queries))
	row.Recall = &recall
	return []SearchRow{row}, nil
}

// nearQueries embeds some of the queries; those of which the model knows no word are
// left out.
func (s *searcher) nearQueries(ctx context.Context) ([]nearQuery, error) {
	var out []nearQuery
	step := max(1, len(s.queries)/recallQueries)
	for i := 0; i < len(s.queries) && len(out) < recallQueries; i += step {
		v, err := s.index.Model().Query(ctx, s.queries[i].text)
		if err != nil {
			return nil, fmt.Errorf("embed: %w", err)
		}
		if dot(v, v) > 0 {
			out = append(out, nearQuery{vector: v})
		}
	}
	return out, nil
}

// nearest asks the engine.
func (s *searcher) nearest(ctx context.Context, q *nearQuery) error {
	res, err := s.index.Search(ctx, search.Request{Mode: search.Semantic, Vector: q.vector, Limit: recallDepth, NoTotal: true})
	q.found = map[paper.ID]float32{}
	for _, h := range res.Hits {
		q.found[h.ID] = 0
	}
	return err
}

// offer takes in one paper's vector.
func (q *nearQuery) offer(id paper.ID, v []float32) {
	cosine := dot(q.vector, v)
	if _, ok := q.found[id]; ok {
		q.found[id] = cosine
	}
	if cosine <= 0 || len(q.exact) == recallDepth && cosine <= q.exact[recallDepth-1] {
		return
	}
	at, _ := slices.BinarySearchFunc(q.exact, cosine, func(a, b float32) int {
		if a > b {
			return -1
		}
		return 1
	})
	q.exact = slices.Insert(q.exact, at, cosine)
	q.exact = q.exact[:min(len(q.exact), recallDepth)]
}

// recall is the part of the nearest papers that the engine has found. One that is as
// near as the last of them is as good.
func (q *nearQuery) recall() float64 {
	if len(q.exact) == 0 {
		return 1
	}
	const same = 1e-6 // what float32 cannot tell apart
	n := 0
	for _, cosine := range q.found {
		if cosine >= q.exact[len(q.exact)-1]-same {
			n++
		}
	}
	return min(1, float64(n)/float64(len(q.exact)))
}

// eachVector embeds all papers of the store anew.
func (s *searcher) eachVector(ctx context.Context, f func(paper.ID, []float32)) error {
	told, done := time.Now(), 0
	for seq := int64(0); ; {
		changes, err := s.db.Changes(ctx, seq, 512)
		if err != nil || len(changes) == 0 {
			return err
		}
		seq = changes[len(changes)-1].Seq
		rows, err := s.changed(ctx, changes)
		if err != nil {
			return err
		}
		if err := s.embedRows(ctx, rows, f); err != nil {
			return err
		}
		done += len(rows)
		if s.embedded != nil && time.Since(told) > tellEvery {
			told = time.Now()
			s.embedded(done)
		}
	}
}

// changed reads the papers of changes that are not gone.
func (s *searcher) changed(ctx context.Context, changes []store.Change) ([]store.Row, error) {
	var ids []paper.ID
	for _, c := range changes {
		if !c.Removed {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.db.ByID(ctx, ids)
}

// embedRows gives papers the vectors that the index was told.
func (s *searcher) embedRows(ctx context.Context, rows []store.Row, f func(paper.ID, []float32)) error {
	texts := make([]embedding.Text, len(rows))
	for i := range rows {
		d := indexer.Document(&rows[i])
		texts[i] = embedding.Text{Title: d.Title, Body: d.Abstract}
	}
	vectors, err := s.index.Model().Documents(ctx, texts)
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	for i, v := range vectors {
		f(rows[i].Paper.ID, v)
	}
	return nil
}

// dot is the inner product, which is the cosine of vectors of unit length.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

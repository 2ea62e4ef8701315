package bench_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"broadsheet/internal/bench"
	"broadsheet/internal/catalogtest"
	"broadsheet/internal/paper"
	"broadsheet/internal/papertest"
)

// madeSite is a site with papers of papertest.
func madeSite(t *testing.T, n int) *catalogtest.Site {
	t.Helper()
	var batch []paper.Observation
	c := papertest.New(n)
	for _, p := range c.Papers {
		o := paper.Observation{Source: paper.SourceHub, At: p.Published, Paper: paper.Paper{
			ID: paper.ID(p.ID), Title: p.Title, Abstract: p.Abstract, Keywords: p.Keywords,
			Published: paper.Date{Time: p.Published, Precision: paper.PrecisionDay},
		}}
		for _, name := range p.Authors {
			o.Paper.Authors = append(o.Paper.Authors, paper.Author{Name: name})
		}
		if p.Organization >= 0 {
			organization := c.Organizations[p.Organization]
			o.Paper.Organization = &paper.Organization{Name: organization.Name, FullName: organization.FullName}
		}
		batch = append(batch, o)
	}
	return catalogtest.New(t, time.Date(2026, 5, 30, 12, 0, 0, 0, time.UTC), batch...)
}

func TestEvalCatalog(t *testing.T) {
	site := madeSite(t, 200)
	var last bench.EvalProgress
	scores, err := bench.EvalCatalog(t.Context(), site.DB, site.Catalog, bench.CatalogOptions{
		Seed: 3, Topics: 20, Names: 6, Known: 6, Similar: 20, Progress: func(p bench.EvalProgress) { last = p },
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bench.CatalogScore{}
	for _, s := range scores {
		got[s.Kind+" "+s.Measure] = s
		for way, score := range s.Scores {
			if score < 0 || score > 1 {
				t.Errorf("%s, %s: %s is %v", s.Kind, s.Measure, way, score)
			}
		}
	}
	for _, name := range []string{"topic ndcg@10", "topic wordless@1", "author success@1", "author and word mrr", "title success@1", "identifier mrr", "similar overlap@5"} {
		if got[name].Queries == 0 {
			t.Errorf("there is no %s in %v", name, scores)
		}
	}
	if title := got["title success@1"]; title.Scores[bench.WayWords] != 1 || title.Scores[bench.WayHybrid] != 1 || title.Queries != 6 {
		t.Errorf("titles find their papers by %v", title)
	}
	if topics := got["topic ndcg@10"].Scores; topics[bench.WayHybrid] < .2 || topics[bench.WayBM25] < .2 || topics[bench.WayTFIDF] < .2 {
		t.Errorf("topics, which stand in titles and abstracts, are found by %v", topics)
	}
	if similar := got["similar overlap@5"].Scores; similar[bench.WayTFIDF] < 2*similar[bench.WayRandom] || similar[bench.WayHybrid] < 2*similar[bench.WayRandom] {
		t.Errorf("similar papers share %v", similar)
	}
	if last.Step != "similar" || last.Done != 20 || last.Total != 20 {
		t.Errorf("the last progress is %+v", last)
	}
}

func TestEvalCatalogEnds(t *testing.T) {
	site := madeSite(t, 150)
	for _, step := range []string{"loading papers", "reading papers", "topic", "title", "similar"} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := bench.EvalCatalog(ctx, site.DB, site.Catalog, bench.CatalogOptions{
			Topics: 20, Names: 5, Known: 30, Similar: 40,
			Progress: func(p bench.EvalProgress) {
				if p.Step == step {
					cancel()
				}
			},
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted at %s: %v", step, err)
		}
		cancel()
	}
	empty := catalogtest.New(t, time.Now())
	if _, err := bench.EvalCatalog(t.Context(), empty.DB, empty.Catalog, bench.CatalogOptions{}); err == nil {
		t.Error("a catalog without papers was measured")
	}
	broken := madeSite(t, 150) // answers of the other one are kept
	broken.Engine.Fail(errors.New("broken"))
	if _, err := bench.EvalCatalog(t.Context(), broken.DB, broken.Catalog, bench.CatalogOptions{Topics: 5}); err == nil {
		t.Error("a broken engine was measured")
	}
}

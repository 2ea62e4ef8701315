package bench

import (
	"context"
	"errors"
	"math"
	"slices"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search/evaluate"
	"broadsheet/internal/store"
)

// CatalogOptions says what [EvalCatalog] measures.
type CatalogOptions struct {
	Seed    uint64
	Topics  int // queries; so are the others, Names and Known of each kind
	Names   int
	Known   int
	Similar int // papers

	Progress func(EvalProgress) // called at intervals, or nil
}

// An EvalProgress says how far a measurement is.
type EvalProgress struct {
	Step        string // what is done
	Done, Total int
}

// The ways that a CatalogScore may have.
const (
	WayWords  = "words"  // by words alone
	WayHybrid = "hybrid" // as the site answers
	WayBM25   = "bm25"
	WayTFIDF  = "tfidf"
	WayRandom = "random"
)

// A CatalogScore is one measure of one kind of queries that were made from a catalog.
type CatalogScore struct {
	Collection string             `json:"collection"` // catalog
	Kind       string             `json:"kind"`
	Measure    string             `json:"measure"`
	Queries    int                `json:"queries"`
	Scores     map[string]float64 `json:"scores"` // by way; what was not asked is missing
}

// The measures of a CatalogScore.
const (
	MeasureNDCG     = "ndcg@10"
	MeasureFirst    = "success@1"
	MeasureMRR      = "mrr"
	MeasureWordless = "wordless@1"
	MeasureOverlap  = "overlap@5"
)

// EvalCatalog measures how good the search of a catalog is by queries that it makes from
// the papers themselves, beside a plain BM25 and a plain TF-IDF over the same papers.
// Queries are asked as people ask them, through the catalog, in the query language.
func EvalCatalog(ctx context.Context, db *store.DB, c *catalog.Catalog, o CatalogOptions) ([]CatalogScore, error) {
	papers, err := readPapers(ctx, db, o)
	if err != nil {
		return nil, err
	}
	if len(papers) == 0 {
		return nil, errors.New("there are no papers in the catalog; see `broadsheet import --help`")
	}
	read := o.stepper(ctx, "reading papers", len(papers))
	baseline, err := evaluate.NewBaseline(papers, read)
	if err != nil {
		return nil, err
	}
	e := &catalogEval{c: c, o: o, baseline: baseline, sampler: evaluate.NewSampler(baseline, o.Seed)}
	if err := e.topics(ctx); err != nil {
		return nil, err
	}
	for _, kind := range e.sampler.Names(o.Names) {
		if err := e.kind(ctx, kind, true); err != nil {
			return nil, err
		}
	}
	for _, kind := range e.sampler.Known(o.Known) {
		if err := e.kind(ctx, kind, true); err != nil {
			return nil, err
		}
	}
	return e.scores, e.similar(ctx)
}

// stepper returns a function that counts the steps of a piece of work, and ends it with
// an error when the context ends.
func (o *CatalogOptions) stepper(ctx context.Context, step string, total int) func() error {
	done := 0
	return func() error {
		done++
		if o.Progress != nil && (done%20 == 0 || done == total) {
			o.Progress(EvalProgress{step, done, total})
		}
		return ctx.Err()
	}
}

// readPapers reads what is judged and searched of all papers.
func readPapers(ctx context.Context, db *store.DB, o CatalogOptions) ([]paper.Paper, error) {
	const batch = 1000
	total, err := db.Papers(ctx)
	if err != nil {
		return nil, err
	}
	read := o.stepper(ctx, "loading papers", int(total))
	var papers []paper.Paper
	for after := (store.Keyset{}); ; {
		rows, err := db.Newest(ctx, after, batch)
		if err != nil || len(rows) == 0 {
			return papers, err
		}
		for i := range rows {
			p := &rows[i].Paper
			papers = append(papers, paper.Paper{
				ID: p.ID, Title: p.Title, Abstract: p.Abstract, Authors: p.Authors, Organization: p.Organization,
				Categories: p.Categories, Published: p.Published, DOI: p.DOI, JournalRef: p.JournalRef, Keywords: p.Keywords,
			})
			if err := read(); err != nil {
				return nil, err
			}
		}
		after = store.KeysetOf(&rows[len(rows)-1].Paper)
	}
}

// A catalogEval is one call of EvalCatalog.
type catalogEval struct {
	c        *catalog.Catalog
	o        CatalogOptions
	baseline *evaluate.Baseline
	sampler  *evaluate.Sampler
	scores   []CatalogScore
}

// catalogDepth is how many papers are looked at.
const catalogDepth = 10

// An asker gives the best papers for a text.
type asker func(ctx context.Context, text string) ([]paper.ID, error)

func (e *catalogEval) asked(words bool) asker {
	return func(ctx context.Context, text string) ([]paper.ID, error) {
		found, err := e.c.Search(ctx, catalog.SearchRequest{Text: text, Limit: catalogDepth, Words: words})
		if err == nil {
			err = e.c.Name(ctx, found)
		}
		if err != nil {
			return nil, err
		}
		var ids []paper.ID
		for _, h := range found.Hits {
			ids = append(ids, h.Paper.ID)
		}
		return ids, nil
	}
}

// askers are the ways to ask; with names, the baseline looks in names, too.
func (e *catalogEval) askers(names bool) map[string]asker {
	return map[string]asker{
		WayWords:  e.asked(true),
		WayHybrid: e.asked(false),
		WayBM25: func(_ context.Context, text string) ([]paper.ID, error) {
			return e.baseline.BM25(text, names, catalogDepth), nil
		},
	}
}

// rankings asks all queries of a kind in each way.
func (e *catalogEval) rankings(ctx context.Context, c *evaluate.Collection, ways map[string]asker) (map[string]map[string][]string, error) {
	step := e.o.stepper(ctx, c.Name, len(c.Queries)*len(ways))
	all := map[string]map[string][]string{}
	for way, ask := range ways {
		all[way] = map[string][]string{}
		for _, q := range c.Queries {
			ids, err := ask(ctx, q.Text)
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				all[way][q.ID] = append(all[way][q.ID], string(id))
			}
			if err := step(); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// add notes one measure of a kind, if anything was asked.
func (e *catalogEval) add(kind, measure string, queries int, scores map[string]float64) {
	if queries == 0 {
		return
	}
	for way, score := range scores {
		scores[way] = math.Round(score*1e4) / 1e4
	}
	e.scores = append(e.scores, CatalogScore{"catalog", kind, measure, queries, scores})
}

// kind measures where the first right paper stands.
func (e *catalogEval) kind(ctx context.Context, c *evaluate.Collection, names bool) error {
	all, err := e.rankings(ctx, c, e.askers(names))
	if err != nil {
		return err
	}
	first, mrr := map[string]float64{}, map[string]float64{}
	for way, rankings := range all {
		first[way] = c.Mean(rankings, func(ranking []string, grades map[string]int) float64 {
			return evaluate.ReciprocalRank(ranking, grades, 1)
		})
		mrr[way] = c.Mean(rankings, func(ranking []string, grades map[string]int) float64 {
			return evaluate.ReciprocalRank(ranking, grades, catalogDepth)
		})
	}
	e.add(c.Name, MeasureFirst, len(c.Queries), first)
	e.add(c.Name, MeasureMRR, len(c.Queries), mrr)
	return nil
}

// topics measures how many papers of a topic are found, and how often the first has no
// word of the query in title and abstract, so that a name has brought it, or meaning alone.
func (e *catalogEval) topics(ctx context.Context) error {
	c := e.sampler.Topics(e.o.Topics)
	ways := e.askers(false)
	ways[WayTFIDF] = func(_ context.Context, text string) ([]paper.ID, error) {
		return e.baseline.TFIDF(text, catalogDepth), nil
	}
	all, err := e.rankings(ctx, c, ways)
	if err != nil {
		return err
	}
	ndcg, wordless := map[string]float64{}, map[string]float64{}
	for way, rankings := range all {
		ndcg[way] = c.Mean(rankings, func(ranking []string, grades map[string]int) float64 {
			return evaluate.NDCG(ranking, grades, catalogDepth)
		})
		for _, q := range c.Queries {
			if found := rankings[q.ID]; len(found) > 0 && !e.sampler.HasAny(paper.ID(found[0]), q.Text) {
				wordless[way] += 1 / float64(len(c.Queries))
			}
		}
		wordless[way] += 0
	}
	e.add(c.Name, MeasureNDCG, len(c.Queries), ndcg)
	e.add(c.Name, MeasureWordless, len(c.Queries), wordless)
	return nil
}

// similarDepth is how many similar papers a page shows.
const similarDepth = 5

// similar measures how much of what papers are about the similar ones share.
func (e *catalogEval) similar(ctx context.Context) error {
	ids := e.sampler.Similar(e.o.Similar)
	step := e.o.stepper(ctx, "similar", len(ids))
	means := map[string]float64{}
	for _, id := range ids {
		served, err := e.c.Similar(ctx, id, similarDepth)
		if err != nil {
			return err
		}
		var entries []paper.ID
		for _, entry := range served.Entries {
			entries = append(entries, entry.Paper.ID)
		}
		for way, found := range map[string][]paper.ID{
			WayHybrid: entries, WayTFIDF: e.sampler.PlainSimilar(id, similarDepth), WayRandom: e.sampler.AtRandom(id, similarDepth),
		} {
			for _, other := range slices.Compact(found) {
				means[way] += e.sampler.Overlap(id, other) / float64(similarDepth*len(ids))
			}
		}
		if err := step(); err != nil {
			return err
		}
	}
	e.add("similar", MeasureOverlap, len(ids), means)
	return nil
}

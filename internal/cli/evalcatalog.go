package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"broadsheet/internal/bench"
	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/indexer"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

const evalCatalogHelp = `With --catalog, the search of the site's own papers is measured by queries that are made
from them, a random sample by --seed. Each is asked as people ask, in the query language,
by words alone and as the site answers (hybrid), beside a plain BM25 and, for topics and
similar papers, a plain TF-IDF:

  topic         keywords that 8 to 80 papers have, which are relevant: nDCG@10, and how
                often the first hit has no word of the query in title and abstract
                (wordless@1)
  author        names as written, reversed, with an initial, without accents, and with a
                word of a title; organizations, and with a topic: how often the first hit
                is right (success@1), and MRR
  title, ...    the ways to ask for a paper that one knows of: its title, with a slip, its
                first sentence, author and words, a pasted reference, BibTeX, RIS, and its
                identifier in texts and addresses: success@1 and MRR
  similar       how much of what a paper's keywords say, by idf, the five most similar
                papers share (overlap@5)

Keywords are no part of what is searched or embedded, so they can judge. The BM25 (k1 1.2,
b 0.75) takes title and abstract for one field, with the names in it unless topics are
asked for; TF-IDF is the cosine over words and pairs of words. Both have lower-case words
without stop words, cut by Snowball's English stemmer, and are not tuned.`

// A catalogRun is what --catalog measures.
type catalogRun struct {
	on                            bool
	seed                          uint64
	topics, names, known, similar int
}

func (r *catalogRun) flags(f *pflag.FlagSet) {
	f.BoolVar(&r.on, "catalog", false, "measure the search of the site's own papers")
	f.Uint64Var(&r.seed, "seed", 1, "which random sample --catalog makes: `N` from 0")
	f.IntVar(&r.topics, "topics", 250, "how many topics to ask for: `N` from 0 to 10000")
	f.IntVar(&r.names, "names", 150, "how many names of each kind: `N` from 0 to 10000")
	f.IntVar(&r.known, "known", 150, "how many known papers in each way: `N` from 0 to 10000")
	f.IntVar(&r.similar, "similar", 1000, "for how many papers to ask for similar ones: `N` from 0 to 10000")
}

// check finds mistakes in the command line.
func (r *catalogRun) check() error {
	const most = 10_000
	for _, size := range []struct {
		flag string
		n    int
	}{{"topics", r.topics}, {"names", r.names}, {"known", r.known}, {"similar", r.similar}} {
		if size.n < 0 || size.n > most {
			return usageError("--%s: %d is not allowed: write a number from 0 to %d", size.flag, size.n, most)
		}
	}
	return nil
}

// evalCatalog measures the search of the site's own papers.
func (s *settings) evalCatalog(ctx context.Context, cfg *config.Config, r catalogRun) (scores []bench.CatalogScore, err error) {
	clock, err := paper.NewClock(cfg.ClockZone, cfg.ClockOpens)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	err = s.withReader(ctx, cfg, func(db *store.DB, idx *indexer.Index, _ bool) error {
		p := newProgress(s.err)
		defer p.end()
		scores, err = bench.EvalCatalog(ctx, db, catalog.New(db, clock, time.Now).WithSearch(idx, idx.Model()), bench.CatalogOptions{
			Seed: r.seed, Topics: r.topics, Names: r.names, Known: r.known, Similar: r.similar,
			Progress: func(now bench.EvalProgress) {
				p.show(ingest.Progress{Name: now.Step, Done: int64(now.Done), Total: int64(now.Total), Records: now.Done, Counted: true})
			},
		})
		return err
	})
	if err == nil {
		fmt.Fprintf(s.err, "catalog: seed %d, %s\n", r.seed, roundTime(time.Since(start)))
	}
	return scores, err
}

// catalogColumns are the ways of a catalog's scores, and their headings.
var catalogColumns = [][2]string{
	{bench.WayWords, "words"}, {bench.WayHybrid, "hybrid"}, {bench.WayBM25, "BM25"}, {bench.WayTFIDF, "TF-IDF"}, {bench.WayRandom, "random"},
}

// writeCatalogScores writes the table of a catalog's scores.
func writeCatalogScores(w io.Writer, scores []bench.CatalogScore) error {
	kinds, measures := len("catalog"), len("measure")
	for _, s := range scores {
		kinds, measures = max(kinds, len(s.Kind)), max(measures, len(s.Measure))
	}
	var b strings.Builder
	line := func(kind, measure, queries string, cell func(way, heading string) string) {
		fmt.Fprintf(&b, "%-*s  %-*s  %7s", kinds, kind, measures, measure, queries)
		for _, c := range catalogColumns {
			fmt.Fprintf(&b, "  %6s", cell(c[0], c[1]))
		}
		b.WriteString("\n")
	}
	line("catalog", "measure", "queries", func(_, heading string) string { return heading })
	for _, s := range scores {
		line(s.Kind, s.Measure, fmt.Sprint(s.Queries), func(way, _ string) string {
			score, ok := s.Scores[way]
			if !ok {
				return "-"
			}
			return fmt.Sprintf("%.4f", score)
		})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Bench measures the search engine of Broadsheet beside bleve, on the same papers, with
// the same queries and the same analyzer, in one run on one core. It is a module of
// its own, so that the program does not depend on bleve.
//
//	cd bench && go run . [-corpus FILE] [-judged DIR] [-papers 50000] [-format table|json]
//
// Papers are read from -corpus, a metadata snapshot of arXiv, or made up without one.
// Queries are words of titles and, with -judged, those of judged collections.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type settings struct {
	corpus, judged  string
	papers, queries int
	rounds, top     int
	format          string
}

func flags() (s settings) {
	flag.StringVar(&s.corpus, "corpus", "", "papers, one JSON object a line, compressed or not; without it they are made up")
	flag.StringVar(&s.judged, "judged", "", "folder of judged collections in BEIR layout")
	flag.IntVar(&s.papers, "papers", 50_000, "how many papers; 0 means all")
	flag.IntVar(&s.queries, "queries", 282, "queries made of titles, and as many from the judged collections")
	flag.IntVar(&s.rounds, "rounds", 3, "how often each query is measured; the first round warms up")
	flag.IntVar(&s.top, "top", 10, "hits asked for")
	flag.StringVar(&s.format, "format", "table", "table or json")
	flag.Parse()
	return s
}

// An engine is what is compared.
type engine interface {
	name() string
	add(papers []row) error
	finish() error
	search(query string, top int) (hits int, err error)
	close() error
}

// A report is one line of the result.
type report struct {
	Engine       string  `json:"engine"`
	Queries      string  `json:"queries"`
	Mean         float64 `json:"mean_ms"`
	P50          float64 `json:"p50_ms"`
	P95          float64 `json:"p95_ms"`
	P99          float64 `json:"p99_ms"`
	BuildSeconds float64 `json:"build_s"`
	Papers       int     `json:"papers"`
}

func run() error {
	s := flags()
	papers, err := papersOf(s)
	if err != nil {
		return err
	}
	sets := []querySet{{"titles", titleQueries(papers, s.queries)}}
	if s.judged != "" {
		judged, err := judgedQueries(s.judged, s.queries)
		if err != nil {
			return err
		}
		sets = append(sets, querySet{"judged", judged})
	}
	dir, err := os.MkdirTemp("", "broadsheet-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var reports []report
	for _, open := range []func(dir string) (engine, error){openOurs, openBleve} {
		found, err := measure(s, open, dir, papers, sets)
		if err != nil {
			return err
		}
		reports = append(reports, found...)
	}
	return print(s.format, reports)
}

type querySet struct {
	name    string
	queries []string
}

// measure builds one engine with all cores and asks it on one.
func measure(s settings, open func(string) (engine, error), dir string, papers []row, sets []querySet) ([]report, error) {
	e, err := open(dir)
	if err != nil {
		return nil, err
	}
	defer e.close()
	began := time.Now()
	const batch = 5000
	for from := 0; from < len(papers); from += batch {
		if err := e.add(papers[from:min(from+batch, len(papers))]); err != nil {
			return nil, fmt.Errorf("%s: %w", e.name(), err)
		}
	}
	if err := e.finish(); err != nil {
		return nil, fmt.Errorf("%s: %w", e.name(), err)
	}
	built := time.Since(began).Seconds()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var out []report
	for _, set := range sets {
		times, err := ask(s, e, set.queries)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name(), err)
		}
		r := summary(times)
		r.Engine, r.Queries, r.BuildSeconds, r.Papers = e.name(), set.name, built, len(papers)
		out = append(out, r)
	}
	return out, nil
}

// ask measures every query in each round but the first.
func ask(s settings, e engine, queries []string) (times []time.Duration, err error) {
	for round := range max(2, s.rounds) {
		for _, q := range queries {
			began := time.Now()
			if _, err := e.search(q, s.top); err != nil {
				return nil, fmt.Errorf("query %q: %w", q, err)
			}
			if round > 0 {
				times = append(times, time.Since(began))
			}
		}
	}
	return times, nil
}

func print(format string, reports []report) error {
	if format == "json" {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(reports)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "engine\tqueries\tmean ms\tp50\tp95\tp99\tbuilt in s\tpapers\t")
	for _, r := range reports {
		fmt.Fprintf(w, "%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.1f\t%d\t\n", r.Engine, r.Queries, r.Mean, r.P50, r.P95, r.P99, r.BuildSeconds, r.Papers)
	}
	return w.Flush()
}

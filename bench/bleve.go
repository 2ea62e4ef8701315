package main

import (
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	blevequery "github.com/blevesearch/bleve/v2/search/query"

	ourtext "broadsheet/internal/search/analysis"
)

// analyzerName is our analyzer as bleve knows it, so that both engines have the same
// terms.
const analyzerName = "broadsheet"

func init() {
	err := registry.RegisterAnalyzer(analyzerName, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
		return sameTerms{}, nil
	})
	if err != nil {
		panic(err)
	}
}

// sameTerms gives bleve the terms of our analyzer.
type sameTerms struct{}

func (sameTerms) Analyze(text []byte) (out analysis.TokenStream) {
	for _, t := range ourtext.Tokens(ourtext.Plain(string(text))) {
		out = append(out, &analysis.Token{Term: []byte(t.Term), Start: t.Start, End: t.End, Position: t.Position + 1, Type: analysis.AlphaNumeric})
	}
	return out
}

// theirs is bleve with one field of title and abstract.
type theirs struct{ index bleve.Index }

func openBleve(dir string) (engine, error) {
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues = analyzerName, false, false, false, false
	doc := mapping.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("text", text)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	index, err := bleve.New(filepath.Join(dir, "bleve"), m)
	return &theirs{index}, err
}

func (t *theirs) name() string { return "bleve" }

func (t *theirs) add(papers []row) error {
	batch := t.index.NewBatch()
	for _, p := range papers {
		if err := batch.Index(p.ID, map[string]string{"text": p.Title + "\n" + p.Abstract}); err != nil {
			return err
		}
	}
	return t.index.Batch(batch)
}

func (t *theirs) finish() error { return nil }

func (t *theirs) search(query string, top int) (int, error) {
	var words []blevequery.Query
	for _, term := range ourtext.Terms(ourtext.Plain(query)) {
		q := bleve.NewTermQuery(term)
		q.SetField("text")
		words = append(words, q)
	}
	res, err := t.index.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(words...), top, 0, false))
	if err != nil {
		return 0, err
	}
	return len(res.Hits), nil
}

func (t *theirs) close() error { return t.index.Close() }

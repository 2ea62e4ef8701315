package indexer_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// Keywords judge what is found (broadsheet eval --catalog), so they are in no text that is
// searched or embedded.
func TestKeywordsAreNotSearched(t *testing.T) {
	const keyword = "zyzzyvology"
	o := observed("river", 0)
	o.Paper.Keywords = []string{keyword}
	if text := fmt.Sprintf("%+v", *indexer.Document(&store.Row{Paper: o.Paper})); strings.Contains(text, keyword) {
		t.Errorf("an engine is told of the keywords: %s", text)
	}
	db := storetest.SQLite(t)
	if _, err := db.Apply(t.Context(), []paper.Observation{o, observed("sea", 1)}); err != nil {
		t.Fatal(err)
	}
	model := &reader{}
	idx, err := indexer.Open(t.Context(), "index:"+filepath.Join(t.TempDir(), "index"), indexer.Options{DB: db, Model: model})
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	if _, err := idx.Update(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := find(t, idx, "river"); n != 1 {
		t.Fatalf("%d papers are found by a word of the title", n)
	}
	for _, query := range []string{keyword, "title:" + keyword, "abs:" + keyword, "author:" + keyword, "org:" + keyword} {
		if n := find(t, idx, query); n != 0 {
			t.Errorf("%s finds %d papers", query, n)
		}
	}
	suggested, err := idx.Suggest(t.Context(), keyword[:4], 5)
	if err != nil || len(suggested) > 0 {
		t.Errorf("the keyword is suggested: %v, error %v", suggested, err)
	}
	if len(model.read) != 2 || strings.Contains(strings.Join(model.read, " "), keyword) {
		t.Errorf("the model is given %q", model.read)
	}
}

// A reader is a model that notes what it is given.
type reader struct {
	embeddingtest.Model
	read []string
}

func (r *reader) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	for _, t := range texts {
		r.read = append(r.read, t.Title+" "+t.Body)
	}
	return r.Model.Documents(ctx, texts)
}

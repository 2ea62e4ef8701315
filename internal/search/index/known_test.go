package index

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/embedding/static"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/tex"
)

// known is an engine with the built-in model that was told all of changes.
func known(t *testing.T, changes []search.Change) (*Engine, *static.Model) {
	t.Helper()
	model, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.TempDir(), Options{Model: model.Name(), Embedder: model})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := e.Apply(t.Context(), changes, search.Position{Seq: int64(len(changes))}); err != nil {
		t.Fatal(err)
	}
	return e, model
}

// found asks the way the site does, by words or, with the model, by both.
func found(t *testing.T, e *Engine, model *static.Model, text string) []search.Hit {
	t.Helper()
	r := search.Request{NoTotal: true}
	r.Query, _ = search.Parse(text, time.Now())
	if model != nil {
		v, err := model.Query(t.Context(), r.Query.Text)
		if err != nil {
			t.Fatal(err)
		}
		r.Vector = v
	}
	res, err := e.Search(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return res.Hits
}

// A full title finds its paper first, however it is asked for.
func TestTitlesFindTheirPapers(t *testing.T) {
	var changes []search.Change
	readCorpus(t, 5000, func(c search.Change) { changes = append(changes, c) })
	e, model := known(t, changes)
	asked, missed := 0, 0
	for i := 0; i < len(changes); i += 10 {
		c := changes[i]
		asked++
		hits := found(t, e, model, tex.Text(c.Document.Title))
		if len(hits) == 0 || hits[0].ID != c.ID && titleOf(changes, hits[0].ID) != c.Document.Title {
			missed++
			t.Logf("%s: %q", c.ID, c.Document.Title)
		}
	}
	if 50*missed > asked {
		t.Errorf("%d of %d titles do not find their paper first", missed, asked)
	}
}

func titleOf(changes []search.Change, id paper.ID) string {
	for _, c := range changes {
		if c.ID == id {
			return c.Document.Title
		}
	}
	return ""
}

// One-sentence summaries written by people find their papers, and meaning helps.
func TestSummariesFindTheirPapers(t *testing.T) {
	if testing.Short() {
		t.Skip("asks 4,000 questions")
	}
	f, err := os.Open(filepath.Join(sharedData, "scitldr", "train.jsonl"))
	if err != nil {
		t.Skipf("no summaries: %v", err)
	}
	defer f.Close()
	var changes []search.Change
	summaries := map[paper.ID]string{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var row struct {
			Title          string
			PaperID        string `json:"paper_id"`
			Source, Target []string
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		id := paper.ID(row.PaperID)
		d := &search.Document{Title: row.Title, Abstract: strings.Join(row.Source, " ")}
		changes = append(changes, search.Change{ID: id, Document: d})
		if len(row.Target) > 0 {
			summaries[id] = row.Target[0]
		}
	}
	e, model := known(t, changes)
	rank := func(m *static.Model) (mrr float64) {
		for id, text := range summaries {
			for i, h := range found(t, e, m, text) {
				if h.ID == id {
					mrr += 1 / float64(i+1) / float64(len(summaries))
				}
			}
		}
		return mrr
	}
	words, both := rank(nil), rank(model)
	t.Logf("MRR@10 of %d summaries among %d papers: %.4f by words, %.4f with meaning", len(summaries), len(changes), words, both)
	if both < words {
		t.Error("meaning makes it worse")
	}
}

package indexer

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"

	"broadsheet/internal/embedding"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// A ModelError says that the model gave no vectors. Papers are found by their words.
type ModelError struct{ Err error }

func (e *ModelError) Error() string { return "indexer: embed: " + e.Err.Error() }

// Unwrap returns what the model said.
func (e *ModelError) Unwrap() error { return e.Err }

// embedBatch is how many papers get their vectors at a time: few, so that little is
// asked for again after an interruption.
const embedBatch = 1024

// Embed gives their vectors to the papers that were told without. What a model has made
// is kept in the database before it is told.
func (f *Follower) Embed(ctx context.Context) error {
	for {
		after, ok := f.waiting.after()
		if f.Model == nil || !ok {
			return nil
		}
		if err := f.embedSome(ctx, after); err != nil {
			return err
		}
	}
}

// embedSome gives vectors to a batch of the papers whose texts changed after a number.
func (f *Follower) embedSome(ctx context.Context, after int64) error {
	at, err := f.Engine.Position(ctx)
	if err != nil {
		return fmt.Errorf("indexer: %w", err)
	}
	changes, through, err := f.DB.IndexChanges(ctx, after, at.Seq, embedBatch)
	if err != nil {
		return err
	}
	docs, err := f.documents(ctx, changes)
	if err != nil {
		return err
	}
	var told []search.Change
	for _, c := range changes {
		if d := docs[c.ID]; c.Text && d != nil {
			told = append(told, search.Change{ID: c.ID, Kind: search.Vector, Document: d})
		}
	}
	missing, err := f.keptVectors(ctx, told)
	if err != nil {
		return err
	}
	if err := f.make(ctx, missing); err != nil {
		return err
	}
	return f.applyVectors(ctx, told, at.Seq, after, max(after, through))
}

// applyVectors tells the engine vectors of texts as they were when it was at the number
// seq, and notes that the papers up to through have theirs.
func (f *Follower) applyVectors(ctx context.Context, told []search.Change, seq, after, through int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, err := f.Engine.Position(ctx)
	if err != nil {
		return fmt.Errorf("indexer: %w", err)
	}
	if at.Seq < seq {
		return nil // it has begun anew meanwhile
	}
	later := map[paper.ID]bool{}
	for seq < at.Seq {
		changes, end, err := f.DB.IndexChanges(ctx, seq, at.Seq, indexBatch)
		if err != nil {
			return err
		}
		for _, c := range changes {
			later[c.ID] = later[c.ID] || c.Text || c.Removed
		}
		seq = end
	}
	kept := told[:0]
	for _, c := range told {
		if !later[c.ID] {
			kept = append(kept, c)
		}
	}
	if len(kept) > 0 {
		if err := f.Engine.Apply(ctx, kept, at); err != nil {
			return fmt.Errorf("indexer: vectors: %w", err)
		}
	}
	return f.waiting.have(after, through, at.Seq)
}

// textOf is what a model embeds of a document.
func textOf(d *search.Document) embedding.Text {
	return embedding.Text{Title: d.Title, Body: d.Abstract}
}

// hashOf names a text.
func hashOf(t embedding.Text) store.TextHash {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n%s", len(t.Title), t.Title, t.Body)
	return store.TextHash(h.Sum(nil)[:len(store.TextHash{})])
}

// keptVectors puts the vectors that the database keeps into documents, and returns the
// documents that are told with their text or vector and have none.
func (f *Follower) keptVectors(ctx context.Context, changes []search.Change) (missing []*search.Document, err error) {
	var docs []*search.Document
	var hashes []store.TextHash
	for _, c := range changes {
		if c.Kind == search.Text || c.Kind == search.Vector {
			docs = append(docs, c.Document)
			hashes = append(hashes, hashOf(textOf(c.Document)))
		}
	}
	if len(docs) == 0 {
		return nil, nil
	}
	kept, err := f.DB.Vectors(ctx, f.Model.Name(), hashes)
	if err != nil {
		return nil, err
	}
	for i, d := range docs {
		if v := kept[hashes[i]]; len(v) == f.Model.Dimensions() {
			d.Vector = v
		} else {
			missing = append(missing, d)
		}
	}
	return missing, nil
}

// make has the model make the vectors of documents, and keeps them.
func (f *Follower) make(ctx context.Context, docs []*search.Document) error {
	if len(docs) == 0 {
		return nil
	}
	texts := make([]embedding.Text, len(docs))
	for i, d := range docs {
		texts[i] = textOf(d)
	}
	made, err := f.Model.Documents(ctx, texts)
	if err != nil && ctx.Err() == nil {
		return &ModelError{err}
	}
	if err != nil {
		return err
	}
	vectors := make(map[store.TextHash][]float32, len(docs))
	for i, d := range docs {
		d.Vector = made[i]
		vectors[hashOf(texts[i])] = made[i]
	}
	return f.DB.PutVectors(ctx, f.Model.Name(), vectors)
}

// waiting remembers whose vectors have not come yet: those of texts with higher numbers
// than one. It keeps that in a file, as the engine does not tell.
type waiting struct {
	file string // "": only in memory
	from atomic.Pointer[wanted]
}

// A wanted is what waits for vectors.
type wanted struct {
	Model string `json:"model"`
	After int64  `json:"after"`
}

// load reads what an earlier process left, if it is about a model.
func (w *waiting) load(file, model string) error {
	w.file = file
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var left wanted
	if err == nil {
		err = json.Unmarshal(b, &left)
	}
	if err != nil { // asking for too many costs little: most vectors are kept
		left = wanted{Model: model}
	}
	if left.Model == model {
		w.from.Store(&left)
	}
	return nil
}

// after is the number after which texts may have no vectors; false when all have theirs.
func (w *waiting) after() (int64, bool) {
	if from := w.from.Load(); from != nil {
		return from.After, true
	}
	return 0, false
}

// want notes that texts after a number may have no vectors.
func (w *waiting) want(model string, after int64) error {
	if from := w.from.Load(); from != nil && from.After <= after {
		return nil
	}
	return w.set(&wanted{model, after})
}

// have notes that the texts after a number and up to another have their vectors; if
// that is all, nothing waits any more.
func (w *waiting) have(after, through, all int64) error {
	from := w.from.Load()
	switch {
	case from == nil || from.After != after: // more is wanted by now
		return nil
	case through >= all:
		return w.set(nil)
	}
	return w.set(&wanted{from.Model, through})
}

func (w *waiting) set(from *wanted) error {
	if w.file != "" {
		if err := w.write(from); err != nil {
			return fmt.Errorf("indexer: what waits for vectors: %w", err)
		}
	}
	w.from.Store(from)
	return nil
}

func (w *waiting) write(from *wanted) error {
	if from == nil {
		if err := os.Remove(w.file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(w.file+".tmp", b, 0o666); err != nil {
		return err
	}
	return os.Rename(w.file+".tmp", w.file)
}

package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/static"
	"broadsheet/internal/indexer"
	"broadsheet/internal/source/arxiv"
	"broadsheet/internal/source/record"
	"broadsheet/internal/store"
)

// ReadModel reads a model's file.
func ReadModel(name string) (*static.Model, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	defer f.Close() // it was only read
	m, err := static.Read(f)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return m, nil
}

// WriteModel writes a model to a file, as a whole or not at all.
func WriteModel(name string, m *static.Model) (size int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.tmp")
	if err != nil {
		return 0, fmt.Errorf("write the model: %w", err)
	}
	size, err = m.WriteTo(f)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return 0, fmt.Errorf("write the model: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return size, nil
}

// StoreTexts gives the papers of the store to train on, the newest first.
func StoreTexts(ctx context.Context, db *store.DB) iter.Seq2[embedding.Text, error] {
	return func(yield func(embedding.Text, error) bool) {
		for at := (store.Keyset{}); ; {
			rows, err := db.Newest(ctx, at, 1000)
			if err != nil {
				yield(embedding.Text{}, err)
				return
			}
			if len(rows) == 0 {
				return
			}
			at = store.KeysetOf(&rows[len(rows)-1].Paper)
			for i := range rows {
				d := indexer.Document(&rows[i])
				if !yield(embedding.Text{Title: d.Title, Body: d.Abstract}, nil) {
					return
				}
			}
		}
	}
}

// FileTexts gives the papers of files of arXiv's metadata to train on. Lines that cannot
// be used are handed to bad and skipped.
func FileTexts(files []string, stdin io.Reader, bad func(error)) iter.Seq2[embedding.Text, error] {
	return func(yield func(embedding.Text, error) bool) {
		for _, name := range files {
			if !fileTexts(name, stdin, bad, yield) {
				return
			}
		}
	}
}

// fileTexts yields the papers of one file, and reports whether more are wanted.
func fileTexts(name string, stdin io.Reader, bad func(error), yield func(embedding.Text, error) bool) bool {
	r, err := record.Open(name, stdin)
	if err != nil {
		yield(embedding.Text{}, err)
		return false
	}
	defer r.Close() // it was only read
	for {
		text, err := nextText(r)
		if err == io.EOF {
			return true
		}
		if _, ok := errors.AsType[*record.LineError](err); ok {
			bad(err)
			continue
		}
		if !yield(text, err) || err != nil {
			return false
		}
	}
}

// nextText reads the next paper; after a *record.LineError there may be more.
func nextText(r *record.Reader) (embedding.Text, error) {
	rec, err := r.Next()
	if err != nil {
		return embedding.Text{}, err
	}
	o, err := arxiv.DecodeSnapshot(rec.Data)
	if err != nil {
		return embedding.Text{}, rec.Bad(r.Name(), err)
	}
	return embedding.Text{Title: o.Paper.Title, Body: o.Paper.Abstract}, nil
}

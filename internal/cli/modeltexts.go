package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"broadsheet/internal/app"
	"broadsheet/internal/arxiv"
	"broadsheet/internal/embedding"
	"broadsheet/internal/ingest"
	"broadsheet/internal/record"
	"broadsheet/internal/store"
)

// texts gives what to train on, and a function that closes it.
func (s *settings) texts(ctx context.Context, files []string) (iter.Seq2[embedding.Text, error], func() error, error) {
	if len(files) > 0 {
		return s.fileTexts(files), func() error { return nil }, nil
	}
	cfg, err := s.load()
	if err != nil {
		return nil, nil, err
	}
	db, err := app.OpenStore(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	return storeTexts(ctx, db), db.Close, nil
}

// storeTexts are the papers of the store, the newest first.
func storeTexts(ctx context.Context, db *store.DB) iter.Seq2[embedding.Text, error] {
	return func(yield func(embedding.Text, error) bool) {
		for at := (store.Moment{}); ; {
			rows, err := db.Newest(ctx, at, 1000)
			if err != nil {
				yield(embedding.Text{}, err)
				return
			}
			if len(rows) == 0 {
				return
			}
			at = store.MomentOf(&rows[len(rows)-1].Paper)
			for i := range rows {
				d := ingest.Document(&rows[i])
				if !yield(embedding.Text{Title: d.Title, Body: d.Abstract}, nil) {
					return
				}
			}
		}
	}
}

// fileTexts are the papers of files of arXiv's metadata. Lines that are wrong are said
// and passed over.
func (s *settings) fileTexts(files []string) iter.Seq2[embedding.Text, error] {
	return func(yield func(embedding.Text, error) bool) {
		for _, name := range files {
			if !s.fileText(name, yield) {
				return
			}
		}
	}
}

// fileText yields the papers of one file, and reports whether more are wanted.
func (s *settings) fileText(name string, yield func(embedding.Text, error) bool) bool {
	r, err := record.Open(name, s.in)
	if err != nil {
		yield(embedding.Text{}, err)
		return false
	}
	defer r.Close() // it was only read
	for text, err := range recordTexts(r) {
		if _, bad := errors.AsType[*record.LineError](err); bad {
			fmt.Fprintln(s.err, err)
			continue
		}
		if !yield(text, err) || err != nil {
			return false
		}
	}
	return true
}

// recordTexts reads one file; after a *record.LineError it goes on.
func recordTexts(r *record.Reader) iter.Seq2[embedding.Text, error] {
	return func(yield func(embedding.Text, error) bool) {
		for {
			rec, err := r.Next()
			if err == io.EOF {
				return
			}
			var text embedding.Text
			if err == nil {
				o, wrong := arxiv.DecodeSnapshot(rec.Data)
				if wrong != nil {
					err = rec.Bad(r.Name(), wrong)
				}
				text = embedding.Text{Title: o.Paper.Title, Body: o.Paper.Abstract}
			}
			if !yield(text, err) {
				return
			}
		}
	}
}

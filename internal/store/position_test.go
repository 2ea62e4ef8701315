package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func position(t *testing.T, db *store.DB) store.Position {
	t.Helper()
	p, err := db.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPositions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		if len(db.Identity()) != 32 {
			t.Errorf("identity %q", db.Identity())
		}
		empty := position(t, db)
		if empty != (store.Position{Site: db.Identity()}) {
			t.Errorf("the empty database is at %+v", empty)
		}
		apply(t, db, many(5, "2026-05-27")...)
		first := position(t, db)
		apply(t, db, arxivRow("2605.00009", "Nine", "2026-05-20"))
		last := position(t, db)
		if first.Seq != version(t, db)-1 || last.Seq != version(t, db) || first.Token == last.Token {
			t.Errorf("positions %+v, %+v at version %d", first, last, version(t, db))
		}
		within, err := db.PositionAt(ctx, 3)
		if err != nil || within.Token != first.Token || within.Seq != 3 {
			t.Errorf("within the first transaction: %+v, %v", within, err)
		}
		for _, p := range []store.Position{empty, first, last, within, {Site: db.Identity(), Seq: 2}} {
			if err := db.Check(ctx, p); err != nil {
				t.Errorf("%+v: %v", p, err)
			}
		}
		for _, c := range []struct {
			p    store.Position
			want error
		}{
			{store.Position{Site: db.Identity(), Seq: last.Seq + 1}, store.ErrAhead},
			{store.Position{Site: db.Identity(), Seq: last.Seq, Token: first.Token}, store.ErrAhead},
			{store.Position{Site: "another", Seq: 1}, store.ErrOtherDatabase},
			{store.Position{}, store.ErrOtherDatabase},
		} {
			if err := db.Check(ctx, c.p); !errors.Is(err, c.want) {
				t.Errorf("%+v: %v, want %v", c.p, err, c.want)
			}
		}
	})
}

// A copy that is put back is the same database, and what was derived from the lost part
// of its history is noticed, even when as much was written again.
func TestARestoredCopyHasAnotherHistory(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "site.db"), filepath.Join(dir, "copy.db")
	open := func(path string) *store.DB {
		db, err := store.Open(ctx, "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	closed := func(db *store.DB) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := open(path)
	apply(t, db, many(5, "2026-05-27")...)
	common := position(t, db)
	closed(db)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(path)
	apply(t, db, arxivRow("2605.00009", "Nine", "2026-05-20"))
	lost := position(t, db)
	closed(db)

	db = open(copied)
	defer closed(db)
	if err := db.Check(ctx, common); err != nil {
		t.Errorf("what both have seen: %v", err)
	}
	if err := db.Check(ctx, lost); !errors.Is(err, store.ErrAhead) {
		t.Errorf("before anything else was written: %v", err)
	}
	apply(t, db, arxivRow("2605.00008", "Eight", "2026-05-20"))
	if now := position(t, db); now.Seq != lost.Seq {
		t.Fatalf("at %+v, want the number %d again", now, lost.Seq)
	}
	if err := db.Check(ctx, lost); !errors.Is(err, store.ErrAhead) {
		t.Errorf("after as much was written: %v", err)
	}
}

func TestChangesSayWhatChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		apply(t, db, many(3, "2026-05-27")...)
		changes := func(seq int64) map[string]bool {
			all, err := db.Changes(ctx, seq, 10)
			if err != nil {
				t.Fatal(err)
			}
			text := map[string]bool{}
			for _, c := range all {
				text[string(c.ID)] = c.Text
			}
			return text
		}
		if all := changes(0); len(all) != 3 || !all["2605.00001"] {
			t.Errorf("new papers: %v", all)
		}
		seq := version(t, db)
		apply(t, db, counted("2605.00002", day1.AddDate(0, 0, 1), 70))
		if all := changes(seq); len(all) != 1 || all["2605.00002"] {
			t.Errorf("after votes: %v", all)
		}
		changed := arxivRow("2605.00002", "Another title", "2026-05-20")
		apply(t, db, changed)
		if all := changes(seq); len(all) != 1 || !all["2605.00002"] {
			t.Errorf("after a new title: %v", all)
		}
		seq = version(t, db)
		apply(t, db, counted("2605.00002", day1.AddDate(0, 0, 2), 71))
		if all := changes(seq); len(all) != 1 || all["2605.00002"] {
			t.Errorf("after votes again: %v", all)
		}
	})
}

func TestSecretsAreShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		keys := make(chan []byte, 8)
		for range cap(keys) {
			go func() {
				key, err := db.Secret(context.Background(), "media", 32)
				if err != nil {
					t.Error(err)
				}
				keys <- key
			}()
		}
		first := <-keys
		for range cap(keys) - 1 {
			if key := <-keys; string(key) != string(first) {
				t.Error("two keys of one name")
			}
		}
		other, err := db.Secret(t.Context(), "sessions", 32)
		if err != nil || len(first) != 32 || string(other) == string(first) {
			t.Errorf("%x beside %x, %v", other, first, err)
		}
	})
}

package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/internal/paper"
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

func TestIndexChangesSayWhatChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		votes := func(id paper.ID, n int) {
			t.Helper()
			apply(t, db, counted(id, day1.AddDate(0, 0, n), 70+n))
		}
		changes := func(after, last int64, limit int) (string, int64) {
			t.Helper()
			all, through, err := db.IndexChanges(ctx, after, last, limit)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, c := range all {
				said += fmt.Sprintf("%s %v, ", c.ID[len(c.ID)-1:], c.Text)
			}
			return strings.TrimSuffix(said, ", "), through
		}
		apply(t, db, many(3, "2026-05-27")...)
		start := version(t, db) // the number of the third paper
		votes("2605.00001", 1)
		for _, tt := range []struct {
			after, last int64
			limit       int
			want        string
			through     int64
		}{
			{0, start + 1, 10, "1 true, 2 true, 3 true", start + 1},
			{0, start + 1, 2, "1 true, 2 true", start - 1}, // the first text is not put off by the votes
			{start - 1, start + 1, 2, "3 true, 1 false", start + 1},
			{0, start - 1, 10, "1 true, 2 true", start - 1},
			{start, start + 1, 10, "1 false", start + 1},
			{start + 1, start + 1, 10, "", start + 1},
		} {
			if got, through := changes(tt.after, tt.last, tt.limit); got != tt.want || through != tt.through {
				t.Errorf("after %d up to %d, %d of them: %q up to %d, want %q up to %d",
					tt.after, tt.last, tt.limit, got, through, tt.want, tt.through)
			}
		}
		seq := version(t, db)
		apply(t, db, arxivRow("2605.00002", "Another title", "2026-05-20"))
		votes("2605.00002", 1)
		if got, _ := changes(seq, version(t, db), 10); got != "2 true" {
			t.Errorf("after a new title and votes: %q", got)
		}
	})
}

// What follows in pages of any size, while papers change, ends with all texts and counts.
func TestIndexChangesLoseNoText(t *testing.T) {
	db, ctx := storetest.SQLite(t), t.Context()
	apply(t, db, many(40, "2026-05-27")...)
	for _, limit := range []int{1, 3, 7, 100} {
		text, counts := map[paper.ID]bool{}, map[paper.ID]bool{}
		for after, n := int64(0), 0; ; n++ {
			if n < 30 { // somebody votes for the last paper that is not told yet
				id := paper.ID(fmt.Sprintf("2605.%05d", 40-n))
				apply(t, db, counted(id, day1.AddDate(0, limit, n), 100*limit))
			}
			last := version(t, db)
			all, through, err := db.IndexChanges(ctx, after, last, limit)
			if err != nil || len(all) > limit || through > last {
				t.Fatalf("%d changes up to %d, %v", len(all), through, err)
			}
			for _, c := range all {
				if c.Text {
					text[c.ID] = true
				} else if counts[c.ID] = true; !text[c.ID] {
					t.Errorf("pages of %d: the counts of %s come before its text", limit, c.ID)
				}
			}
			if after = through; after == version(t, db) && n >= 30 {
				break
			}
		}
		if len(text) != 40 {
			t.Errorf("pages of %d: %d texts of 40", limit, len(text))
		}
	}
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

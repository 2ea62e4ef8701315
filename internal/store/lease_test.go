package store_test

import (
	"errors"
	"testing"
	"time"

	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

func TestLeases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, now := t.Context(), day1
		acquire := func(holder string, now time.Time) (store.Lease, error) {
			return db.Acquire(ctx, "work", holder, now, time.Minute)
		}
		a, err := acquire("a", now)
		if err != nil || a.Token == 0 || !a.Expires.Equal(now.Add(time.Minute)) {
			t.Fatalf("%+v, %v", a, err)
		}
		if _, err := acquire("b", now.Add(59*time.Second)); !errors.Is(err, store.ErrLeaseHeld) {
			t.Errorf("held by a: %v", err)
		}
		if a, err = db.Renew(ctx, a, now.Add(50*time.Second), time.Minute); err != nil {
			t.Fatal(err)
		}
		if _, err := acquire("b", now.Add(100*time.Second)); !errors.Is(err, store.ErrLeaseHeld) {
			t.Errorf("renewed by a: %v", err)
		}
		now = now.Add(time.Hour)
		b, err := acquire("b", now)
		if err != nil || b.Token <= a.Token {
			t.Fatalf("%+v after %+v, %v", b, a, err)
		}
		if _, err := db.Renew(ctx, a, now, time.Minute); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("a renews what b has: %v", err)
		}
		if err := db.Release(ctx, a); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("a releases what b has: %v", err)
		}
		if all, err := db.Leases(ctx, "wo", now); err != nil || len(all) != 1 || all[0].Holder != "b" {
			t.Errorf("leases %+v, %v", all, err)
		}
		if err := db.Release(ctx, b); err != nil {
			t.Fatal(err)
		}
		c, err := acquire("c", now)
		if err != nil || c.Token <= b.Token {
			t.Errorf("%+v after %+v, %v", c, b, err)
		}
	})
}

func TestAnOldLeaseWritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		a, err := db.Acquire(ctx, "work", "a", day1, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Under(a).Apply(ctx, many(1, "2026-05-27")); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Acquire(ctx, "work", "b", day1.Add(time.Hour), time.Minute); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Under(a).Apply(ctx, many(2, "2026-05-27")); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("wrote under a lease that is lost: %v", err)
		}
		if n, err := db.Papers(ctx); n != 1 || err != nil {
			t.Errorf("%d papers, %v", n, err)
		}
	})
}

func TestVectors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		put := map[store.TextHash][]float32{}
		var hashes []store.TextHash
		for i := range 600 {
			h := store.TextHash{byte(i), byte(i >> 8), 7}
			hashes = append(hashes, h)
			put[h] = []float32{float32(i) / 600, -0.25, 1}
		}
		if err := db.PutVectors(ctx, "m1", put); err != nil {
			t.Fatal(err)
		}
		if err := db.PutVectors(ctx, "m2", map[store.TextHash][]float32{hashes[0]: {1}}); err != nil {
			t.Fatal(err)
		}
		got, err := db.Vectors(ctx, "m1", append(hashes, store.TextHash{9, 9, 9}))
		if err != nil || len(got) != 600 {
			t.Fatalf("%d vectors, %v", len(got), err)
		}
		for h, want := range put {
			for i, x := range got[h] {
				if d := x - want[i]; d > 0.0005 || d < -0.0005 || len(got[h]) != len(want) {
					t.Fatalf("%v came back as %v", want, got[h])
				}
			}
		}
		n, err := db.PruneVectors(ctx, func(model string, text store.TextHash) bool { return model == "m1" && text[1] == 0 })
		if err != nil || n != 600-256+1 {
			t.Errorf("dropped %d, %v", n, err)
		}
		if got, err = db.Vectors(ctx, "m1", hashes); err != nil || len(got) != 256 {
			t.Errorf("%d vectors are left, %v", len(got), err)
		}
	})
}

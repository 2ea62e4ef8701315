package store_test

import (
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// What was said of an organization or an account later holds, in whatever order it is
// read; of two things said at one time the one read first.
func TestOlderNewsChangesNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		say := func(id string, at time.Time, name string) {
			t.Helper()
			o := hubItem(id, "2026-05-27", at, 1)
			o.Paper.Organization.FullName, o.Submission.By.FullName = name, name
			apply(t, db, o)
		}
		want := func(name string) {
			t.Helper()
			org, err := db.Organization(ctx, "acme")
			if err != nil || org.FullName != name {
				t.Errorf("organization %q, want %q, %v", org.FullName, name, err)
			}
			subs, err := db.Submissions(ctx, "2605.00001")
			if err != nil || subs[0].By.FullName != name {
				t.Errorf("account %q, want %q, %v", subs[0].By.FullName, name, err)
			}
		}
		say("2605.00001", day1, "New")
		want("New")
		before := version(t, db)
		say("2605.00002", day1.Add(-time.Hour), "Old")
		want("New")
		if after := version(t, db); after != before+1 { // the paper alone
			t.Errorf("version %d, was %d", after, before)
		}
		say("2605.00003", day1, "At the same time")
		want("New")
		say("2605.00004", day1.Add(time.Hour), "Newer")
		want("Newer")
		if out, err := db.Ingest(ctx, store.Batch{Organizations: []paper.Organization{{Name: "acme", FullName: "Undated"}, {Name: "new"}}}); err != nil ||
			out != (store.Outcome{Added: 1, Unchanged: 1}) {
			t.Errorf("%+v, %v", out, err)
		}
		want("Newer")
	})
}

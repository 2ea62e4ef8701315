package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
)

// Every query of a page must read an index from one place on: no scan of a table
// that grows with the papers, and no sorting of what was found.
func TestPagesReadIndexesOnly(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/test.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ask(t, db)
	queries := 0
	db.stmts.Range(func(q, _ any) bool {
		queries++
		for _, step := range plan(t, db, q.(string)) {
			if bad := grows(step); bad {
				t.Errorf("%s\n\tin %s", step, q)
			}
		}
		return true
	})
	if queries < 20 {
		t.Errorf("only %d queries seen", queries)
	}
}

// ask calls every method that a page may call.
func ask(t *testing.T, db *DB) {
	ctx := t.Context()
	ids := []paper.ID{"2605.00001", "2605.00002", "2605.00003"}
	for i, f := range []func() error{
		func() error { _, err := db.Edition(ctx, "2026-05-27", nil, 50); return err },
		func() error { _, err := db.Newest(ctx, Keyset{}, 50); return err },
		func() error { _, err := db.ByOrganization(ctx, "acme", Keyset{}, 50); return err },
		func() error { _, err := db.ByAuthor(ctx, "ada", Keyset{}, 50); return err },
		func() error { _, err := db.ByID(ctx, ids); return err },
		func() error { _, err := db.Titles(ctx, ids); return err },
		func() error { return db.listDetails(ctx, ids, map[paper.ID]*paper.Paper{}) },
		func() error { _, err := db.CountByAuthor(ctx, "ada", 10); return err },
		func() error { _, err := db.CountByOrganization(ctx, "acme", 10); return err },
		func() error { _, err := db.Candidates(ctx, 60); return err },
		func() error { _, err := db.CandidatesBy(ctx, "ada", 60); return err },
		func() error { _, err := db.Submitted(ctx, "", 10, 10); return err },
		func() error { _, err := db.Submitted(ctx, "ada", 10, 10); return err },
		func() error { _, err := db.Editions(ctx, paper.KindWeek, "", 10); return err },
		func() error { _, err := db.Organizations(ctx, "", 10); return err },
		func() error { _, err := db.Authors(ctx, "", 10); return err },
		func() error { _, err := db.Submissions(ctx, ids[0]); return err },
		func() error { _, err := db.Signals(ctx, ids[0], paper.SignalVotes); return err },
		func() error { _, _, err := db.Rank(ctx, "2026-05-27", ids[0]); return err },
		func() error { _, err := db.Around(ctx, "2026-05-27"); return err },
		func() error { _, err := db.CountEditions(ctx, paper.KindDay); return err },
		func() error { _, err := db.EditionsOf(ctx, []paper.Period{"2026-05-27", "2026-05-26"}, 9); return err },
		func() error { _, err := db.Summary(ctx); return err },
		func() error { _, err := db.AuthorsOf(ctx, ids); return err },
		func() error { _, err := db.OrganizationNames(ctx, []string{"acme", "rand"}); return err },
		func() error { _, err := db.Days(ctx, "2026-01-01", "2026-12-31"); return err },
		func() error { _, _, err := db.Span(ctx); return err },
		func() error { _, err := db.PublishedBetween(ctx, day(1), day(2), 10); return err },
		func() error { _, err := db.Version(ctx); return err },
		func() error { _, err := db.Changes(ctx, 0, 10); return err },
		func() error { _, _, err := db.IndexChanges(ctx, 0, 10, 10); return err },
		func() error { _, err := db.Known(ctx, ids[0]); return err },
		func() error { _, err := db.Position(ctx); return err },
		func() error { return db.Check(ctx, Position{Site: db.Identity(), Seq: 0}) },
		func() error { _, err := db.Events(ctx, 0, 10); return err },
	} {
		if err := f(); err != nil {
			t.Fatalf("question %d: %v", i, err)
		}
	}
	// These end early when there is nothing: their statements are asked by hand.
	for _, f := range []func() error{
		func() error { _, err := db.Paper(ctx, ids[0]); return ignoreNotFound(err) },
		func() error { _, err := readParts(ctx, db, &paper.Paper{ID: ids[0]}); return err },
		func() error { _, err := db.AuthorName(ctx, "ada"); return ignoreNotFound(err) },
		func() error { _, err := db.Organization(ctx, "acme"); return ignoreNotFound(err) },
	} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
}

// plan returns the steps of a query's plan.
func plan(t *testing.T, db *DB, q string) []string {
	numbers := regexp.MustCompile(`\$\d+`).FindAllString(q, -1)
	n := strings.Count(q, "?")
	for _, s := range numbers {
		var k int
		if _, err := fmt.Sscanf(s, "$%d", &k); err != nil {
			t.Fatal(err)
		}
		n = max(n, k)
	}
	args := make([]any, n)
	for i := range args {
		args[i] = 1
	}
	rows, err := db.reader.QueryContext(context.Background(), "explain query plan "+q, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return steps
}

// grows reports whether a step's work may grow with the number of papers.
func grows(step string) bool {
	if strings.Contains(step, "USE TEMP B-TREE FOR ORDER BY") || strings.Contains(step, "AUTOMATIC") {
		return true
	}
	scanned, ok := strings.CutPrefix(step, "SCAN ")
	if !ok {
		return false
	}
	name, using, _ := strings.Cut(scanned, " ")
	switch {
	case name == "e" || name == "t" || name == "CONSTANT" || strings.HasPrefix(name, "(subquery"): // subqueries that end at a limit
		return false
	case name == "history" && using == "": // the newest, by its primary key
		return false
	case name == "counters" || name == "sources" || name == "cursors": // a handful of rows
		return false
	}
	// The newest papers: an index read from its end, with a limit.
	return !strings.HasSuffix(using, "INDEX papers_published") && !strings.HasSuffix(using, "INDEX papers_submitted")
}

func day(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }

func ignoreNotFound(err error) error {
	if errors.Is(err, paper.ErrNotFound) {
		return nil
	}
	return err
}

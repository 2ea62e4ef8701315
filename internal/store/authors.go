package store

import (
	"context"
	"database/sql"
)

// AuthorName returns the name behind an author's slug; paper.ErrNotFound if nobody
// has it.
func (db *DB) AuthorName(ctx context.Context, slug string) (string, error) {
	const q = `select name from authors where slug = $1`
	var name string
	if err := db.row(ctx, q, slug).Scan(&name); err != nil {
		return "", notFound(err, "author %s", slug)
	}
	return name, nil
}

// An AuthorRow is an author with the slug of their page.
type AuthorRow struct{ Slug, Name string }

// Authors returns authors by slug, after the given one.
func (db *DB) Authors(ctx context.Context, after string, limit int) ([]AuthorRow, error) {
	const q = `select slug, name from authors where slug > $1 order by slug limit $2`
	rows, err := db.rows(ctx, q, after, limit)
	return collect(rows, err, func(rows *sql.Rows) (AuthorRow, error) {
		var a AuthorRow
		err := rows.Scan(&a.Slug, &a.Name)
		return a, err
	})
}

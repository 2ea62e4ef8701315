package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"broadsheet/internal/paper"
)

// paperColumns are what scanPaper reads, from papers p left join organizations o.
const paperColumns = `p.id, p.published, p.precision, p.organization, p.votes, p.comments, p.stars, p.demo,
	p.title, p.abstract, p.authors, p.metadata,
	coalesce(o.key, ''), coalesce(o.full_name, ''), coalesce(o.avatar, '')`

// scanPaper reads paperColumns and then into more.
func scanPaper(row scanner, more ...any) (paper.Paper, error) {
	var p paper.Paper
	var o paper.Organization
	var published int64
	var authors, rest []byte
	dest := append([]any{&p.ID, &published, &p.Published.Precision, &o.Name, &p.Votes, &p.Comments, &p.Stars, &p.Demo,
		&p.Title, &p.Abstract, &authors, &rest, &o.Key, &o.FullName, &o.Avatar}, more...)
	if err := row.Scan(dest...); err != nil {
		return paper.Paper{}, err
	}
	p.Published.Time = fromMicros(published)
	if err := json.Unmarshal(authors, &p.Authors); err != nil {
		return paper.Paper{}, fmt.Errorf("authors of %s: %w", p.ID, err)
	}
	var m metadata
	if err := json.Unmarshal(rest, &m); err != nil {
		return paper.Paper{}, fmt.Errorf("metadata of %s: %w", p.ID, err)
	}
	m.into(&p)
	if o.Name != "" {
		p.Organization = &o
	}
	return p, nil
}

// Paper returns all that is known about one paper; paper.ErrNotFound if nothing is.
func (db *DB) Paper(ctx context.Context, id paper.ID) (paper.Paper, error) {
	const q = `select ` + paperColumns + ` from papers p
		left join organizations o on o.name = p.organization where p.id = $1`
	p, err := scanPaper(db.row(ctx, q, id))
	if err != nil {
		return paper.Paper{}, notFound(err, "paper %s", id)
	}
	if err := readDetails(ctx, db, &p); err != nil {
		return paper.Paper{}, fmt.Errorf("store: paper %s: %w", id, err)
	}
	links, err := readLinks(ctx, db, id)
	if err != nil {
		return paper.Paper{}, fmt.Errorf("store: paper %s: %w", id, err)
	}
	p.Links = paper.MergeLinks(links)
	return p, nil
}

// A querier runs a query, within a transaction or without.
type querier interface {
	rows(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readDetails reads versions and media into p.
func readDetails(ctx context.Context, db querier, p *paper.Paper) error {
	const versions = `select number, created from versions where paper = $1 order by number`
	rows, err := db.rows(ctx, versions, p.ID)
	if err != nil {
		return err
	}
	if err := each(rows, func(rows *sql.Rows) error {
		var v paper.Version
		var at int64
		err := rows.Scan(&v.Number, &at)
		v.Created = fromMicros(at)
		p.Versions = append(p.Versions, v)
		return err
	}); err != nil {
		return err
	}
	const media = `select position, url from media where paper = $1 order by position`
	if rows, err = db.rows(ctx, media, p.ID); err != nil {
		return err
	}
	return each(rows, func(rows *sql.Rows) error { return scanMedia(rows, p) })
}

func scanMedia(rows *sql.Rows, p *paper.Paper) error {
	var position int
	var url string
	if err := rows.Scan(&position, &url); err != nil {
		return err
	}
	if position == thumbnailPosition {
		p.Thumbnail = url
	} else {
		p.Media = append(p.Media, url)
	}
	return nil
}

// readLinks returns the links of a paper, as each source knows them.
func readLinks(ctx context.Context, db querier, id paper.ID) (map[paper.Source][]paper.Link, error) {
	const q = `select source, kind, url, grade, checked from links where paper = $1 order by source, kind, url`
	rows, err := db.rows(ctx, q, id)
	if err != nil {
		return nil, err
	}
	links := map[paper.Source][]paper.Link{}
	err = each(rows, func(rows *sql.Rows) error {
		var source paper.Source
		var l paper.Link
		var checked int64
		err := rows.Scan(&source, &l.Kind, &l.URL, &l.Grade, &checked)
		l.Checked = fromMicros(checked)
		links[source] = append(links[source], l)
		return err
	})
	return links, err
}

// Standing returns a paper's place in an edition, from 1; 0 when it stands not in
// it.
func (db *DB) Standing(ctx context.Context, period paper.Period, id paper.ID) (int, error) {
	const q = `select count(*) from listings l join listings o on o.period = l.period
			and (o.standing, o.position, o.paper) <= (l.standing, l.position, l.paper)
		where l.paper = $1 and l.period = $2`
	var n int
	if err := db.row(ctx, q, id, period).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: standing of %s in %s: %w", id, period, err)
	}
	return n, nil
}

// Known reports whether there is such a paper.
func (db *DB) Known(ctx context.Context, id paper.ID) (bool, error) {
	const q = `select 1 from papers where id = $1`
	var one int
	err := db.row(ctx, q, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

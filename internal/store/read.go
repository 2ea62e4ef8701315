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
	p.title, p.abstract, p.authors, p.facts,
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
	var f facts
	if err := json.Unmarshal(rest, &f); err != nil {
		return paper.Paper{}, fmt.Errorf("facts of %s: %w", p.ID, err)
	}
	f.into(&p)
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
	if err := readLinks(ctx, db, &p); err != nil {
		return paper.Paper{}, fmt.Errorf("store: paper %s: %w", id, err)
	}
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

const linksOf = `select source, kind, url, grade, checked from links where paper = $1 order by source desc, kind, url`

func scanLink(rows *sql.Rows) (paper.Source, paper.Link, error) {
	var source paper.Source
	var l paper.Link
	var checked int64
	err := rows.Scan(&source, &l.Kind, &l.URL, &l.Grade, &checked)
	l.Checked = fromMicros(checked)
	return source, l, err
}

func readLinks(ctx context.Context, db querier, p *paper.Paper) error {
	rows, err := db.rows(ctx, linksOf, p.ID)
	if err != nil {
		return err
	}
	return each(rows, func(rows *sql.Rows) error {
		_, l, err := scanLink(rows)
		p.Links = paper.AddLink(p.Links, l)
		return err
	})
}

// Submissions returns the editions that a paper stands in, the first one first.
func (db *DB) Submissions(ctx context.Context, id paper.ID) ([]paper.Submission, error) {
	const q = `select s.day, s.at, s.position, s.by_name, coalesce(n.profile, '')
		from submissions s left join people n on n.name = s.by_name
		where s.paper = $1 order by s.day`
	rows, err := db.rows(ctx, q, id)
	all, err := collect(rows, err, func(rows *sql.Rows) (paper.Submission, error) {
		var r submissionRow
		if err := rows.Scan(&r.day, &r.at, &r.position, &r.by, &r.profile); err != nil {
			return paper.Submission{}, err
		}
		return r.submission()
	})
	if err != nil {
		return nil, fmt.Errorf("store: submissions of %s: %w", id, err)
	}
	return all, nil
}

// submissionRow is a submission as a query gives it; day is null where there is
// none.
type submissionRow struct {
	day         sql.NullString
	at          sql.NullInt64
	position    sql.NullInt64
	by, profile sql.NullString
}

func (r submissionRow) submission() (paper.Submission, error) {
	s := paper.Submission{Day: paper.Day(r.day.String), At: fromMicros(r.at.Int64), Position: int(r.position.Int64)}
	if r.profile.String != "" {
		s.By = new(paper.Person)
		if err := json.Unmarshal([]byte(r.profile.String), s.By); err != nil {
			return paper.Submission{}, fmt.Errorf("profile of %s: %w", r.by.String, err)
		}
	}
	return s, nil
}

// Signals returns what was counted for a paper over time, oldest first.
func (db *DB) Signals(ctx context.Context, id paper.ID, kind paper.SignalKind) ([]paper.Signal, error) {
	const q = `select at, value from signals where paper = $1 and kind = $2 order by at`
	rows, err := db.rows(ctx, q, id, kind)
	all, err := collect(rows, err, func(rows *sql.Rows) (paper.Signal, error) {
		var at int64
		s := paper.Signal{Kind: kind}
		err := rows.Scan(&at, &s.Value)
		s.At = fromMicros(at)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: %s of %s: %w", kind, id, err)
	}
	return all, nil
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

// Organization returns one by name; paper.ErrNotFound if it is not known.
func (db *DB) Organization(ctx context.Context, name string) (paper.Organization, error) {
	const q = `select key, full_name, avatar from organizations where name = $1`
	o := paper.Organization{Name: name}
	if err := db.row(ctx, q, name).Scan(&o.Key, &o.FullName, &o.Avatar); err != nil {
		return paper.Organization{}, notFound(err, "organization %s", name)
	}
	return o, nil
}

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

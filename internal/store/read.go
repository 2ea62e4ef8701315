package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
	links, err := readParts(ctx, db, &p)
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

// readParts reads versions and media into p, and returns its links as each source knows
// them.
func readParts(ctx context.Context, db querier, p *paper.Paper) (map[paper.Source][]paper.Link, error) {
	const q = `select 'version', '', '', '', '', number, created from versions where paper = $1
		union all select 'media', '', '', url, '', position, 0 from media where paper = $1
		union all select 'link', source, kind, url, grade, 0, checked from links where paper = $1`
	rows, err := db.rows(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	var media []mediaRow
	links := map[paper.Source][]paper.Link{}
	if err := each(rows, func(rows *sql.Rows) error {
		var what, url string
		var source paper.Source
		var l paper.Link
		var n int
		var at int64
		if err := rows.Scan(&what, &source, &l.Kind, &url, &l.Grade, &n, &at); err != nil {
			return err
		}
		switch what {
		case "version":
			p.Versions = append(p.Versions, paper.Version{Number: n, Created: fromMicros(at)})
		case "media":
			media = append(media, mediaRow{n, url})
		case "link":
			l.URL, l.Checked = url, fromMicros(at)
			links[source] = append(links[source], l)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(p.Versions, func(a, b paper.Version) int { return cmp.Compare(a.Number, b.Number) })
	addMedia(p, media)
	sortLinks(links)
	return links, nil
}

// sortLinks puts the links of each source in order, which must not depend on how they were
// read.
func sortLinks(links map[paper.Source][]paper.Link) {
	for _, all := range links {
		slices.SortFunc(all, func(a, b paper.Link) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.URL, b.URL))
		})
	}
}

// A mediaRow is one of a paper's pictures or films.
type mediaRow struct {
	position int
	url      string
}

// addMedia gives a paper its pictures and films, in order.
func addMedia(p *paper.Paper, media []mediaRow) {
	slices.SortFunc(media, func(a, b mediaRow) int { return cmp.Compare(a.position, b.position) })
	for _, m := range media {
		if m.position == thumbnailPosition {
			p.Thumbnail = m.url
		} else {
			p.Media = append(p.Media, m.url)
		}
	}
}

// Rank returns a paper's rank in an edition, from 1, and of how many papers; 0 when it is
// not in it.
func (db *DB) Rank(ctx context.Context, period paper.Period, id paper.ID) (rank, of int, err error) {
	const q = `select (select count(*) from listings l join listings o on o.period = l.period
			and (o.standing, o.position, o.paper) <= (l.standing, l.position, l.paper)
		where l.paper = $1 and l.period = $2),
		coalesce((select papers from editions where kind = $3 and period = $2), 0)`
	if err := db.row(ctx, q, id, period, period.Kind()).Scan(&rank, &of); err != nil {
		return 0, 0, fmt.Errorf("store: rank of %s in %s: %w", id, period, err)
	}
	return rank, of, nil
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

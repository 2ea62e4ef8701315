package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/paper"
)

// A Row is a paper as lists show it: with links and media, without versions, and with
// its first submission, if any.
type Row struct {
	Paper      paper.Paper
	Submission *paper.Submission
	RankKey    RankKey // in the edition that was asked for
}

// A RankKey is what the papers of an edition are ordered by; pages begin behind one.
type RankKey struct {
	Votes    int   // the most first; -1: the paper came when the edition was closed
	Position int64 // then in the source's own order
	ID       paper.ID
}

func (k RankKey) compare(l RankKey) int {
	return cmp.Or(cmp.Compare(l.Votes, k.Votes), cmp.Compare(k.Position, l.Position), cmp.Compare(k.ID, l.ID))
}

// A Keyset is what lists by publication are ordered by, newest first; pages begin behind
// one. The zero value is before the first paper.
type Keyset struct {
	Published int64 // microseconds UTC
	ID        paper.ID
}

// KeysetOf is the one of p.
func KeysetOf(p *paper.Paper) Keyset { return Keyset{micros(p.Published.Time), p.ID} }

// orNewest turns the zero value into the place before the newest paper.
func (k Keyset) orNewest() Keyset {
	if k == (Keyset{}) {
		return Keyset{Published: 1 << 62}
	}
	return k
}

// listColumns are what scanRow reads; listJoins come after "papers p".
const (
	listColumns = paperColumns + `, s.day, s.at, s.position, s.by_name, n.profile`
	listJoins   = ` left join organizations o on o.name = p.organization
		left join submissions s on s.paper = p.id
			and s.day = (select min(f.day) from submissions f where f.paper = p.id)
		left join people n on n.name = s.by_name `
)

func scanRow(rows *sql.Rows, more ...any) (Row, error) {
	var r Row
	var s submissionRow
	dest := append([]any{&s.day, &s.at, &s.position, &s.by, &s.profile}, more...)
	var err error
	if r.Paper, err = scanPaper(rows, dest...); err != nil || !s.day.Valid {
		return r, err
	}
	sub, err := s.submission()
	r.Submission = &sub
	return r, err
}

// Edition returns the papers of a period by votes, then in the source's order:
// limit of them after the given place (nil: from the first).
func (db *DB) Edition(ctx context.Context, period paper.Period, after *RankKey, limit int) ([]Row, error) {
	const q = `select ` + listColumns + `, l.standing, l.position
		from listings l join papers p on p.id = l.paper` + listJoins + `
		where l.period = $1 and (l.standing, l.position, l.paper) > ($2, $3, $4)
		order by l.standing, l.position, l.paper limit $5`
	from := RankKey{Votes: 1 << 40}
	if after != nil {
		from = *after
	}
	rows, err := db.rows(ctx, q, period, -from.Votes, from.Position, from.ID, limit)
	return db.list(ctx, rows, err, func(rows *sql.Rows) (Row, error) { return scanRankKey(rows) })
}

// EditionsOf returns the papers of several periods, each as [DB.Edition] has them: limit of
// each from the first on.
func (db *DB) EditionsOf(ctx context.Context, periods []paper.Period, limit int) (map[paper.Period][]Row, error) {
	const first = `select * from (select paper, period, standing, position from listings
		where period = $%d order by standing, position, paper limit $1) t`
	var lists []string
	args := []any{limit}
	for size := 1; len(lists) < len(periods); size *= 2 { // few statements to prepare
		for len(lists) < size {
			lists = append(lists, fmt.Sprintf(first, len(lists)+2))
		}
	}
	for i := range lists {
		if i < len(periods) {
			args = append(args, periods[i])
		} else {
			args = append(args, "")
		}
	}
	if len(lists) == 0 {
		return nil, nil
	}
	rows, err := db.rows(ctx, `select `+listColumns+`, l.period, l.standing, l.position
		from (`+strings.Join(lists, " union all ")+`) l join papers p on p.id = l.paper`+listJoins, args...)
	var in []paper.Period
	all, err := db.list(ctx, rows, err, func(rows *sql.Rows) (Row, error) {
		var period paper.Period
		r, err := scanRankKey(rows, &period)
		in = append(in, period)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	by := map[paper.Period][]Row{}
	for i, r := range all {
		by[in[i]] = append(by[in[i]], r)
	}
	for _, rows := range by {
		slices.SortFunc(rows, func(a, b Row) int { return a.RankKey.compare(b.RankKey) })
	}
	return by, nil
}

// scanRankKey reads a row with its rank key, and the columns before that into more.
func scanRankKey(rows *sql.Rows, more ...any) (Row, error) {
	var standing int
	var position int64
	r, err := scanRow(rows, append(more, &standing, &position)...)
	r.RankKey = RankKey{-standing, position, r.Paper.ID}
	return r, err
}

// Newest returns papers by publication, newest first, after the given place.
func (db *DB) Newest(ctx context.Context, after Keyset, limit int) ([]Row, error) {
	const q = `select ` + listColumns + ` from papers p` + listJoins + `
		where (p.published, p.id) < ($1, $2) order by p.published desc, p.id desc limit $3`
	k := after.orNewest()
	rows, err := db.rows(ctx, q, k.Published, k.ID, limit)
	return db.list(ctx, rows, err, plainRow)
}

// ByOrganization returns an organization's papers, newest first.
func (db *DB) ByOrganization(ctx context.Context, name string, after Keyset, limit int) ([]Row, error) {
	const q = `select ` + listColumns + ` from papers p` + listJoins + `
		where p.organization = $1 and p.organization <> '' and (p.published, p.id) < ($2, $3)
		order by p.published desc, p.id desc limit $4`
	k := after.orNewest()
	rows, err := db.rows(ctx, q, name, k.Published, k.ID, limit)
	return db.list(ctx, rows, err, plainRow)
}

// ByAuthor returns the papers with an author of that slug, newest first.
func (db *DB) ByAuthor(ctx context.Context, slug string, after Keyset, limit int) ([]Row, error) {
	const q = `select ` + listColumns + ` from authorships a join papers p on p.id = a.paper` + listJoins + `
		where a.author = $1 and (a.published, a.paper) < ($2, $3)
		order by a.published desc, a.paper desc limit $4`
	k := after.orNewest()
	rows, err := db.rows(ctx, q, slug, k.Published, k.ID, limit)
	return db.list(ctx, rows, err, plainRow)
}

func plainRow(rows *sql.Rows) (Row, error) { return scanRow(rows) }

// ByID returns the papers with these identifiers, in their order; those that are
// not known are left out.
func (db *DB) ByID(ctx context.Context, ids []paper.ID) ([]Row, error) {
	const q = `select ` + listColumns + ` from papers p` + listJoins + ` where p.id in %s`
	found := map[paper.ID]Row{}
	rows, err := rowsIn(ctx, db, q, ids)
	all, err := db.list(ctx, rows, err, plainRow)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		found[r.Paper.ID] = r
	}
	all = all[:0]
	for _, id := range ids {
		if r, ok := found[id]; ok {
			all = append(all, r)
		}
	}
	return all, nil
}

// Titles returns the titles of the papers with these identifiers that are known.
func (db *DB) Titles(ctx context.Context, ids []paper.ID) (map[paper.ID]string, error) {
	rows, err := rowsIn(ctx, db, `select id, title from papers where id in %s`, ids)
	if err != nil {
		return nil, err
	}
	titles := map[paper.ID]string{}
	err = each(rows, func(rows *sql.Rows) error {
		var id paper.ID
		var title string
		err := rows.Scan(&id, &title)
		titles[id] = title
		return err
	})
	return titles, err
}

// AuthorsOf returns the authors of the papers with these identifiers that are known.
func (db *DB) AuthorsOf(ctx context.Context, ids []paper.ID) ([]paper.Author, error) {
	rows, err := rowsIn(ctx, db, `select authors from papers where id in %s`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: authors: %w", err)
	}
	var all []paper.Author
	err = each(rows, func(rows *sql.Rows) error {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return err
		}
		var authors []paper.Author
		err := json.Unmarshal(text, &authors)
		all = append(all, authors...)
		return err
	})
	return all, err
}

// rowsIn runs query, whose every %s becomes placeholders for all values. The list is
// padded to a power of two, so that there are few statements to prepare.
func rowsIn[T ~string](ctx context.Context, db *DB, query string, values []T) (*sql.Rows, error) {
	size := 1
	for size < len(values) {
		size *= 2
	}
	var args, lists []any
	for n := range strings.Count(query, "%s") {
		lists = append(lists, db.dialect.placeholders(n*size, size))
		for i := range size {
			var v any = ""
			if i < len(values) {
				v = values[i]
			}
			args = append(args, v)
		}
	}
	return db.rows(ctx, fmt.Sprintf(query, lists...), args...)
}

// list reads rows and completes them with links and thumbnails.
func (db *DB) list(ctx context.Context, rows *sql.Rows, err error, scan func(*sql.Rows) (Row, error)) ([]Row, error) {
	all, err := collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("store: list: %w", err)
	}
	if len(all) == 0 {
		return nil, nil
	}
	at := map[paper.ID]*paper.Paper{}
	var ids []paper.ID
	for i := range all {
		p := &all[i].Paper
		if at[p.ID] == nil {
			at[p.ID] = p
			ids = append(ids, p.ID)
		}
	}
	if err := db.listDetails(ctx, ids, at); err != nil {
		return nil, fmt.Errorf("store: list: %w", err)
	}
	for i := range all { // a paper that stands there twice has its details twice
		p := &all[i].Paper
		first := at[p.ID]
		p.Links, p.Media, p.Thumbnail = first.Links, first.Media, first.Thumbnail
	}
	return all, nil
}

func (db *DB) listDetails(ctx context.Context, ids []paper.ID, at map[paper.ID]*paper.Paper) error {
	const q = `select 'link', paper, source, kind, url, grade, 0 from links where paper in %s
		union all select 'media', paper, '', '', url, '', position from media where paper in %s`
	rows, err := rowsIn(ctx, db, q, ids)
	if err != nil {
		return err
	}
	links := map[paper.ID]map[paper.Source][]paper.Link{}
	media := map[paper.ID][]mediaRow{}
	if err := each(rows, func(rows *sql.Rows) error {
		var what string
		var id paper.ID
		var source paper.Source
		var l paper.Link
		var m mediaRow
		err := rows.Scan(&what, &id, &source, &l.Kind, &l.URL, &l.Grade, &m.position)
		if what == "media" {
			m.url = l.URL
			media[id] = append(media[id], m)
			return err
		}
		if links[id] == nil {
			links[id] = map[paper.Source][]paper.Link{}
		}
		links[id][source] = append(links[id][source], l)
		return err
	}); err != nil {
		return err
	}
	for id, by := range links {
		sortLinks(by)
		at[id].Links = paper.MergeLinks(by)
	}
	for id, rows := range media {
		addMedia(at[id], rows)
	}
	return nil
}

// A Candidate is what trending needs to know of a paper.
type Candidate struct {
	ID                     paper.ID
	Votes, Comments, Stars int
	Day                    paper.Day // of its first edition among those looked at
}

// Candidates returns the papers of the newest editions, each once.
func (db *DB) Candidates(ctx context.Context, editions int) ([]Candidate, error) {
	const q = `select p.id, p.votes, p.comments, p.stars, min(l.period)
		from (select period from editions where kind = 'day' and papers > 0 order by period desc limit $1) e
		join listings l on l.period = e.period join papers p on p.id = l.paper
		group by p.id, p.votes, p.comments, p.stars`
	rows, err := db.rows(ctx, q, editions)
	return collect(rows, err, scanCandidate)
}

// CountByAuthor counts an author's papers up to limit.
func (db *DB) CountByAuthor(ctx context.Context, slug string, limit int) (int, error) {
	return db.countUpTo(ctx, `select 1 from authorships where author = $1`, slug, limit)
}

// CountByOrganization counts an organization's papers up to limit.
func (db *DB) CountByOrganization(ctx context.Context, name string, limit int) (int, error) {
	return db.countUpTo(ctx, `select 1 from papers where organization = $1 and organization <> ''`, name, limit)
}

func (db *DB) countUpTo(ctx context.Context, query, key string, limit int) (int, error) {
	var n int
	q := strings.Join([]string{`select count(*) from (`, query, ` limit $2) t`}, "")
	if err := db.row(ctx, q, key, limit).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: count: %w", err)
	}
	return n, nil
}

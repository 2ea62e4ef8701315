package store

import (
	"context"
	"database/sql"

	"broadsheet/internal/paper"
)

// Submitted returns the papers that stand in an edition by publication, newest first,
// each with its first submission: limit of them after the first offset. A submitter
// other than "" is the one whose submissions are wanted.
func (db *DB) Submitted(ctx context.Context, submitter string, offset, limit int) ([]Row, error) {
	const all = `select id from papers where submitted <> 0 order by published desc, id desc limit $1 offset $2`
	const by = `select id from papers where submitter = $3 and submitter <> '' order by published desc, id desc limit $1 offset $2`
	q, args := all, []any{limit, offset}
	if submitter != "" {
		q, args = by, append(args, submitter)
	}
	rows, err := db.rows(ctx, q, args...)
	ids, err := collect(rows, err, func(rows *sql.Rows) (id paper.ID, err error) {
		err = rows.Scan(&id)
		return id, err
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return db.ByID(ctx, ids)
}

// An Order is how the papers of a period are ordered.
type Order int

// The orders.
const (
	ByPublication Order = iota // newest first
	ByVotes                    // then the source's own order
)

// SubmittedIn is the same for the papers of one period, in an order, each with the
// submission that put it there.
func (db *DB) SubmittedIn(ctx context.Context, period paper.Period, submitter string, order Order, offset, limit int) ([]Row, error) {
	const from = `select ` + paperColumns + `, s.day, s.at, s.position, s.by_name, n.profile
		from listings l join papers p on p.id = l.paper
		left join organizations o on o.name = p.organization
		join submissions s on s.paper = p.id and s.day = (select min(f.day) from submissions f
			where f.paper = p.id and f.day >= $2 and f.day <= $3)
		left join people n on n.name = s.by_name
		where l.period = $1 and (s.by_name = $4 or $5) order by `
	const published = from + `p.published desc, p.id desc limit $6 offset $7`
	const standing = from + `l.standing, l.position, l.paper limit $6 offset $7`
	q := published
	if order == ByVotes {
		q = standing
	}
	rows, err := db.rows(ctx, q, period, period.First(), period.Last(), submitter, submitter == "", limit, offset)
	return db.list(ctx, rows, err, plainRow)
}

// CandidatesBy returns a submitter's papers, limit of the newest at the most.
func (db *DB) CandidatesBy(ctx context.Context, submitter string, limit int) ([]Candidate, error) {
	const q = `select p.id, p.votes, p.comments, p.stars, (select min(day) from submissions where paper = p.id)
		from papers p where p.submitter = $1 and p.submitter <> '' order by p.published desc, p.id desc limit $2`
	rows, err := db.rows(ctx, q, submitter, limit)
	return collect(rows, err, scanCandidate)
}

func scanCandidate(rows *sql.Rows) (Candidate, error) {
	var c Candidate
	err := rows.Scan(&c.ID, &c.Votes, &c.Comments, &c.Stars, &c.Day)
	return c, err
}

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"broadsheet/internal/paper"
)

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

// writeSubmissions puts papers into editions.
func (b *batchWriter) writeSubmissions(ctx context.Context, all []*entry) error {
	counts := map[paper.Period]*edition{} // as this batch leaves them
	for _, e := range all {
		for _, s := range e.newDays {
			if err := b.submit(ctx, e, s, counts); err != nil {
				return fmt.Errorf("store: submission of %s: %w", e.id, err)
			}
		}
	}
	const q = `insert into editions (kind, period, papers) values ($1, $2, $3)
		on conflict (kind, period) do update set papers = excluded.papers`
	for period, ed := range counts {
		if err := b.w.exec(ctx, q, period.Kind(), period, ed.papers); err != nil {
			return err
		}
	}
	return nil
}

// markSubmitted notes on a paper whether it stands in any edition, and by whom it
// came into its first.
const markSubmitted = `update papers set
	submitted = (select count(*) from (select 1 from submissions s where s.paper = $1 limit 1) one),
	submitter = coalesce((select s.by_name from submissions s where s.paper = $1 order by s.day limit 1), '')
	where id = $1`

func (b *batchWriter) submit(ctx context.Context, e *entry, s sourced[paper.Submission], counts map[paper.Period]*edition) error {
	day := s.value.Day
	ed, err := b.edition(ctx, day.Period(), counts)
	if err != nil {
		return err
	}
	place := ed.papers
	by := ""
	if s.value.By != nil {
		by = s.value.By.Name
	}
	const q = `insert into submissions (paper, day, source, at, by_name, position) values ($1, $2, $3, $4, $5, $6)`
	if err := b.w.exec(ctx, q, e.id, day, s.source, micros(s.value.At), by, place); err != nil {
		return err
	}
	if err := b.w.exec(ctx, markSubmitted, e.id); err != nil {
		return err
	}
	for _, period := range []paper.Period{day.Period(), day.Week(), day.Month()} {
		if err := b.list(ctx, e, period, orderIn(period, day, place), counts); err != nil {
			return err
		}
	}
	return nil
}

// list enters a paper into one period, unless it stands there already from another of
// its days. In a closed period it comes last.
func (b *batchWriter) list(ctx context.Context, e *entry, period paper.Period, position int64, counts map[paper.Period]*edition) error {
	ed, err := b.edition(ctx, period, counts)
	if err != nil {
		return err
	}
	standing := -e.record.Paper.Votes
	if ed.closed {
		standing, position = lateStanding, int64(ed.papers)
	}
	const q = `insert into listings (paper, period, standing, position) values ($1, $2, $3, $4) on conflict do nothing`
	n, err := b.w.execCount(ctx, q, e.id, period, standing, position)
	ed.papers += n
	return err
}

// orderIn is the source's own order of a paper within a period: its place in the
// day, and in a week or month the newer day first.
func orderIn(period paper.Period, day paper.Day, place int) int64 {
	if period.Kind() == paper.KindDay {
		return int64(place)
	}
	const days, places = 1 << 20, 1 << 20 // more than there will ever be
	return (days-day.Time().Unix()/86400)*places + int64(place)
}

// An edition is what a batch needs to know of a period.
type edition struct {
	papers int // this batch included
	closed bool
}

// edition returns the state of a period.
func (b *batchWriter) edition(ctx context.Context, period paper.Period, counts map[paper.Period]*edition) (*edition, error) {
	if ed, ok := counts[period]; ok {
		return ed, nil
	}
	const q = `select coalesce(max(papers), 0), coalesce(max(closed_at), 0) <> 0 from editions where kind = $1 and period = $2`
	ed := &edition{}
	if err := b.w.row(ctx, q, period.Kind(), period).Scan(&ed.papers, &ed.closed); err != nil {
		return nil, err
	}
	counts[period] = ed
	return ed, nil
}

// writeStandings moves papers whose votes have changed in their editions that are not
// closed.
func (b *batchWriter) writeStandings(ctx context.Context, all []*entry) error {
	const q = `update listings set standing = $2 where paper = $1 and standing <> $2
		and not exists (select 1 from editions e
			where e.kind in ('day', 'week', 'month') and e.period = listings.period and e.closed_at <> 0)`
	for _, e := range all {
		if !e.known || e.record.Paper.Votes == e.original.Votes {
			continue
		}
		if err := b.w.exec(ctx, q, e.id, -e.record.Paper.Votes); err != nil {
			return err
		}
	}
	return nil
}

package store

import (
	"context"
	"fmt"

	"broadsheet/internal/paper"
)

// writeSignals stores what was counted when.
func (b *batchWriter) writeSignals(ctx context.Context, all []*entry) error {
	var rows [][]any
	for _, e := range all {
		for _, s := range e.newSignals {
			rows = append(rows, []any{string(e.id), string(s.value.Kind), micros(s.value.At), s.value.Value, string(s.source)})
		}
	}
	return b.w.writeSignalRows(ctx, rows)
}

func (w *writeTx) writeSignalRows(ctx context.Context, rows [][]any) error {
	// One row a statement: a batch may count one thing twice.
	const q = `insert into signals (paper, kind, at, value, source) values ($1, $2, $3, $4, $5)
		on conflict (paper, kind, at) do update set value = excluded.value, source = excluded.source
		where excluded.value > signals.value`
	for _, r := range rows {
		if err := w.exec(ctx, q, r...); err != nil {
			return err
		}
	}
	return nil
}

// writeSubmissions puts papers into editions.
func (b *batchWriter) writeSubmissions(ctx context.Context, all []*entry) error {
	counts := map[paper.Period]int{} // of editions, as this batch leaves them
	for _, e := range all {
		for _, s := range e.newDays {
			if err := b.submit(ctx, e, s, counts); err != nil {
				return fmt.Errorf("store: submission of %s: %w", e.id, err)
			}
		}
	}
	const q = `insert into editions (kind, period, papers) values ($1, $2, $3)
		on conflict (kind, period) do update set papers = excluded.papers`
	for period, n := range counts {
		if err := b.w.exec(ctx, q, period.Kind(), period, n); err != nil {
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

func (b *batchWriter) submit(ctx context.Context, e *entry, s sourced[paper.Submission], counts map[paper.Period]int) error {
	day := s.value.Day
	place, err := b.count(ctx, day.Period(), counts)
	if err != nil {
		return err
	}
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

// list enters a paper into one period, unless it stands there already from
// another of its days.
func (b *batchWriter) list(ctx context.Context, e *entry, period paper.Period, position int64, counts map[paper.Period]int) error {
	if _, err := b.count(ctx, period, counts); err != nil {
		return err
	}
	const q = `insert into listings (paper, period, standing, position) values ($1, $2, $3, $4) on conflict do nothing`
	n, err := b.w.execCount(ctx, q, e.id, period, -e.record.Paper.Votes, position)
	counts[period] += n
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

// count is how many papers a period has, this batch included.
func (b *batchWriter) count(ctx context.Context, period paper.Period, counts map[paper.Period]int) (int, error) {
	if n, ok := counts[period]; ok {
		return n, nil
	}
	const q = `select coalesce(max(papers), 0) from editions where kind = $1 and period = $2`
	var n int
	if err := b.w.row(ctx, q, period.Kind(), period).Scan(&n); err != nil {
		return 0, err
	}
	counts[period] = n
	return n, nil
}

// writeStandings moves papers whose votes have changed in their editions.
func (b *batchWriter) writeStandings(ctx context.Context, all []*entry) error {
	const q = `update listings set standing = $2 where paper = $1 and standing <> $2`
	for _, e := range all {
		if !e.known || len(e.newSignals) == 0 {
			continue
		}
		if err := b.w.exec(ctx, q, e.id, -e.record.Paper.Votes); err != nil {
			return err
		}
	}
	return nil
}

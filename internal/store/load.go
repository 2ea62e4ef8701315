package store

import (
	"context"
	"database/sql"

	"broadsheet/internal/paper"
)

// load reads what is known about the papers of a batch: their stamps, and for
// those that have something new to take in, all of it.
func (b *batchWriter) load(ctx context.Context, batch []paper.Observation) error {
	numbered := map[paper.ID]bool{}
	for _, o := range batch {
		if b.entries[o.Paper.ID] == nil {
			e := newEntry(o.Paper.ID)
			b.entries[o.Paper.ID] = e
			b.order = append(b.order, e)
		}
		if len(o.Signals) > 0 || o.Submission != nil {
			numbered[o.Paper.ID] = true
		}
	}
	if err := b.loadStamps(ctx); err != nil {
		return err
	}
	for _, o := range batch {
		e := b.entries[o.Paper.ID]
		if !e.known || e.full || !o.Stamp().Beats(e.record.Stamps[o.Source]) {
			continue
		}
		if err := b.loadRecord(ctx, e); err != nil {
			return err
		}
	}
	return b.loadNumbers(ctx, func(e *entry) bool { return !e.known || numbered[e.id] })
}

func (b *batchWriter) loadStamps(ctx context.Context) error {
	const q = `select id, demo, date_rank, demo_mark, hub_at, hub_mark, arxiv_at, arxiv_mended, arxiv_mark,
			votes, comments, stars
		from papers where id in %s`
	ids := b.keys(func(*entry) bool { return true })
	return b.w.selectIn(ctx, q, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var p paper.Paper
		var m stampColumns
		if err := rows.Scan(&id, &p.Demo, &m.dateRank, &m.demo, &m.hubAt, &m.hub, &m.arxivAt, &m.arxivMended, &m.arxiv,
			&p.Votes, &p.Comments, &p.Stars); err != nil {
			return err
		}
		p.ID = id
		e := b.entries[id]
		e.known = true
		e.record = paper.Record{Paper: p, Stamps: m.stamps(), DateRank: m.dateRank}
		return nil
	})
}

// stampColumns are the columns of papers that say who has spoken.
type stampColumns struct {
	dateRank       int
	demo           int64
	hubAt, hub     int64
	arxivAt, arxiv int64
	arxivMended    bool
}

func (m stampColumns) stamps() map[paper.Source]paper.Stamp {
	return map[paper.Source]paper.Stamp{
		paper.SourceDemo:  {Fingerprint: m.demo},
		paper.SourceHub:   {At: fromMicros(m.hubAt), Fingerprint: m.hub},
		paper.SourceArXiv: {At: fromMicros(m.arxivAt), Mended: m.arxivMended, Fingerprint: m.arxiv},
	}
}

func columnsOf(r *paper.Record) stampColumns {
	hub, arxiv := r.Stamps[paper.SourceHub], r.Stamps[paper.SourceArXiv]
	return stampColumns{
		dateRank: r.DateRank,
		demo:     r.Stamps[paper.SourceDemo].Fingerprint,
		hubAt:    micros(hub.At), hub: hub.Fingerprint,
		arxivAt: micros(arxiv.At), arxiv: arxiv.Fingerprint, arxivMended: arxiv.Mended,
	}
}

// loadRecord completes e.record with all the database knows.
func (b *batchWriter) loadRecord(ctx context.Context, e *entry) error {
	const q = `select ` + paperColumns + ` from papers p
		left join organizations o on o.name = p.organization where p.id = $1`
	p, err := scanPaper(b.w.row(ctx, q, e.id))
	if err != nil {
		return err
	}
	if err := readDetails(ctx, b.w, &p); err != nil {
		return err
	}
	links, err := b.w.rows(ctx, linksOf, e.id)
	if err != nil {
		return err
	}
	e.record.LinksBy = map[paper.Source][]paper.Link{}
	if err := each(links, func(rows *sql.Rows) error {
		source, l, err := scanLink(rows)
		e.record.LinksBy[source] = append(e.record.LinksBy[source], l)
		return err
	}); err != nil {
		return err
	}
	e.record.Paper, e.full = p, true
	e.before = authorshipOf(&p)
	return nil
}

// loadNumbers reads the signals and submissions of the entries that keep picks.
func (b *batchWriter) loadNumbers(ctx context.Context, keep func(*entry) bool) error {
	ids := b.keys(keep)
	const signals = `select paper, kind, at, value from signals where paper in %s order by paper, kind, at`
	if err := b.w.selectIn(ctx, signals, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var s paper.Signal
		var at int64
		if err := rows.Scan(&id, &s.Kind, &at, &s.Value); err != nil {
			return err
		}
		s.At = fromMicros(at)
		e := b.entries[id]
		e.signals[signalKey{s.Kind, at}] = s.Value
		e.numbers[s.Kind] = s
		return nil
	}); err != nil {
		return err
	}
	const submissions = `select paper, day from submissions where paper in %s`
	return b.w.selectIn(ctx, submissions, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var day paper.Day
		if err := rows.Scan(&id, &day); err != nil {
			return err
		}
		b.entries[id].submissions[day] = true
		return nil
	})
}

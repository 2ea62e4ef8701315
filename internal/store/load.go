package store

import (
	"context"
	"database/sql"

	"broadsheet/internal/paper"
)

// load reads what is known about the papers of a batch: which observations hold, and
// of those papers that have something new to take in, all.
func (b *batchWriter) load(ctx context.Context, batch []paper.Observation) error {
	numbered := map[paper.ID]bool{}
	for _, o := range batch {
		e := b.entry(o.Paper.ID)
		if len(o.Signals) > 0 || o.Submission != nil {
			numbered[e.id] = true
		}
	}
	if err := b.loadHeads(ctx); err != nil {
		return err
	}
	for _, o := range batch {
		e := b.entries[o.Paper.ID]
		if e.known && !e.full && o.Supersedes(e.record.Observation(o.Source)) {
			if err := b.loadRecord(ctx, e); err != nil {
				return err
			}
		}
	}
	return b.loadNumbers(ctx, func(e *entry) bool { return !e.known || e.full || numbered[e.id] })
}

// loadHeads reads which papers are known, their numbers, and which observations hold.
func (b *batchWriter) loadHeads(ctx context.Context) error {
	const papers = `select id, text_seq, votes, comments, stars from papers where id in %s`
	known := false
	ids := b.keys(func(*entry) bool { return true })
	if err := b.w.selectIn(ctx, papers, ids, func(rows *sql.Rows) error {
		var p paper.Paper
		var textSeq int64
		if err := rows.Scan(&p.ID, &textSeq, &p.Votes, &p.Comments, &p.Stars); err != nil {
			return err
		}
		known = true
		e := b.entries[p.ID]
		e.known, e.textSeq, e.original = true, textSeq, p
		e.record = paper.Record{Paper: p}
		return nil
	}); err != nil || !known {
		return err
	}
	const observations = `select paper, source, at, fingerprint, repaired from observations where paper in %s order by paper, source`
	ids = b.keys(func(e *entry) bool { return e.known })
	return b.w.selectIn(ctx, observations, ids, func(rows *sql.Rows) error {
		var id paper.ID
		o, err := scanObservation(rows, &id)
		if err == nil {
			r := &b.entries[id].record
			r.Observations = append(r.Observations, o)
		}
		return err
	})
}

func scanObservation(rows *sql.Rows, id *paper.ID, more ...any) (paper.Observation, error) {
	var o paper.Observation
	var at int64
	err := rows.Scan(append([]any{id, &o.Source, &at, &o.Fingerprint, &o.Repaired}, more...)...)
	o.At = fromMicros(at)
	return o, err
}

// loadRecord completes e.record with all the database knows.
func (b *batchWriter) loadRecord(ctx context.Context, e *entry) error {
	const q = `select ` + paperColumns + ` from papers p
		left join organizations o on o.name = p.organization where p.id = $1`
	p, err := scanPaper(b.w.row(ctx, q, e.id))
	if err != nil {
		return err
	}
	links, err := readParts(ctx, b.w, &p)
	if err != nil {
		return err
	}
	p.Links = paper.MergeLinks(links)
	const said = `select paper, source, at, fingerprint, repaired, coalesce(fields, '') from observations where paper = $1 order by source`
	rows, err := b.w.rows(ctx, said, e.id)
	if err != nil {
		return err
	}
	e.record = paper.Record{Paper: p}
	e.original, e.full = p, true
	return each(rows, func(rows *sql.Rows) error {
		var id paper.ID
		var differences string
		o, err := scanObservation(rows, &id, &differences)
		if err != nil {
			return err
		}
		err = o.Restore(p, differences, links[o.Source])
		e.record.Observations = append(e.record.Observations, o)
		return err
	})
}

// loadNumbers reads the signals, own votes and submissions of the entries that keep
// picks.
func (b *batchWriter) loadNumbers(ctx context.Context, keep func(*entry) bool) error {
	for _, e := range b.order {
		e.counted = keep(e)
	}
	var some bool // counts of any paper, be it known or not: most imports of a new site meet none
	if err := b.w.row(ctx, `select exists (select 1 from signals)`).Scan(&some); err != nil {
		return err
	}
	ids := b.keys(func(e *entry) bool { return e.counted && some })
	const signals = `select paper, source, kind, at, value from signals where paper in %s`
	if err := b.w.selectIn(ctx, signals, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var source paper.Source
		var s paper.Signal
		var at int64
		err := rows.Scan(&id, &source, &s.Kind, &at, &s.Value)
		s.At = fromMicros(at)
		if err == nil {
			b.entries[id].count(source, s)
		}
		return err
	}); err != nil {
		return err
	}
	ids = b.keys(func(e *entry) bool { return e.counted && e.known })
	const votes = `select paper, count(*) from votes where paper in %s group by paper`
	if err := b.w.selectIn(ctx, votes, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var n int
		err := rows.Scan(&id, &n)
		if err == nil {
			b.entries[id].own = n
		}
		return err
	}); err != nil {
		return err
	}
	const submissions = `select paper, day from submissions where paper in %s`
	return b.w.selectIn(ctx, submissions, ids, func(rows *sql.Rows) error {
		var id paper.ID
		var day paper.Day
		err := rows.Scan(&id, &day)
		if err == nil {
			b.entries[id].submit(day)
		}
		return err
	})
}

package store

import "context"

var observationsTable = table{
	into:    "observations",
	columns: []string{"paper", "source", "at", "fingerprint", "repaired", "fields"},
	suffix: `on conflict (paper, source) do update set at = excluded.at, fingerprint = excluded.fingerprint,
		repaired = excluded.repaired, fields = excluded.fields`,
}

var linksTable = table{
	into:    "links",
	columns: []string{"paper", "source", "kind", "url", "grade", "checked"},
	suffix:  "on conflict do nothing", // the same twice in one source
}

// writeObservations stores what the sources say of the touched papers, their links
// included.
func (b *batchWriter) writeObservations(ctx context.Context) error {
	var rows, links [][]any
	for _, e := range b.order {
		if !e.touched {
			continue
		}
		if e.known {
			if err := b.w.exec(ctx, `delete from links where paper = $1`, e.id); err != nil {
				return err
			}
		}
		for i := range e.record.Observations {
			o := &e.record.Observations[i]
			differences, err := e.record.Differences(o)
			if err != nil {
				return err
			}
			var fields any // null where there are none, which costs less than an empty text
			if differences != "" {
				fields = differences
			}
			rows = append(rows, []any{string(e.id), string(o.Source), micros(o.At), o.Fingerprint, boolToInt(o.Repaired), fields})
			for _, l := range o.Paper.Links {
				links = append(links, []any{string(e.id), string(o.Source), string(l.Kind), l.URL, string(l.Grade), micros(l.Checked)})
			}
		}
	}
	if err := b.w.insertRows(ctx, observationsTable, rows); err != nil {
		return err
	}
	return b.w.insertRows(ctx, linksTable, links)
}

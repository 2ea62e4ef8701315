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
		for source, o := range e.record.Observations {
			differences, err := e.record.Differences(source)
			if err != nil {
				return err
			}
			rows = append(rows, []any{string(e.id), string(source), micros(o.At), o.Fingerprint, boolToInt(o.Repaired), differences})
			for _, l := range o.Paper.Links {
				links = append(links, []any{string(e.id), string(source), string(l.Kind), l.URL, string(l.Grade), micros(l.Checked)})
			}
		}
	}
	if err := b.w.insertRows(ctx, observationsTable, rows); err != nil {
		return err
	}
	return b.w.insertRows(ctx, linksTable, links)
}

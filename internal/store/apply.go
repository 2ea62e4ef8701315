package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"broadsheet/internal/paper"
)

// A Batch is what is taken in in one transaction.
type Batch struct {
	// Observations in the order of their source. One without a fingerprint says nothing
	// of its paper but its signals, which wait where the paper is not known yet.
	Observations []paper.Observation
	// Organizations whose source gives no time: they fill in those that are not known.
	Organizations []paper.Organization
	// Source says how far its source is read with this batch; nil: nothing new.
	Source *SourceState
}

// An Outcome counts what a batch did.
type Outcome struct {
	Added     int // papers or organizations that were not known
	Changed   int // observations that added something to a known paper
	Unchanged int // observations and organizations that said nothing new
	Waiting   int // those among them that count for papers which are not known yet
}

// Apply takes in observations in one transaction; see [DB.Ingest].
func (db *DB) Apply(ctx context.Context, observations []paper.Observation) (Outcome, error) {
	return db.Ingest(ctx, Batch{Observations: observations})
}

// Ingest takes in a batch in one transaction: all or nothing. It may be repeated
// without harm. The order matters only for the places of new papers within an edition,
// which is the order of arrival.
func (db *DB) Ingest(ctx context.Context, batch Batch) (Outcome, error) {
	var out Outcome
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		b := newBatchWriter(w)
		if err := b.load(ctx, batch.Observations); err != nil {
			return err
		}
		out = b.fold(batch.Observations)
		if err := b.write(ctx); err != nil {
			return err
		}
		added, err := w.fillInOrganizations(ctx, batch.Organizations)
		if err != nil {
			return err
		}
		out.Added += added
		out.Unchanged += len(batch.Organizations) - added
		if batch.Source != nil {
			return w.putSource(ctx, *batch.Source)
		}
		return nil
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("store: take in %d observations: %w", len(batch.Observations), err)
	}
	return out, nil
}

// lockChanges makes all writers of the change sequence wait for each other, so that
// numbers become visible in their order and none overwrites what another has merged.
// SQLite has one writer anyway.
func (w *writeTx) lockChanges(ctx context.Context) error {
	return w.exec(ctx, `update counters set value = value where name = 'changes'`)
}

// A batchWriter folds a batch into the papers it is about.
type batchWriter struct {
	w             *writeTx
	entries       map[paper.ID]*entry
	order         []*entry // in order of first mention
	organizations map[string]seen[paper.Organization]
	people        map[string]seen[paper.Person]
}

func newBatchWriter(w *writeTx) *batchWriter {
	return &batchWriter{w: w, entries: map[paper.ID]*entry{},
		organizations: map[string]seen[paper.Organization]{}, people: map[string]seen[paper.Person]{}}
}

// entry returns the entry of a paper, which it makes where there is none.
func (b *batchWriter) entry(id paper.ID) *entry {
	e := b.entries[id]
	if e == nil {
		e = &entry{id: id}
		b.entries[id] = e
		b.order = append(b.order, e)
	}
	return e
}

// fold takes in all observations in memory and counts what they did.
func (b *batchWriter) fold(batch []paper.Observation) Outcome {
	var out Outcome
	added := map[paper.ID]bool{}
	for _, o := range batch {
		e := b.entries[o.Paper.ID]
		known := e.known || added[e.id]
		changed := e.add(o)
		b.noteOrganization(o)
		b.noteSubmitter(o)
		switch {
		case !known && e.touched:
			added[e.id] = true
			out.Added++
			continue
		case !known:
			out.Waiting++
		}
		if changed {
			out.Changed++
		} else {
			out.Unchanged++
		}
	}
	return out
}

// write stores everything that the batch changed.
func (b *batchWriter) write(ctx context.Context) error {
	if err := b.writeOrganizations(ctx); err != nil {
		return err
	}
	if err := b.writePeople(ctx); err != nil {
		return err
	}
	if err := b.writeObservations(ctx); err != nil {
		return err
	}
	if err := b.writeSignals(ctx); err != nil {
		return err
	}
	changed, err := b.changed(ctx)
	if err != nil || len(changed) == 0 {
		return err
	}
	for _, step := range []func(context.Context, []*entry) error{
		b.writePapers, b.writeAuthors, b.writeDetails, b.writeSubmissions, b.writeStandings, b.writeMilestones,
	} {
		if err := step(ctx, changed); err != nil {
			return err
		}
	}
	for _, e := range changed {
		if err := e.tell(b.w); err != nil {
			return err
		}
	}
	return b.w.writeEvents(ctx)
}

// changed returns the papers that have changed, each with its number of the change
// sequence.
func (b *batchWriter) changed(ctx context.Context) ([]*entry, error) {
	var changed []*entry
	for _, e := range b.order {
		if err := e.compare(); err != nil {
			return nil, err
		}
		if e.changed() {
			changed = append(changed, e)
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	seq, err := b.w.takeNumbers(ctx, "changes", len(changed))
	for i, e := range changed {
		e.seq = seq + int64(i) + 1
	}
	return changed, err
}

// takeNumbers adds n to a counter and returns its value before.
func (w *writeTx) takeNumbers(ctx context.Context, counter string, n int) (int64, error) {
	const q = `update counters set value = value + $1 where name = $2 returning value`
	var after int64
	if err := w.row(ctx, q, n, counter).Scan(&after); err != nil {
		return 0, fmt.Errorf("store: counter %s: %w", counter, err)
	}
	if counter == "changes" && n > 0 {
		w.seq = after
	}
	return after - int64(n), nil
}

// keys returns the ids of entries for which keep holds, sorted.
func (b *batchWriter) keys(keep func(*entry) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(b.entries)) {
		if keep(b.entries[id]) {
			ids = append(ids, string(id))
		}
	}
	return ids
}

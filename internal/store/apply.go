package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"broadsheet/internal/paper"
)

// An Outcome counts what a batch of observations did.
type Outcome struct {
	Added     int // papers that were not known
	Changed   int // observations that added something to a known paper
	Unchanged int // observations that said nothing new
}

// Add sums two outcomes.
func (o Outcome) Add(p Outcome) Outcome {
	return Outcome{o.Added + p.Added, o.Changed + p.Changed, o.Unchanged + p.Unchanged}
}

// Apply takes in a batch of observations in one transaction: all or nothing. It
// may be repeated without harm. The order matters only for the places of new
// papers within an edition, which is the order of arrival.
func (db *DB) Apply(ctx context.Context, batch []paper.Observation) (Outcome, error) {
	var out Outcome
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		b := &batchWriter{w: w, entries: map[paper.ID]*entry{}}
		if err := b.load(ctx, batch); err != nil {
			return err
		}
		out = b.fold(batch)
		return b.write(ctx)
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("apply %d observations: %w", len(batch), err)
	}
	return out, nil
}

// lockChanges makes all writers of the change sequence wait for each other, so
// that numbers become visible in their order.
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

// An entry is a paper while a batch is folded into it.
type entry struct {
	id          paper.ID
	known       bool // it was in the database before
	full        bool // record holds all of it, not just the stamps
	touched     bool // record has changed
	record      paper.Record
	before      authorship // as the database has it
	numbers     map[paper.SignalKind]paper.Signal
	signals     map[signalKey]int
	newSignals  []sourced[paper.Signal]
	submissions map[paper.Day]bool
	newDays     []sourced[paper.Submission]
}

// A sourced is something with who said it.
type sourced[T any] struct {
	source paper.Source
	value  T
}

type signalKey struct {
	kind paper.SignalKind
	at   int64
}

// authorship is what ties a paper to its authors' pages.
type authorship struct {
	slugs     []string
	published int64
}

// fold takes in all observations in memory and counts what they did.
func (b *batchWriter) fold(batch []paper.Observation) Outcome {
	var out Outcome
	fresh := map[paper.ID]bool{}
	for _, o := range batch {
		e := b.entries[o.Paper.ID]
		changed := e.add(o)
		b.noteOthers(o)
		switch {
		case !e.known && !fresh[e.id]:
			fresh[e.id] = true
			out.Added++
		case changed:
			out.Changed++
		default:
			out.Unchanged++
		}
	}
	return out
}

// add takes in one observation and reports whether it said anything new.
func (e *entry) add(o paper.Observation) bool {
	changed := e.record.Add(o)
	e.touched = e.touched || changed
	for _, s := range o.Signals {
		key := signalKey{s.Kind, micros(s.At)}
		if have, ok := e.signals[key]; ok && have >= s.Value {
			continue // of two counts at one time the larger one holds
		}
		e.signals[key] = s.Value
		e.newSignals = append(e.newSignals, sourced[paper.Signal]{o.Source, s})
		if last, ok := e.numbers[s.Kind]; !ok || !s.At.Before(last.At) {
			e.numbers[s.Kind] = s
		}
		changed = true
	}
	if s := o.Submission; s != nil && !e.submissions[s.Day] {
		e.submissions[s.Day] = true
		e.newDays = append(e.newDays, sourced[paper.Submission]{o.Source, *s})
		changed = true
	}
	return changed
}

// changed reports whether the paper takes a new number of the change sequence.
func (e *entry) changed() bool {
	return e.touched || len(e.newSignals) > 0 || len(e.newDays) > 0
}

// setNumbers puts the newest signals into the paper.
func (e *entry) setNumbers() {
	p := &e.record.Paper
	p.Votes = e.numbers[paper.SignalVotes].Value
	p.Comments = e.numbers[paper.SignalComments].Value
	p.Stars = e.numbers[paper.SignalStars].Value
}

func newEntry(id paper.ID) *entry {
	return &entry{
		id:          id,
		numbers:     map[paper.SignalKind]paper.Signal{},
		signals:     map[signalKey]int{},
		submissions: map[paper.Day]bool{},
	}
}

// write stores everything that the batch changed.
func (b *batchWriter) write(ctx context.Context) error {
	if err := b.writeOthers(ctx); err != nil {
		return err
	}
	var changed []*entry
	for _, e := range b.order {
		if e.changed() {
			changed = append(changed, e)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	seq, err := b.w.takeNumbers(ctx, "changes", len(changed))
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, []*entry) error{
		func(ctx context.Context, all []*entry) error { return b.writePapers(ctx, all, seq) },
		b.writeAuthors, b.writeDetails, b.writeSignals, b.writeSubmissions, b.writeStandings,
	} {
		if err := step(ctx, changed); err != nil {
			return err
		}
	}
	return nil
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

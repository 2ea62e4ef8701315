package store

import (
	"maps"
	"slices"

	"broadsheet/internal/paper"
)

// An entry is a paper while a batch is folded into it.
type entry struct {
	id       paper.ID
	known    bool         // it was in the database before
	full     bool         // record holds all of it, not just which observations hold
	touched  bool         // another observation holds now
	record   paper.Record // as it becomes
	original paper.Paper  // as the database has it: all of it if full, else its numbers
	seq      int64        // of the change sequence, once it is taken
	textSeq  int64        // as the database has it

	counted     bool // the numbers are loaded
	own         int  // votes given here
	newest      map[paper.SignalKind]map[paper.Source]paper.Signal
	signals     map[signalKey]int
	newSignals  map[signalKey]bool
	submissions map[paper.Day]bool
	newDays     []sourced[paper.Submission]

	fields []paper.Field // that differ from original
	actor  paper.Source  // who said something new last
}

// A sourced is something with who said it.
type sourced[T any] struct {
	source paper.Source
	value  T
}

type signalKey struct {
	source paper.Source
	kind   paper.SignalKind
	at     int64
}

// add takes in one observation and reports whether it said anything new.
func (e *entry) add(o paper.Observation) bool {
	changed := e.record.Add(o)
	e.touched = e.touched || changed
	for _, s := range o.Signals {
		key := signalKey{o.Source, s.Kind, micros(s.At)}
		if have, ok := e.signals[key]; ok && have >= s.Value {
			continue // of two counts at one time the larger one holds
		}
		if e.newSignals == nil {
			e.newSignals = map[signalKey]bool{}
		}
		e.newSignals[key] = true
		e.count(o.Source, s)
		changed = true
	}
	if s := o.Submission; s != nil && !e.submissions[s.Day] {
		e.submit(s.Day)
		e.newDays = append(e.newDays, sourced[paper.Submission]{o.Source, *s})
		changed = true
	}
	if changed {
		e.actor = o.Source
	}
	return changed
}

// count takes in a signal that was not known.
func (e *entry) count(source paper.Source, s paper.Signal) {
	if e.signals == nil {
		e.signals = map[signalKey]int{}
		e.newest = map[paper.SignalKind]map[paper.Source]paper.Signal{}
	}
	e.signals[signalKey{source, s.Kind, micros(s.At)}] = s.Value
	by := e.newest[s.Kind]
	if by == nil {
		by = map[paper.Source]paper.Signal{}
		e.newest[s.Kind] = by
	}
	if last, ok := by[source]; !ok || !s.At.Before(last.At) {
		by[source] = s
	}
}

// submit notes that the paper has a submission of that day.
func (e *entry) submit(day paper.Day) {
	if e.submissions == nil {
		e.submissions = map[paper.Day]bool{}
	}
	e.submissions[day] = true
}

// setNumbers puts what the paper shows of all counts into it. This is the one place that
// says what that is: the newest count of the best source, and for votes those given here.
func (e *entry) setNumbers() {
	shown := func(kind paper.SignalKind) int {
		by := e.newest[kind]
		return by[paper.Counting(slices.Collect(maps.Keys(by)))].Value
	}
	p := &e.record.Paper
	p.Votes = e.own + shown(paper.SignalVotes)
	p.Comments = shown(paper.SignalComments)
	p.Stars = shown(paper.SignalStars)
}

// compare finds out what has changed.
func (e *entry) compare() (err error) {
	if e.known && e.touched {
		if e.fields, err = paper.Changed(&e.original, &e.record.Paper); err != nil {
			return err
		}
	}
	if e.known && len(e.newDays) > 0 {
		e.fields = append(e.fields, paper.FieldEditions)
	}
	if e.counted {
		e.setNumbers()
	}
	return nil
}

// exists reports whether there is a paper, not only counts that wait for it.
func (e *entry) exists() bool { return e.known || e.touched }

// changed reports whether the paper takes a new number of the change sequence.
func (e *entry) changed() bool {
	p, q := &e.record.Paper, &e.original
	return e.exists() && (!e.known || len(e.fields) > 0 || len(e.newSignals) > 0 ||
		p.Votes != q.Votes || p.Comments != q.Comments || p.Stars != q.Stars)
}

// rewritten reports whether more than the paper's numbers and editions has changed.
func (e *entry) rewritten() bool {
	return slices.ContainsFunc(e.fields, func(f paper.Field) bool { return f != paper.FieldEditions })
}

// tell notes the event of what has changed.
func (e *entry) tell(w *writeTx) error {
	switch {
	case !e.known:
		return w.event(paper.EventPaperCreated, e.id, e.actor, nil)
	case len(e.fields) > 0:
		return w.event(paper.EventPaperChanged, e.id, e.actor, paper.ChangeEvent{Fields: e.fields})
	}
	return nil
}

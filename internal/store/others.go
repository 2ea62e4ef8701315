package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"broadsheet/internal/paper"
)

// A seen is a value with the time it was seen.
type seen[T any] struct {
	at    time.Time
	value T
}

// keepLatest keeps the latest value under name; of one time, the first.
func keepLatest[T any](m map[string]seen[T], name string, at time.Time, value T) {
	if old, ok := m[name]; !ok || at.After(old.at) {
		m[name] = seen[T]{at, value}
	}
}

// noteOthers collects the organizations and people that an observation names.
func (b *batchWriter) noteOthers(o paper.Observation) {
	if b.organizations == nil {
		b.organizations = map[string]seen[paper.Organization]{}
		b.people = map[string]seen[paper.Person]{}
	}
	if org := o.Paper.Organization; org != nil {
		keepLatest(b.organizations, org.Name, o.At, *org)
	}
	if s := o.Submission; s != nil && s.By != nil {
		keepLatest(b.people, s.By.Name, o.At, *s.By)
	}
}

// writeOthers stores organizations and people where they are newer than what is
// known.
func (b *batchWriter) writeOthers(ctx context.Context) error {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(b.organizations)) {
		changed, err := b.w.putOrganization(ctx, b.organizations[name])
		if err != nil {
			return err
		}
		n += number(changed)
	}
	for _, name := range slices.Sorted(maps.Keys(b.people)) {
		changed, err := b.w.putPerson(ctx, b.people[name])
		if err != nil {
			return err
		}
		n += number(changed)
	}
	return b.w.noteChange(ctx, n)
}

// noteChange takes a number of the change sequence for a change that belongs to
// no single paper, so that whoever watches the sequence looks again.
func (w *writeTx) noteChange(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	_, err := w.takeNumbers(ctx, "changes", 1)
	return err
}

// putOrganization stores s unless something as new is known, and reports whether
// that changed what readers see.
func (w *writeTx) putOrganization(ctx context.Context, s seen[paper.Organization]) (bool, error) {
	const find = `select key, full_name, avatar, seen_at from organizations where name = $1`
	const put = `insert into organizations (name, key, full_name, avatar, seen_at) values ($1, $2, $3, $4, $5)
		on conflict (name) do update set key = excluded.key, full_name = excluded.full_name,
			avatar = excluded.avatar, seen_at = excluded.seen_at`
	o, old := s.value, paper.Organization{Name: s.value.Name}
	var at int64
	err := w.row(ctx, find, o.Name).Scan(&old.Key, &old.FullName, &old.Avatar, &at)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		old = paper.Organization{}
	case err != nil:
		return false, err
	case micros(s.at) <= at:
		return false, nil
	}
	return o != old, w.exec(ctx, put, o.Name, o.Key, o.FullName, o.Avatar, micros(s.at))
}

// putPerson does the same for an account.
func (w *writeTx) putPerson(ctx context.Context, s seen[paper.Person]) (bool, error) {
	const find = `select profile, seen_at from people where name = $1`
	const put = `insert into people (name, profile, seen_at) values ($1, $2, $3)
		on conflict (name) do update set profile = excluded.profile, seen_at = excluded.seen_at`
	profile, err := json.Marshal(s.value)
	if err != nil {
		return false, err
	}
	var old string
	var at int64
	err = w.row(ctx, find, s.value.Name).Scan(&old, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if err == nil && micros(s.at) <= at {
		return false, nil
	}
	return string(profile) != old, w.exec(ctx, put, s.value.Name, string(profile), micros(s.at))
}

// PutOrganizations takes in organizations whose source gives no time: they fill in
// those that are not known yet.
func (db *DB) PutOrganizations(ctx context.Context, all []paper.Organization) (Outcome, error) {
	var out Outcome
	err := db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		for _, o := range all {
			added, err := w.putOrganization(ctx, seen[paper.Organization]{value: o})
			if err != nil {
				return err
			}
			out.Added += number(added)
			out.Unchanged += number(!added)
		}
		return w.noteChange(ctx, out.Added)
	})
	if err != nil {
		return Outcome{}, err
	}
	return out, nil
}

// A Count is votes and comments of a paper as seen at one time.
type Count struct {
	ID              paper.ID
	At              time.Time
	Votes, Comments int
}

// PutCounts takes in counts over time. Those of papers that are not known are
// kept for when the paper comes; waiting is how many these were.
func (db *DB) PutCounts(ctx context.Context, all []Count, source paper.Source) (out Outcome, waiting int, err error) {
	err = db.update(ctx, func(w *writeTx) error {
		if err := w.lockChanges(ctx); err != nil {
			return err
		}
		b := &batchWriter{w: w, entries: map[paper.ID]*entry{}}
		var batch []paper.Observation
		for _, c := range all {
			batch = append(batch, c.observation(source))
		}
		if err := b.load(ctx, batch); err != nil {
			return err
		}
		out, waiting = b.foldCounts(batch)
		return b.writeCounts(ctx)
	})
	if err != nil {
		return Outcome{}, 0, err
	}
	return out, waiting, nil
}

func (c Count) observation(source paper.Source) paper.Observation {
	return paper.Observation{
		Source: source,
		Paper:  paper.Paper{ID: c.ID},
		Signals: []paper.Signal{
			{Kind: paper.SignalVotes, At: c.At, Value: c.Votes},
			{Kind: paper.SignalComments, At: c.At, Value: c.Comments},
		},
	}
}

func (b *batchWriter) foldCounts(batch []paper.Observation) (out Outcome, waiting int) {
	for _, o := range batch {
		e := b.entries[o.Paper.ID]
		if !e.known {
			waiting++
		}
		if e.add(o) {
			out.Changed++
		} else {
			out.Unchanged++
		}
	}
	return out, waiting
}

// writeCounts stores the signals of all entries, and moves the known papers.
func (b *batchWriter) writeCounts(ctx context.Context) error {
	var known, waiting []*entry
	for _, e := range b.order {
		switch {
		case len(e.newSignals) == 0:
		case e.known:
			known = append(known, e)
		default:
			waiting = append(waiting, e)
		}
	}
	if err := b.writeSignals(ctx, waiting); err != nil || len(known) == 0 {
		return err
	}
	seq, err := b.w.takeNumbers(ctx, "changes", len(known))
	if err != nil {
		return err
	}
	if err := b.writePapers(ctx, known, seq); err != nil {
		return err
	}
	if err := b.writeSignals(ctx, known); err != nil {
		return err
	}
	return b.writeStandings(ctx, known)
}

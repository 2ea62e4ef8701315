package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"broadsheet/internal/paper"
)

// noteSubmitter collects the account that submitted a paper.
func (b *batchWriter) noteSubmitter(o paper.Observation) {
	if s := o.Submission; s != nil && s.By != nil {
		keepLatest(b.people, s.By.Name, o.At, *s.By)
	}
}

// writePeople stores accounts where they are newer than what is known.
func (b *batchWriter) writePeople(ctx context.Context) error {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(b.people)) {
		changed, err := b.w.putPerson(ctx, b.people[name])
		if err != nil {
			return err
		}
		n += boolToInt(changed)
	}
	return b.w.noteChange(ctx, n)
}

// putPerson stores s unless something as new is known, and reports whether that changed
// what readers see.
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

package catalog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
)

// Changes are papers in the order of their last change.
type Changes struct {
	Changes []Change
	Cursor  string // hand it back to get what has changed since
	More    bool   // there is more already
}

// A Change is a paper that was written or is gone.
type Change struct {
	Seq   int64    // its number in the change sequence
	ID    paper.ID // of the paper
	Entry *Entry   // nil when it is gone
}

// Changes returns what has changed since a cursor; "" is the beginning of everything.
// A mirror that follows it has what the site has. A cursor of another database is
// paper.ErrGone; one that is ahead of this database, which was put back to an earlier
// state since, is paper.ErrConflict. With both the mirror has to begin anew.
func (c *Catalog) Changes(ctx context.Context, cursor string, limit int) (*Changes, error) {
	after, err := c.changesPosition(ctx, cursor)
	if err != nil {
		return nil, err
	}
	rows, err := c.db.Changes(ctx, after.Seq, limit+1)
	if err != nil {
		return nil, fmt.Errorf("catalog: changes: %w", err)
	}
	out := &Changes{}
	if len(rows) > limit {
		rows, out.More = rows[:limit], true
	}
	var ids []paper.ID
	for _, r := range rows {
		after = store.Position{Seq: r.Seq}
		if !r.Removed {
			ids = append(ids, r.ID)
		}
	}
	if after.Token == 0 {
		if after, err = c.db.PositionAt(ctx, after.Seq); err != nil {
			return nil, fmt.Errorf("catalog: changes: %w", err)
		}
	}
	out.Cursor = formatPosition(after)
	entries, err := c.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	at := map[paper.ID]*Entry{}
	for i := range entries {
		at[entries[i].Paper.ID] = &entries[i]
	}
	for _, r := range rows {
		if e := at[r.ID]; r.Removed || e != nil { // it may have gone between the two questions: then its removal follows
			out.Changes = append(out.Changes, Change{r.Seq, r.ID, e})
		}
	}
	return out, nil
}

// changesPosition reads a cursor and holds it against the history of the database.
func (c *Catalog) changesPosition(ctx context.Context, cursor string) (store.Position, error) {
	p, err := parsePosition(cursor)
	if err != nil {
		return p, err
	}
	if p.Site == "" { // the beginning, or a cursor as they were before databases had names
		p.Site = c.db.Identity()
	}
	err = c.db.Check(ctx, p)
	switch {
	case errors.Is(err, store.ErrOtherDatabase):
		err = paper.ErrGone
	case errors.Is(err, store.ErrAhead):
		err = paper.ErrConflict
	}
	if err != nil {
		return p, fmt.Errorf("catalog: changes after %q: %w", cursor, err)
	}
	return p, nil
}

// formatPosition writes a cursor: number, token and database.
func formatPosition(p store.Position) string {
	return fmt.Sprintf("%d-%s-%s", p.Seq, strconv.FormatInt(p.Token, 36), p.Site)
}

// parsePosition reads a cursor: "", a number alone, or all that formatPosition writes.
func parsePosition(cursor string) (store.Position, error) {
	if cursor == "" {
		return store.Position{}, nil
	}
	number, rest, whole := strings.Cut(cursor, "-")
	token, site, named := strings.Cut(rest, "-")
	var p store.Position
	var err, errToken error
	p.Seq, err = strconv.ParseInt(number, 10, 64)
	if whole {
		p.Site = site
		p.Token, errToken = strconv.ParseInt(token, 36, 64)
	}
	if err != nil || errToken != nil || p.Seq < 0 || p.Token < 0 || whole && (!named || site == "") {
		return store.Position{}, errCursor
	}
	return p, nil
}

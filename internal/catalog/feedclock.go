package catalog

import (
	"context"
	"errors"
	"time"

	"broadsheet/internal/paper"
)

// A FeedClock is what the site's feed clock says.
type FeedClock struct {
	Zone      string    // a name of the IANA database
	Today     paper.Day // the edition that takes papers now, whether it has any or not
	Opened    time.Time // when it opened
	NextOpens time.Time // when the next one opens
	Latest    paper.Day // the newest edition that has papers; "" when none has
}

// FeedClock reads the site's feed clock.
func (c *Catalog) FeedClock(ctx context.Context) (FeedClock, error) {
	today := c.clock.Day(c.now())
	f := FeedClock{Today: today, Opened: c.clock.OpensAt(today), NextOpens: c.clock.ClosesAt(today), Zone: "UTC"}
	if c.clock.Location != nil {
		f.Zone = c.clock.Location.String()
	}
	latest, err := c.Latest(ctx)
	if errors.Is(err, paper.ErrNotFound) {
		return f, nil
	}
	f.Latest = latest
	return f, err
}

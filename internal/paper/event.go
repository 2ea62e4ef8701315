package paper

import (
	"encoding/json"
	"time"
)

// An Event is something that happened on this site. Events are numbered in the order
// in which they were committed, together with what they tell.
type Event struct {
	Seq   int64           `json:"seq"`
	At    time.Time       `json:"at"`
	Kind  EventKind       `json:"kind"`
	Paper ID              `json:"paper,omitempty"` // "" when it is about none
	Actor string          `json:"actor,omitempty"` // the source or the account; "" for the site itself
	Data  json.RawMessage `json:"data,omitempty"`  // as the kind says
}

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	EventPaperCreated  EventKind = "paper.created"
	EventPaperChanged  EventKind = "paper.changed"
	EventPaperRemoved  EventKind = "paper.removed"
	EventEditionOpened EventKind = "edition.opened"
	EventEditionClosed EventKind = "edition.closed"
	EventMilestone     EventKind = "paper.milestone"
)

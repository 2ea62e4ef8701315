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

// A ChangeEvent is the data of [EventPaperChanged].
type ChangeEvent struct {
	Fields []Field `json:"fields"`
}

// An EditionEvent is the data of [EventEditionOpened] and [EventEditionClosed].
type EditionEvent struct {
	Period Period    `json:"period"`
	Papers int       `json:"papers"`
	Opens  time.Time `json:"opens_at"`
	Closes time.Time `json:"closes_at"`
}

// A MilestoneEvent is the data of [EventMilestone].
type MilestoneEvent struct {
	Signal    SignalKind `json:"signal"`
	Milestone int        `json:"milestone"`
	Value     int        `json:"value"`
}

// Milestones are the counts that make an event when a paper first reaches them, in
// ascending order.
var Milestones = map[SignalKind][]int{
	SignalVotes: {10, 25, 50, 100, 250, 500, 1000},
	SignalStars: {100, 1000, 10_000},
}

// Milestone is the highest milestone that value has reached; 0 for none.
func Milestone(kind SignalKind, value int) int {
	reached := 0
	for _, m := range Milestones[kind] {
		if value >= m {
			reached = m
		}
	}
	return reached
}

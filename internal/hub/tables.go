package hub

import (
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/record"
)

// A VoteCount is how many votes and comments a paper had at one time.
type VoteCount struct {
	ID              paper.ID
	At              time.Time
	Votes, Comments int
}

// DecodeVotes reads one row of a table of vote counts: id, at, upvotes and,
// if it is known, comments.
func DecodeVotes(data []byte) (VoteCount, error) {
	var row struct {
		ID       string `json:"id"`
		At       string `json:"at"`
		Upvotes  *int   `json:"upvotes"`
		Comments int    `json:"comments"`
	}
	if err := record.Decode(data, &row); err != nil {
		return VoteCount{}, err
	}
	id, err := paper.ParseID(row.ID)
	if err != nil {
		return VoteCount{}, err
	}
	at, err := parseTime("at", row.At)
	switch {
	case err != nil:
		return VoteCount{}, err
	case at.IsZero():
		return VoteCount{}, paper.Invalid("at", "it is missing: say when the votes were counted")
	case row.Upvotes == nil:
		return VoteCount{}, paper.Invalid("upvotes", "it is missing")
	}
	if err := checkCount("upvotes", *row.Upvotes); err != nil {
		return VoteCount{}, err
	}
	if err := checkCount("comments", row.Comments); err != nil {
		return VoteCount{}, err
	}
	return VoteCount{ID: id, At: at.Time, Votes: *row.Upvotes, Comments: row.Comments}, nil
}

// DecodeOrganization reads one row of a table of organizations: _id, name,
// fullname and avatar.
func DecodeOrganization(data []byte) (paper.Organization, error) {
	var row organization
	if err := record.Decode(data, &row); err != nil {
		return paper.Organization{}, err
	}
	o, err := row.organization("organization")
	if err != nil {
		return paper.Organization{}, err
	}
	if o == nil {
		return paper.Organization{}, paper.Invalid("name", "it is missing: every organization has a name")
	}
	return *o, nil
}

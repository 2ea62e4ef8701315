package hub

import (
	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/record"
)

// Counts are rows of a table of vote counts as a source.
func Counts(files source.Files) source.Source {
	return source.FromFiles(paper.SourceHub, files, DecodeCounts, (*source.Batch).Observe)
}

// Organizations are rows of a table of organizations as a source.
func Organizations(files source.Files) source.Source {
	return source.FromFiles(paper.SourceHub, files, DecodeOrganization, func(b *source.Batch, o paper.Organization) {
		b.Organizations = append(b.Organizations, o)
	})
}

// DecodeCounts reads one row of a table of vote counts: id, at, upvotes and, if it is
// known, comments.
func DecodeCounts(data []byte) (paper.Observation, error) {
	var row struct {
		ID       string `json:"id"`
		At       string `json:"at"`
		Upvotes  *int   `json:"upvotes"`
		Comments int    `json:"comments"`
	}
	if err := record.Decode(data, &row); err != nil {
		return paper.Observation{}, err
	}
	id, err := paper.ParseID(row.ID)
	if err != nil {
		return paper.Observation{}, err
	}
	at, err := parseTime("at", row.At)
	switch {
	case err != nil:
		return paper.Observation{}, err
	case at.IsZero():
		return paper.Observation{}, paper.Invalid("at", "it is missing: say when the votes were counted")
	case row.Upvotes == nil:
		return paper.Observation{}, paper.Invalid("upvotes", "it is missing")
	}
	if err := checkCount("upvotes", *row.Upvotes); err != nil {
		return paper.Observation{}, err
	}
	if err := checkCount("comments", row.Comments); err != nil {
		return paper.Observation{}, err
	}
	return paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: id}, Signals: []paper.Signal{
		{Kind: paper.SignalVotes, At: at.Time, Value: *row.Upvotes},
		{Kind: paper.SignalComments, At: at.Time, Value: row.Comments},
	}}, nil
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

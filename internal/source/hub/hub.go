// Package hub reads another Daily Papers site: the JSON items of its API and the
// exports that people make of them.
//
// Start with [Items], [Counts] and [Organizations], which are sources of files.
// [DecodeItem], [DecodeCounts] and [DecodeOrganization] read one record each; they are
// pure functions and may be called from several goroutines.
//
// An item must have a usable identifier and a title. A field of the wrong type,
// an impossible date or a negative count makes the whole item wrong, and the
// *paper.InvalidError names the field. An address that is not http or https only
// costs that address: the item is kept without it.
//
// Where in its day's list an item stood is not in the item: whoever reads the
// list fills in Submission.Position.
package hub

import (
	"cmp"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/source"
	"broadsheet/internal/source/record"
)

// An item is one element of GET /api/daily_papers. Fields whose names begin with
// an underscore are added by those who keep the answers. The shape changed over
// the years: what is said once in Paper now was said beside it before.
type item struct {
	ListDate string `json:"_list_date"` // the day that was asked for
	TakenAt  string `json:"_taken_at"`

	Paper        *flat         `json:"paper"`
	PublishedAt  string        `json:"publishedAt"` // shifted by the time zone of New York, so not used as such
	Title        string        `json:"title"`
	Summary      string        `json:"summary"`
	MediaURL     string        `json:"mediaUrl"`
	MediaURLs    []string      `json:"mediaUrls"`
	Thumbnail    string        `json:"thumbnail"`
	NumComments  *int          `json:"numComments"`
	Upvotes      *int          `json:"upvotes"`
	GithubStars  *int          `json:"githubStars"`
	SubmittedBy  *account      `json:"submittedBy"`
	Organization *organization `json:"organization"`
	Active       bool          `json:"isAuthorParticipating"`
}

// A flat is the paper within an item.
type flat struct {
	ID             string        `json:"id"`
	Authors        []author      `json:"authors"`
	MediaURLs      []string      `json:"mediaUrls"`
	PublishedAt    string        `json:"publishedAt"`
	SubmittedAt    string        `json:"submittedOnDailyAt"`
	Title          string        `json:"title"`
	SubmittedBy    *account      `json:"submittedOnDailyBy"`
	Summary        string        `json:"summary"`
	Upvotes        *int          `json:"upvotes"`
	DiscussionID   string        `json:"discussionId"`
	ProjectPage    string        `json:"projectPage"`
	GithubRepo     string        `json:"githubRepo"`
	GithubAddedBy  string        `json:"githubRepoAddedBy"`
	AISummary      string        `json:"ai_summary"`
	AISummaryModel string        `json:"ai_summary_model"`
	AIKeywords     []string      `json:"ai_keywords"`
	GithubStars    *int          `json:"githubStars"`
	Organization   *organization `json:"organization"`
	WithdrawnAt    string        `json:"withdrawnAt"`
}

// Items are items of a Daily Papers API as a source.
func Items(files source.Files) source.Source {
	return source.FromFiles(paper.SourceHub, files, DecodeItem, (*source.Batch).Observe)
}

// DecodeItem reads one item of GET /api/daily_papers.
func DecodeItem(data []byte) (paper.Observation, error) {
	var it item
	if err := record.Decode(data, &it); err != nil {
		return paper.Observation{}, err
	}
	if it.Paper == nil {
		return paper.Observation{}, paper.Invalid("paper", "it is missing: expected an item of the Daily Papers API")
	}
	o, err := it.observation()
	if err != nil {
		return paper.Observation{}, err
	}
	o.Fingerprint = record.Fingerprint(data)
	return o, nil
}

func (it *item) observation() (paper.Observation, error) {
	o := paper.Observation{Source: paper.SourceHub}
	t, err := it.times()
	if err != nil {
		return o, err
	}
	o.At = t.said
	if o.Paper, err = it.paper(t); err != nil {
		return o, err
	}
	if o.Signals, err = it.signals(t.said); err != nil {
		return o, err
	}
	o.Paper.Votes, o.Paper.Comments, o.Paper.Stars = newest(o.Signals)
	o.Submission, err = it.submission(t)
	return o, err
}

func (it *item) paper(t times) (paper.Paper, error) {
	f := it.Paper
	id, err := paper.ParseID(f.ID)
	if err != nil {
		return paper.Paper{}, err
	}
	title := paper.CleanLine(cmp.Or(f.Title, it.Title))
	if title == "" {
		return paper.Paper{}, paper.Invalid("paper.title", "it is empty")
	}
	p := paper.Paper{
		ID: id, Title: title,
		Abstract:     paper.Unwrap(cmp.Or(f.Summary, it.Summary)),
		Published:    t.published,
		Withdrawn:    t.withdrawn,
		Summary:      paper.CleanLine(f.AISummary),
		SummaryModel: paper.CleanLine(f.AISummaryModel),
		Keywords:     lines(f.AIKeywords),
		Media:        it.media(),
		Thumbnail:    it.thumbnail(),
		DiscussionID: f.DiscussionID,
		AuthorActive: it.Active,
	}
	if p.Published.IsZero() {
		p.Published = id.Month()
	}
	p.Links = f.links(p.Abstract)
	if p.Authors, err = people(f.Authors); err != nil {
		return p, err
	}
	p.Organization, err = cmp.Or(f.Organization, it.Organization).organization("organization")
	return p, err
}

// lines cleans short texts and drops the empty ones.
func lines(in []string) []string {
	var out []string
	for _, s := range in {
		if s = paper.CleanLine(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// signals are the counts that the item gives, at the time when it was said.
func (it *item) signals(at time.Time) ([]paper.Signal, error) {
	var out []paper.Signal
	for _, s := range []struct {
		kind  paper.SignalKind
		field string
		n     *int
	}{
		{paper.SignalVotes, "upvotes", cmp.Or(it.Paper.Upvotes, it.Upvotes)},
		{paper.SignalComments, "numComments", it.NumComments},
		{paper.SignalStars, "githubStars", cmp.Or(it.Paper.GithubStars, it.GithubStars)},
	} {
		if s.n == nil {
			continue
		}
		if err := checkCount(s.field, *s.n); err != nil {
			return nil, err
		}
		out = append(out, paper.Signal{Kind: s.kind, At: at, Value: *s.n})
	}
	return out, nil
}

func newest(signals []paper.Signal) (votes, comments, stars int) {
	for _, s := range signals {
		switch s.Kind {
		case paper.SignalVotes:
			votes = s.Value
		case paper.SignalComments:
			comments = s.Value
		case paper.SignalStars:
			stars = s.Value
		}
	}
	return votes, comments, stars
}

// maxCount is more than any count of a site of this kind will be.
const maxCount = 1e9

func checkCount(field string, n int) error {
	if n < 0 || n > maxCount {
		return paper.Invalid(field, "%d is no count", n)
	}
	return nil
}

// submission is the item's place in an edition: the day that was asked for holds
// against the day that the item names.
func (it *item) submission(t times) (*paper.Submission, error) {
	s := &paper.Submission{Day: t.day}
	if t.submitted.Precision == paper.PrecisionTime {
		s.At = t.submitted.Time
	}
	by, err := it.submitter()
	if s.Day == "" || err != nil {
		return nil, err
	}
	s.By = by
	return s, nil
}

package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// The shapes of the Daily Papers API. Keys stand in the order in which the public
// site sends them. Those marked omitempty are left out where nothing is known, as
// there: clients take null for a mistake. Times are strings because clients read
// them with a fixed form.

// An item is a paper in a list. What follows isAuthorParticipating stands in paper
// already; clients read it here.
type item struct {
	Paper         flat          `json:"paper"`
	PublishedAt   string        `json:"publishedAt,omitempty"`
	Title         string        `json:"title"`
	Summary       string        `json:"summary"`
	MediaURLs     []string      `json:"mediaUrls,omitempty"`
	Thumbnail     string        `json:"thumbnail,omitempty"`
	NumComments   int           `json:"numComments"`
	SubmittedBy   *submitter    `json:"submittedBy,omitempty"`
	Organization  *organization `json:"organization,omitempty"`
	Participating bool          `json:"isAuthorParticipating"`

	Upvotes     int      `json:"upvotes"`
	ProjectPage string   `json:"projectPage,omitempty"`
	GithubRepo  string   `json:"githubRepo,omitempty"`
	AISummary   string   `json:"ai_summary,omitempty"`
	AIKeywords  []string `json:"ai_keywords,omitempty"`
	GithubStars int      `json:"githubStars,omitempty"`
}

// A hit is an item of a search.
type hit struct {
	item
	HighlightedTitle   []fragment `json:"highlightedTitle"`
	HighlightedSummary []fragment `json:"highlightedSummary"`
}

// A fragment is a piece of text; its type is "text" or "highlight".
type fragment struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// A flat is the paper itself.
type flat struct {
	ID           paper.ID      `json:"id"`
	Authors      []author      `json:"authors"`
	MediaURLs    []string      `json:"mediaUrls,omitempty"`
	PublishedAt  string        `json:"publishedAt,omitempty"`
	SubmittedAt  string        `json:"submittedOnDailyAt,omitempty"`
	Title        string        `json:"title"`
	SubmittedBy  *account      `json:"submittedOnDailyBy,omitempty"`
	Summary      string        `json:"summary"`
	Upvotes      int           `json:"upvotes"`
	DiscussionID string        `json:"discussionId"`
	ProjectPage  string        `json:"projectPage,omitempty"`
	GithubRepo   string        `json:"githubRepo,omitempty"`
	RepoAddedBy  string        `json:"githubRepoAddedBy,omitempty"`
	AISummary    string        `json:"ai_summary,omitempty"`
	SummaryModel string        `json:"ai_summary_model,omitempty"`
	AIKeywords   []string      `json:"ai_keywords,omitempty"`
	GithubStars  int           `json:"githubStars,omitempty"`
	Organization *organization `json:"organization,omitempty"`
	WithdrawnAt  string        `json:"withdrawnAt,omitempty"`
}

// An author is a name on a paper, with the account that claimed it.
type author struct {
	Key      string   `json:"_id"`
	Name     string   `json:"name"`
	Hidden   bool     `json:"hidden"`
	User     *account `json:"user,omitempty"`
	Status   string   `json:"status,omitempty"`
	StatusAt string   `json:"statusLastChangedAt,omitempty"`
}

// An account is a person as papers show them. Some clients read the unique name
// from user, some from name.
type account struct {
	Key      string `json:"_id"`
	Avatar   string `json:"avatarUrl"`
	Pro      bool   `json:"isPro"`
	FullName string `json:"fullname"`
	User     string `json:"user"`
	Type     string `json:"type"`
	Name     string `json:"name"`
}

// A submitter is a person as items show them.
type submitter struct {
	Key       string `json:"_id"`
	Avatar    string `json:"avatarUrl"`
	FullName  string `json:"fullname"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	Pro       bool   `json:"isPro"`
	Staff     bool   `json:"isHf"`
	Admin     bool   `json:"isHfAdmin"`
	Moderator bool   `json:"isMod"`
	Followers int    `json:"followerCount"`
	Following bool   `json:"isUserFollowing"` // whether the one who asks follows them: nobody is known here
	User      string `json:"user"`
}

type organization struct {
	Key      string `json:"_id"`
	Name     string `json:"name"`
	FullName string `json:"fullname"`
	Avatar   string `json:"avatar,omitempty"`
}

// usualHits and mostHits are how many papers a search gives without a limit, and at most.
const usualHits, mostHits = 20, 120

// searchPapers answers GET /api/papers/search.
func (a *api) searchPapers(r *http.Request) (*answer, error) {
	q, limit, err := asked(r, usualHits, mostHits)
	if err != nil {
		return nil, err
	}
	f, err := a.Catalog.Search(r.Context(), catalog.Question{Text: q, Limit: limit})
	if err != nil {
		return nil, err
	}
	all, err := a.inPlace(r.Context(), f)
	if err != nil {
		return nil, err
	}
	return found(a.hits(r, all, limit))
}

// inPlace gives the papers of an answer: those found or, where the text names papers
// by their identifiers, these.
func (a *api) inPlace(ctx context.Context, f *catalog.Findings) ([]catalog.Found, error) {
	named := f.Candidates
	if f.Paper != "" {
		sheet, err := a.Catalog.Paper(ctx, f.Paper)
		if errors.Is(err, paper.ErrNotFound) { // it went away meanwhile
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		named = []catalog.Entry{entry(sheet)}
	}
	if len(named) == 0 {
		return f.Found, nil
	}
	var all []catalog.Found
	for _, e := range named {
		all = append(all, unmarked(e))
	}
	return all, nil
}

// entry is a paper with its first submission, as lists have it.
func entry(s *catalog.Sheet) catalog.Entry {
	e := catalog.Entry{Paper: s.Paper}
	if len(s.Submissions) > 0 {
		e.Submission = &s.Submissions[0]
	}
	return e
}

// passageLength is how much of an abstract a paper shows that was named, in bytes.
const passageLength = 300

// unmarked is a paper that was named and not searched for.
func unmarked(e catalog.Entry) catalog.Found {
	return catalog.Found{
		Entry:   e,
		Title:   search.Highlight(e.Paper.Title, search.Query{}),
		Passage: search.Passage(cmp.Or(e.Paper.Abstract, e.Paper.Summary), search.Query{}, passageLength),
	}
}

// hits are the first papers as a search sends them.
func (a *api) hits(r *http.Request, all []catalog.Found, limit int) []hit {
	w := writer{base: a.base(r), origin: a.Origin}
	all = all[:min(len(all), limit)]
	out := make([]hit, len(all))
	for i, f := range all {
		out[i] = hit{w.item(f.Entry), fragments(f.Title), fragments(f.Passage)}
	}
	return out
}

// fragments are pieces of text with their types.
func fragments(in []search.Fragment) []fragment {
	out := make([]fragment, len(in))
	for i, f := range in {
		out[i] = fragment{"text", f.Text}
		if f.Marked {
			out[i].Type = "highlight"
		}
	}
	return out
}

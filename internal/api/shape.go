package api

import "broadsheet/internal/paper"

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
	Thumbnail     string        `json:"thumbnail"`
	NumComments   int           `json:"numComments"`
	SubmittedBy   *submitter    `json:"submittedBy"`
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

// A sheet is a paper by itself. It has one "upvotes" and one "title": clients in bash
// take the first they find.
type sheet struct {
	flat
	linked
	NumComments int        `json:"numComments"`
	Comments    []struct{} `json:"comments,omitzero"` // where the discussion is asked for: there is none yet
}

// linked is what of the public site belongs to a paper. This site has papers only.
type linked struct {
	Models      [0]struct{} `json:"linkedModels"`
	NumModels   int         `json:"numTotalModels"`
	Datasets    [0]struct{} `json:"linkedDatasets"`
	NumDatasets int         `json:"numTotalDatasets"`
	Spaces      [0]struct{} `json:"linkedSpaces"`
	NumSpaces   int         `json:"numTotalSpaces"`
}

// A brief is a paper in the list of all.
type brief struct {
	ID          paper.ID `json:"id"`
	Title       string   `json:"title"`
	Thumbnail   string   `json:"thumbnailUrl"`
	Upvotes     int      `json:"upvotes"`
	PublishedAt string   `json:"publishedAt,omitempty"`
	Authors     []author `json:"authors"`
	Summary     string   `json:"summary"`
	ProjectPage string   `json:"projectPage,omitempty"`
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
	Avatar   string `json:"avatar"`
}

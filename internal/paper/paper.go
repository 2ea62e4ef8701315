// Package paper is the vocabulary of Broadsheet: papers and their identifiers,
// authors, organizations, editions and feed days, and the kinds of error that
// every other package speaks in.
//
// Start with [Paper], [ID] and [Clock]. An [Observation] is what one source said
// about one paper at one time; everything that comes in from outside has that
// shape, and a [Record] is what a paper is once several sources have spoken.
//
// The package does no I/O and reads no clock: times are passed in.
package paper

import "time"

// A Paper is one work. Its versions belong to it; there is no Paper per version.
type Paper struct {
	ID       ID     `json:"id"`
	Title    string `json:"title"`    // as its source wrote it, TeX included, on one line
	Abstract string `json:"abstract"` // as its source wrote it, TeX included

	Authors      []Author      `json:"authors,omitempty"`
	Organization *Organization `json:"organization,omitempty"`
	Categories   []string      `json:"categories,omitempty"` // arXiv categories, the primary one first
	Published    Date          `json:"published"`
	Updated      time.Time     `json:"updated,omitzero"` // of the newest version
	Versions     []Version     `json:"versions,omitempty"`
	Withdrawn    time.Time     `json:"withdrawn,omitzero"`

	Remarks    string `json:"remarks,omitempty"` // the authors' note on arXiv: pages, venue, links
	JournalRef string `json:"journal_ref,omitempty"`
	DOI        string `json:"doi,omitempty"` // of the published article, without "https://doi.org/"
	ReportNo   string `json:"report_no,omitempty"`
	License    string `json:"license,omitempty"` // a URL

	Summary      string   `json:"summary,omitempty"`       // a few sentences for readers
	SummaryModel string   `json:"summary_model,omitempty"` // who wrote it; "" when its source does not say
	Keywords     []string `json:"keywords,omitempty"`

	Links     []Link   `json:"links,omitempty"`
	Media     []string `json:"media,omitempty"`     // URLs of pictures and films, in the submitter's order
	Thumbnail string   `json:"thumbnail,omitempty"` // URL of a picture made by the source

	Votes        int    `json:"votes"`
	Comments     int    `json:"comments"`
	Stars        int    `json:"stars"`                   // of its code repository
	DiscussionID string `json:"discussion_id,omitempty"` // the source's own key of the discussion
	AuthorActive bool   `json:"author_active,omitempty"` // an author takes part in the discussion
	Demo         bool   `json:"demo,omitempty"`          // known from the demonstration catalog only
}

// An Author is a name on a paper.
type Author struct {
	Name     string    `json:"name"`
	Key      string    `json:"key,omitempty"` // the source's own key of this author on this paper
	Hidden   bool      `json:"hidden,omitempty"`
	Status   string    `json:"status,omitempty"` // of the claim, in the source's words: claimed_verified, ...
	StatusAt time.Time `json:"status_at,omitzero"`
	Person   *Person   `json:"person,omitempty"` // the account that claimed the name
}

// A Person is an account on the site a paper came from: a submitter, or an
// author who claimed the name.
type Person struct {
	Key       string `json:"key,omitempty"` // the source's own key
	Name      string `json:"name"`          // the account's unique name
	FullName  string `json:"full_name,omitempty"`
	Avatar    string `json:"avatar,omitempty"` // a URL, or a path on the source's site
	Type      string `json:"type,omitempty"`   // "user" or "org"
	Pro       bool   `json:"pro,omitempty"`
	Staff     bool   `json:"staff,omitempty"`
	Admin     bool   `json:"admin,omitempty"`
	Moderator bool   `json:"moderator,omitempty"`
	Followers int    `json:"followers,omitempty"`
}

// An Organization stands behind papers and is shown instead of the author count.
type Organization struct {
	Key      string `json:"key,omitempty"` // the source's own key
	Name     string `json:"name"`          // unique; the address of its page is /{Name}/papers
	FullName string `json:"full_name,omitempty"`
	Avatar   string `json:"avatar,omitempty"` // a URL
}

// A Version is one revision of a paper.
type Version struct {
	Number  int       `json:"number"` // from 1
	Created time.Time `json:"created"`
}

// A Link leads from a paper to something that belongs to it.
type Link struct {
	Kind    LinkKind  `json:"kind"`
	URL     string    `json:"url"`
	Grade   Grade     `json:"grade,omitempty"`
	Checked time.Time `json:"checked,omitzero"` // when the target was last asked for; zero: never
}

// LinkKind says what a link leads to.
type LinkKind string

// The kinds of link.
const (
	LinkCode    LinkKind = "code"
	LinkProject LinkKind = "project"
)

// Grade says on whose word a link stands.
type Grade string

// The grades, from the strongest to the weakest.
const (
	GradeAuthors Grade = "authors" // stands in the paper's own abstract or remarks
	GradeReader  Grade = "reader"  // added by an account of the source
	GradeStaff   Grade = "staff"   // added by the people who run the source
	GradeAuto    Grade = "auto"    // found by a program of the source
	GradeListed  Grade = "listed"  // listed by the source, which does not say who added it
)

// A Submission is a paper's entry into an edition.
type Submission struct {
	Day      Day       `json:"day"`
	At       time.Time `json:"at,omitzero"` // zero: only the day is known
	By       *Person   `json:"by,omitempty"`
	Position int       `json:"position"` // the source's own order within the day, from 0
}

// A Signal is a number about a paper at one time.
type Signal struct {
	Kind  SignalKind `json:"kind"`
	At    time.Time  `json:"at"`
	Value int        `json:"value"`
}

// SignalKind says what a signal counts.
type SignalKind string

// The kinds of signal.
const (
	SignalVotes    SignalKind = "votes"
	SignalComments SignalKind = "comments"
	SignalStars    SignalKind = "stars"
)

// Source says where an observation comes from.
type Source string

// The sources.
const (
	SourceDemo  Source = "demo"  // the catalog that is compiled in
	SourceHub   Source = "hub"   // another Daily Papers site
	SourceArXiv Source = "arxiv" // arXiv's own metadata
)

// An Observation is what one source said about one paper at one time. Fields of
// Paper that the source says nothing about are zero.
type Observation struct {
	Source   Source
	At       time.Time // when it was said: of two observations of one source the later one holds
	Paper    Paper
	Repaired bool // the identifier was damaged and has been repaired: an undamaged record holds against it
	// Fingerprint is a hash of the record it was read from, never 0: it tells
	// whether the very same record has been taken in already.
	Fingerprint int64
	Submission  *Submission
	Signals     []Signal
}

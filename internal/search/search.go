// Package search finds papers: by words, by fields and by meaning.
//
// Start with [Engine], the seam: what it says is the contract that every engine
// keeps, and package searchtest checks it. Package index is the engine that runs in
// this process. [Parse] reads the query language into a [Query]; [Fuse] joins the
// ranking by words with the one by meaning.
//
// An engine holds no truth. It follows the change sequence of the store and may be
// thrown away and built again at any time.
package search

import (
	"context"
	"time"

	"broadsheet/internal/paper"
)

// An Engine finds papers among those it was told of. All methods may be called by
// several goroutines at once; searching never waits for applying.
type Engine interface {
	// Apply takes in changes, in order, and then notes that the change sequence
	// was followed up to seq. When it returns nil, all of it is findable and
	// survives a crash; when it returns an error, or the process dies, all of it
	// or a prefix of it may have been taken in, and applying again is harmless.
	Apply(ctx context.Context, changes []Change, seq int64) error

	// Cursor is the last seq that Apply noted; 0 for an engine that is empty or
	// has lost its data and must be told everything again.
	Cursor() int64

	// Search answers a request. An unknown field value finds nothing; it is not an
	// error. Errors are those of the context and of a broken engine.
	Search(ctx context.Context, r Request) (Result, error)

	// Suggest completes what somebody is typing: terms, titles, authors,
	// organizations and categories, the likeliest first.
	Suggest(ctx context.Context, prefix string, limit int) ([]Suggestion, error)

	// Similar returns the papers nearest to one that is known, by vector and
	// shared rare words, without itself; paper.ErrNotFound when it is unknown.
	Similar(ctx context.Context, id paper.ID, limit int) ([]Hit, error)

	// Stats says what the engine holds and what it is doing.
	Stats() Stats

	Close() error
}

// A Change is a paper to find from now on, in place of what was known under its
// ID, or, without Document, one to forget.
type Change struct {
	ID       paper.ID
	Document *Document
}

// A Document is what an engine knows of a paper. Texts are as their source wrote
// them, TeX included; the engine's analyser turns them into terms.
type Document struct {
	Title        string
	Abstract     string // or, where there is none, the summary
	Authors      []string
	Organization string // its unique name
	OrgName      string // as people read it
	Categories   []string
	Published    int64 // microseconds UTC
	Votes        int
	Comments     int
	Daily        bool      // was in an edition
	Has          Has       // what the paper has
	Trending     float64   // a score for sort:trending that does not depend on now
	Vector       []float32 // of unit length; nil when there is none
}

// Has is a set of things that a paper may have.
type Has uint8

// What has: may ask for.
const (
	HasCode Has = 1 << iota
	HasProject
	HasComments
	HasSummary
)

// A Request is a question to an engine.
type Request struct {
	Query  Query
	Vector []float32 // of the query's words, of unit length; nil: by words alone
	Offset int
	Limit  int  // hits wanted; 0 means 10
	Facets bool // count by year, category, organization and code
	Why    bool // give the parts of each score

	NoTotal bool // Total is not needed and may be too low: counting costs more than finding the best
}

// A Query is what somebody asks for, understood. The zero value asks for
// everything.
type Query struct {
	Must    []Clause // each of them has to match; plain words are not here
	Should  []Clause // plain words and OR groups' members: more matches, higher score
	Not     []Clause // none of them may match
	Filters Filters
	Sort    Sort
	Text    string // the plain words as typed, for embedding and for people
}

// A Clause is a word, a phrase or a choice of clauses.
type Clause struct {
	Field  Field    // FieldAny: title and abstract, and authors and organization with their own weights
	Text   string   // as typed; the engine's analyser makes terms of it
	Phrase bool     // its terms must follow one another
	AnyOf  []Clause // instead of Text: at least one of these
}

// Field is a part of a paper that can be searched.
type Field uint8

// The fields.
const (
	FieldAny Field = iota
	FieldTitle
	FieldAbstract
	FieldAuthor
	FieldOrganization
)

// Filters narrow down what can be found, without touching scores.
type Filters struct {
	Categories    [][]string // each group: at least one; "cs.CL", or an archive such as "cs" or "hep-ph"
	NotCategories []string
	Organizations []string // unique names; at least one
	From, Before  int64    // publication in microseconds UTC, From <= t < Before; 0: open
	MinVotes      int
	MaxVotes      int // 0: no limit; -1: none at all
	Has           Has // all of them
	HasNot        Has // none of them
	Daily         *bool
	IDs           []paper.ID // one of these; nil: any
	Similar       paper.ID   // rank by nearness to this paper instead of words; "": no
}

// Sort orders results.
type Sort uint8

// The orders. Ties go to the newer paper.
const (
	ByRelevance Sort = iota
	ByDate
	ByVotes
	ByTrending
)

// A Result answers a Request.
type Result struct {
	Hits   []Hit
	Total  int // papers that match; exact
	Facets *Facets
	Took   time.Duration
}

// A Hit is a paper found.
type Hit struct {
	ID    paper.ID
	Score float64
	Why   *Why // when asked for
}

// Why is what a score is made of.
type Why struct {
	Words   float64 // by words, before fusion
	Meaning float64 // cosine of the vectors
	Terms   []TermScore
}

// A TermScore is one term's part of Words.
type TermScore struct {
	Term  string // analysed
	Field string
	Score float64
}

// Facets counts what matches.
type Facets struct {
	Years         []Count // newest first
	Categories    []Count // most first
	Organizations []Count // most first
	Code          int
}

// A Count is how many matching papers have a value.
type Count struct {
	Value  string
	Papers int
}

// A Suggestion completes or mends what was typed.
type Suggestion struct {
	Kind string // "term", "title", "author", "organization", "category"
	Text string // as people read it
	ID   string // of a title: the paper; of an author: the slug; of an organization or category: its name
}

// Stats says how an engine is.
type Stats struct {
	Papers   int
	Cursor   int64
	Segments int
	Bytes    int64  // on disk
	State    string // "ready", "merging", "rebuilding: ..."
	Model    string // name of the model that made the vectors; "" when there are none
}

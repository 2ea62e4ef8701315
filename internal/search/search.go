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
	"errors"
	"time"

	"broadsheet/internal/paper"
)

// A Position is a point in the history of one database.
type Position struct {
	Site  string // identity of the database; "" when nobody has said it
	Seq   int64  // number of the last change
	Token int64  // of the transaction that made it: two histories that part have different ones
}

// An Engine finds papers among those that were applied to it. All methods may be called
// by several goroutines at once; whatever reads never waits for what writes.
type Engine interface {
	// Apply takes in changes, in order, and then notes that the database was
	// followed up to at. When it returns nil, all of it is findable and survives a
	// crash; when it returns an error, or the process dies, all of it or a prefix
	// of it may have been taken in, and applying again is harmless. An engine that
	// holds one site takes no changes of another: ErrOtherSite. One that has found
	// itself damaged begins anew and says ErrStartAgain.
	Apply(ctx context.Context, changes []Change, at Position) error

	// Reset begins a new, empty index and gives the reason, which Status tells. If
	// the site of until is the one of the index before, that one answers until the
	// new one has come as far as until; of another site nothing is served.
	Reset(ctx context.Context, until Position, reason string) error

	// Position is the last one that Apply noted; its Seq is 0 for an engine that is
	// empty or has lost its data, to which everything has to be applied again.
	Position(ctx context.Context) (Position, error)

	// Search answers a request. An unknown field value finds nothing; it is not an
	// error. Errors are those of the context and of a broken engine.
	Search(ctx context.Context, r Request) (Result, error)

	// Suggest completes what somebody is typing, as Completer has it: terms, titles,
	// authors, organizations and categories, the likeliest first.
	Suggest(ctx context.Context, prefix string, limit int) ([]Suggestion, error)

	// Similar returns the papers most similar to one that is known, as Likeness has
	// it, without itself and other versions of it; paper.ErrNotFound when it is unknown.
	Similar(ctx context.Context, id paper.ID, limit int) ([]Hit, error)

	// Status says what the engine holds and what it is doing.
	Status(ctx context.Context) (Status, error)

	// Close ends within a second, whatever the engine is doing.
	Close() error
}

// ErrOtherSite says that an engine holds the papers of another site.
var ErrOtherSite = errors.New("the search index is of another site")

// ErrStartAgain says that an engine has lost what was applied to it, and begun anew: ask
// for its position and apply the changes from there on.
var ErrStartAgain = errors.New("the search index has begun anew: apply the changes from its position on")

// A Kind says how much of a paper a [Change] tells.
type Kind uint8

// The kinds of changes. One of Counts or Vector to a paper that the engine does not
// know changes nothing.
const (
	Text   Kind = iota // the whole document, in place of what was known
	Counts             // Votes, Comments, Daily, Has and Trending; all else stays
	Vector             // the vector alone
	Delete             // the paper is no longer to be found
)

// A Change is what happened to one paper.
type Change struct {
	ID       paper.ID
	Kind     Kind
	Document *Document // nil for Delete
}

// A Document is what an engine knows of a paper. Texts are as their source wrote
// them, TeX included; the engine's analyzer turns them into terms.
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
	Mode   Mode
	Vector []float32 // of the query's words, of unit length; nil: by words alone
	Offset int
	Limit  int  // hits wanted; 0 means 10
	Facets bool // count by year, category, organization and code
	Why    bool // give the parts of each score

	Some    bool // a paper with any of the telling words matches, not only one with enough of them
	NoTotal bool // Total is not needed and may be too low: counting costs more than finding the best

	// Correct is the query as it was typed. If it is set and fewer than RareQuery
	// papers match, or none has all the words, the result says which spelling is likelier.
	Correct string
}

// RareQuery is how many papers a query finds at least that needs no correction.
const RareQuery = 100

// A Mode says by what papers are ranked.
type Mode uint8

// The modes. Conditions and filters hold in each of them.
const (
	Hybrid   Mode = iota // by words and, if there is a vector, by meaning
	Lexical              // by words alone
	Semantic             // by meaning alone: plain words count for nothing, and what has no vector is not found
)

// A Query is what somebody asks for, understood. The zero value asks for
// everything.
type Query struct {
	Must    []Clause // each of them has to match; of plain words those with a + or AND
	Should  []Clause // plain words: enough of them have to match, see Plan
	Not     []Clause // none of them may match
	Filters Filters
	Sort    Sort
	Text    string     // the plain words as typed, for embedding and for people
	IDs     []paper.ID // papers that the text names; engines pass over them
}

// A Clause is a word, a phrase or a choice of clauses.
type Clause struct {
	Field  Field    // FieldAny: title and abstract, and authors and organization with their own weights
	Text   string   // as typed; the engine's analyzer makes terms of it
	Phrase bool     // its terms must follow one another
	Prefix bool     // Text is the beginning of a word
	AnyOf  []Clause // instead of Text: at least one of these
	AllOf  []Clause // instead of Text: all of these; within AnyOf
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
	FieldName     // in a Plan, an author's whole name, as typed
	FieldFullName // the same, where no initial stands for a word
	FieldExact    // words of title and abstract as they are written, not their stems; of a stop word in a title alone
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
	Titles        []uint64   // TitleKeys: one of these; nil: any title
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

	// Relaxed says that no paper, whatever the filters, has enough of the telling words,
	// so that those with fewer match, see Plan. Some is the Total of the same request with
	// Request.Some. It is counted when Total is.
	Relaxed bool
	Some    int

	DidYouMean string // a likelier spelling of Request.Correct; "" when there is none
}

// A Hit is a paper found.
type Hit struct {
	ID    paper.ID
	Score float64
	Why   *Why // when asked for
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

// A Suggestion completes or repairs what was typed.
type Suggestion struct {
	Kind string // "term", "title", "author", "organization", "category"
	Text string // as people read it
	ID   string // of a title: the paper; of an author: the slug; of an organization or category: its name
}

// A State says what an engine is doing.
type State string

// The states.
const (
	Ready      State = "ready"
	Merging    State = "merging"
	Rebuilding State = "rebuilding" // what is served may be incomplete or old; Status.Reason says why
)

// Status says how an engine is.
type Status struct {
	Papers   int      // that can be found
	Position Position // as the method Position has it
	Served   Position // of what can be found: another than Position only while an older index answers
	Segments int
	Bytes    int64 // on disk
	State    State
	Reason   string // for a rebuild; "" when there is none
	Model    string // name of the model that made the vectors; "" when there are none

	// Generation is another number after every change of what is found, vectors and a
	// rebuild among them: what was answered at one may be answered again while it stays.
	Generation uint64
}

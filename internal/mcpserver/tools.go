package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A tool is a question that agents can ask.
type tool struct {
	name, title, about string
	takes              []argument
	gives              func(*jsonschema.ForOptions) (*jsonschema.Schema, error)
	answer             func(context.Context, values) (*answer, error)
}

// An answer is text for the agent to read, and the same as data.
type answer struct {
	text string
	data any
}

var (
	idArgument = argument{
		name: "id", needed: true, most: longestID, examples: []any{"2401.01234", "hep-th/9901001"},
		about: "the paper's identifier: arXiv's (2401.01234, hep-th/9901001), a DOI, or the address of the paper's page",
	}
	limitArgument  = argument{name: "limit", number: true, most: mostPapers, usual: "20", about: "how many papers, 1 to 50"}
	cursorArgument = argument{name: "cursor", most: longestMore, about: "where to go on, from the answer before; leave it out at first"}
)

// tools lists all that can be asked.
func (s *Server) tools() []tool {
	return []tool{
		{
			name: "search_papers", title: "Search papers",
			about: `Find papers by meaning and by words, the best first. Plain words are enough. Also understood: "exact phrase", +with, -without, AND, OR, NOT and parentheses, ` +
				`begin*, author:"full name", title:word, cat:cs.CL, year:2024..2025, after:2026-05-01, has:code, in:daily, votes:>10, sort:new. ` +
				`Identifiers and addresses of papers, references and BibTeX entries find their papers.`,
			takes: []argument{
				{name: "query", needed: true, most: urls.LongestQuery, about: "what to search for", examples: []any{"retrieval augmented generation year:2025.."}},
				{name: "match", one: []string{"all", "some"}, usual: `"all"`, about: `"all": papers that have all telling words, or are near enough in meaning; "some": those with only some of the words, too`},
				limitArgument, cursorArgument,
			},
			gives: jsonschema.For[found], answer: s.searchPapers,
		},
		{
			name: "get_paper", title: "Read a paper's page",
			about: "All that is known about one paper, as Markdown: title, authors, dates, votes, links to code and PDF, summary and abstract. Not the full text.",
			takes: []argument{idArgument},
			gives: jsonschema.For[document], answer: s.getPaper,
		},
		{
			name: "list_edition", title: "List an edition",
			about: "The papers of one feed day, ISO week or month, most votes first.",
			takes: []argument{
				{name: "date", usual: `"latest"`, most: 40, about: "today, latest (the newest day that has papers), or a day, week or month: 2026-05-27, 2026-W22, 2026-05", examples: []any{"latest", "2026-05-27", "2026-W22"}},
				limitArgument, cursorArgument,
			},
			gives: jsonschema.For[edition], answer: s.listEdition,
		},
		{
			name: "trending", title: "Trending papers",
			about: "The papers that readers care about now: by votes, comments and stars of late, the newer counting more.",
			takes: []argument{limitArgument, cursorArgument},
			gives: jsonschema.For[list], answer: s.trending,
		},
		{
			name: "similar_papers", title: "Similar papers",
			about: "Papers like one that is known, the nearest first.",
			takes: []argument{idArgument, limitArgument},
			gives: jsonschema.For[neighbors], answer: s.similarPapers,
		},
		{
			name: "cite", title: "Cite a paper",
			about: "A paper's citation as BibTeX, RIS or CSL-JSON, ready to be pasted.",
			takes: []argument{idArgument, {name: "format", usual: `"bibtex"`, one: []string{"bibtex", "ris", "csl"}, about: "the form of the citation"}},
			gives: jsonschema.For[citation], answer: s.cite,
		},
	}
}

func (s *Server) addTools() error {
	for _, t := range s.tools() {
		out, err := t.gives(nil)
		if err != nil {
			return fmt.Errorf("mcpserver: %s: %w", t.name, err)
		}
		no := false
		s.mcp.AddTool(&mcp.Tool{
			Name: t.name, Title: t.title, Description: t.about, InputSchema: schema(t.takes), OutputSchema: plain(out),
			Annotations: &mcp.ToolAnnotations{Title: t.title, ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &no},
		}, s.handler(t))
	}
	return nil
}

// plain says of lists that they are never null, which ours are not and many clients
// could not read.
func plain(s *jsonschema.Schema) *jsonschema.Schema {
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Type, s.Types = s.Types[1], nil
	}
	for _, p := range s.Properties {
		plain(p)
	}
	if s.Items != nil {
		plain(s.Items)
	}
	return s
}

// longest is how long an agent waits for an answer.
const longest = 20 * time.Second

// handler lets a tool answer calls.
func (s *Server) handler(t tool) mcp.ToolHandler {
	return func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		ctx, cancel := context.WithTimeout(ctx, longest)
		defer cancel()
		var a *answer
		err := s.while(ctx, func(ctx context.Context) (err error) {
			a, err = s.call(ctx, t, req.Params.Arguments)
			return err
		})
		if err != nil {
			res := &mcp.CallToolResult{}
			res.SetError(s.explain(ctx, t.name, err))
			return res, nil
		}
		data, err := json.Marshal(a.data)
		if err != nil {
			return nil, fmt.Errorf("mcpserver: %s: %w", t.name, err)
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: a.text}}, StructuredContent: json.RawMessage(data)}, nil
	}
}

// while calls do, and gives up when the database falls silent.
func (s *Server) while(ctx context.Context, do func(context.Context) error) error {
	if s.Cache == nil {
		return do(ctx)
	}
	return s.Cache.While(ctx, do)
}

// guard makes an error of a panic, which must not take the site down with it.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// call answers one call.
func (s *Server) call(ctx context.Context, t tool, raw json.RawMessage) (a *answer, err error) {
	defer guard(&err)
	v, err := read(t.name, t.takes, raw)
	if err != nil {
		return nil, err
	}
	return t.answer(ctx, v)
}

// A sentence is an error that says all that an agent needs to know.
type sentence string

func (e sentence) Error() string { return string(e) }

func say(format string, args ...any) error { return sentence(fmt.Sprintf(format, args...)) }

var errCursor = say("cursor: this is none of this list; take the one that the answer before names, or leave it out to begin anew")

// explain is the error that an agent gets to read.
func (s *Server) explain(ctx context.Context, tool string, err error) error {
	if said, ok := errors.AsType[sentence](err); ok {
		return said
	}
	if invalid, ok := errors.AsType[*paper.InvalidError](err); ok {
		if invalid.Field == "after" { // the catalog's word for a cursor
			return errCursor
		}
		return invalid
	}
	httpserver.LogFailure(ctx, s.Log, urls.Agents+" "+tool, err)
	switch {
	case errors.Is(err, catalog.ErrNoSearch):
		return say("this site has no search engine; list_edition and trending work without one")
	case httpserver.StatusOf(err) == http.StatusServiceUnavailable:
		return say("the answer took too long; ask again, or for less")
	case httpserver.StatusOf(err) == http.StatusNotFound:
		return say("there is no such thing here")
	}
	return say("something went wrong here, and the people who run this site can see what; please try again later")
}

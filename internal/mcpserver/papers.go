package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/cite"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// scheme is that of the addresses of papers as resources.
const scheme = "paper://"

const markdownKind = "text/markdown"

// document answers get_paper.
type document struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	URL      string `json:"url"`
	Markdown string `json:"markdown" jsonschema:"all that is known, with the abstract"`
}

func (s *Server) getPaper(ctx context.Context, v values) (*answer, error) {
	id, err := s.resolve(ctx, v["id"])
	if err != nil {
		return nil, err
	}
	sheet, text, err := s.markdown(ctx, id)
	if err != nil {
		return nil, err
	}
	return &answer{text, document{string(id), title(&sheet.Paper), s.address(ctx, id), text}}, nil
}

func (s *Server) markdown(ctx context.Context, id paper.ID) (*catalog.PaperDetail, string, error) {
	sheet, err := s.Catalog.Paper(ctx, id)
	if errors.Is(err, paper.ErrNotFound) {
		return nil, "", unknown(id)
	}
	if err != nil {
		return nil, "", err
	}
	text, err := markdown.Paper(sheet, s.base(ctx))
	return sheet, string(text), err
}

// neighbors answers similar_papers.
type neighbors struct {
	ID     string `json:"id" jsonschema:"the paper that these are like"`
	Papers []item `json:"papers"`
	Note   string `json:"note,omitempty" jsonschema:"what the search index lacks at the moment: there may be more papers"`
}

func (s *Server) similarPapers(ctx context.Context, v values) (*answer, error) {
	id, err := s.resolve(ctx, v["id"])
	if err != nil {
		return nil, err
	}
	similar, err := s.Catalog.SimilarPapers(ctx, id, v.number("limit"))
	if err != nil {
		return nil, err
	}
	out := neighbors{string(id), numbered(s.items(ctx, similar.Entries)), similar.Index.ListNotice(len(similar.Entries))}
	switch {
	case len(similar.Entries) == 0 && out.Note != "":
		return &answer{fmt.Sprintf("No papers like %s are known yet.\n%s", id, note(out.Note)), out}, nil
	case len(similar.Entries) == 0:
		return &answer{fmt.Sprintf("No papers like %s are known; one that has just come is compared a moment later.\n", id), out}, nil
	}
	return &answer{fmt.Sprintf("Papers like %s:\n\n%s", id, lines(out.Papers)) + note(out.Note), out}, nil
}

// citation answers cite.
type citation struct {
	ID     string `json:"id"`
	Format string `json:"format"`
	Text   string `json:"citation"`
}

func (s *Server) cite(ctx context.Context, v values) (*answer, error) {
	id, err := s.resolve(ctx, v["id"])
	if err != nil {
		return nil, err
	}
	sheet, err := s.Catalog.Paper(ctx, id)
	if errors.Is(err, paper.ErrNotFound) {
		return nil, unknown(id)
	}
	if err != nil {
		return nil, err
	}
	format := strings.ToLower(v["format"])
	text, err := cited(sheet.Paper, format)
	return &answer{text, citation{string(id), format, text}}, err
}

func cited(p paper.Paper, format string) (string, error) {
	switch format {
	case "ris":
		return cite.RIS(p), nil
	case "csl":
		b, err := cite.CSL(p)
		return string(b), err
	}
	return cite.BibTeX(p), nil
}

// resolve finds the paper that a text means: an identifier, an address, or an
// identifier that has lost its zeros because a program took it for a number.
func (s *Server) resolve(ctx context.Context, text string) (paper.ID, error) {
	text = strings.TrimPrefix(text, scheme)
	id, invalid := paper.ParseID(text)
	if invalid == nil {
		known, err := s.Catalog.Known(ctx, id)
		if known || err != nil {
			return id, err
		}
	}
	entries, err := s.Catalog.Papers(ctx, repaired(text))
	switch {
	case err != nil:
		return "", err
	case len(entries) == 1:
		return entries[0].Paper.ID, nil
	case len(entries) > 1:
		return "", ambiguous(text, entries)
	case invalid != nil:
		return "", paper.Invalid("id", "%q is not one; use an arXiv identifier (2401.01234 or hep-th/9901001), a DOI, or the address of a paper's page; search_papers finds them", paper.Shorten(text))
	}
	return "", unknown(id)
}

// repaired are the identifiers that a damaged one can have been.
func repaired(text string) []paper.ID {
	if ids := search.RepairIDs(text); len(ids) > 0 {
		return ids
	}
	if id, was, err := paper.MendID(text); err == nil && was {
		return []paper.ID{id}
	}
	return nil
}

func unknown(id paper.ID) error {
	return say("there is no paper %s on this site; search_papers finds papers by title, author or topic", id)
}

func ambiguous(text string, entries []catalog.Entry) error {
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s (%s)", e.Paper.ID, title(&e.Paper)))
	}
	return say("%q has lost zeros and may be %s; ask again with one of them, as text", paper.Shorten(text), strings.Join(all, " or "))
}

// addResources makes every paper a resource.
func (s *Server) addResources() {
	s.mcp.AddResourceTemplate(&mcp.ResourceTemplate{
		Name: "paper", Title: "A paper", URITemplate: scheme + "{+id}", MIMEType: markdownKind,
		Description: "A paper as Markdown, by its identifier: paper://2401.01234",
	}, s.readPaper)
}

func (s *Server) readPaper(ctx context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	uri := req.Params.URI
	text, err := s.resource(ctx, uri)
	if err != nil {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: s.explain(ctx, "resources/read", err).Error()}
	}
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: markdownKind, Text: text}}}, nil
}

func (s *Server) resource(ctx context.Context, uri string) (text string, err error) {
	defer guard(&err)
	name, err := url.PathUnescape(strings.TrimPrefix(uri, scheme))
	if err != nil {
		return "", paper.Invalid("id", "%q is not one", paper.Shorten(uri))
	}
	id, err := s.resolve(ctx, name)
	if err != nil {
		return "", err
	}
	_, text, err = s.markdown(ctx, id)
	return text, err
}

package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
	"broadsheet/internal/tex"
)

// A naming is what a text says of papers by name.
type naming struct {
	papers    []paper.ID // that are here, in the order of the text
	reference bool       // as a reference, not in passing
	done      bool       // they are the whole answer
}

// named looks for the papers that a text names by identifiers, by an address, or as a
// reference that was pasted. If they are not the whole answer, they are to stand before
// what is found, and f.Query asks for the rest of the text.
func (c *Catalog) named(ctx context.Context, text string, f *SearchResult) (naming, error) {
	filters := &f.Query.Filters
	if filters.IDs != nil || filters.Similar != "" { // they are named as the language has it
		return naming{}, nil
	}
	if id, err := paper.ParseID(strings.TrimSpace(text)); err == nil {
		known, err := c.db.Known(ctx, id)
		if known {
			f.Paper = id
		}
		if known || err != nil {
			return naming{done: known}, err
		}
	}
	if done, err := c.repaired(ctx, text, f); done || err != nil {
		return naming{done: done}, err
	}
	pasted, isPasted := search.ParsePasted(text)
	if isPasted && pasted.File {
		return c.pasted(ctx, pasted, f)
	}
	if search.Prose(text) {
		f.Query, f.Hints = search.Words(text), nil
	}
	if m := paper.FindMentions(f.Query.Text); len(m.Papers) > 0 {
		n, err := c.mentioned(ctx, m, f)
		if n.done || len(n.papers) > 0 || err != nil {
			return n, err
		}
	}
	if isPasted {
		return c.pasted(ctx, pasted, f)
	}
	return naming{}, nil
}

// repaired answers a text that may be an identifier which has lost its zeros.
func (c *Catalog) repaired(ctx context.Context, text string, f *SearchResult) (bool, error) {
	ids := search.RepairIDs(text)
	if len(ids) == 0 {
		return false, nil
	}
	rows, err := c.db.ByID(ctx, ids)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	if len(rows) == 1 {
		f.Paper = rows[0].Paper.ID
		return true, nil
	}
	f.Candidates = entriesOf(rows)
	return true, nil
}

// mentioned answers a text with identifiers in it.
func (c *Catalog) mentioned(ctx context.Context, m paper.Mentions, f *SearchResult) (naming, error) {
	rows, err := c.db.ByID(ctx, m.IDs())
	if err != nil {
		return naming{}, err
	}
	known := idsOf(rows)
	for _, p := range m.Papers {
		if !slices.Contains(known, p.ID) && (p.Sure || m.Only()) {
			f.missing(p.ID)
		}
	}
	if m.Only() && len(known) > 0 {
		if len(m.Papers) == 1 {
			f.Paper = known[0]
		} else {
			f.show(known, rows)
		}
		return naming{done: true}, nil
	}
	if m.Only() { // a text may name it, too
		return naming{}, nil
	}
	f.Query.IDs = known
	f.Query.Should = slices.DeleteFunc(f.Query.Should, func(clause search.Clause) bool {
		in := paper.FindMentions(clause.Text)
		return len(in.Papers) > 0 && in.Only() && (in.Papers[0].Sure || slices.Contains(known, in.Papers[0].ID))
	})
	return naming{papers: known}, nil
}

// missing says that a paper is not here, and where it is.
func (f *SearchResult) missing(id paper.ID) {
	h := search.Hint{Part: string(id), Text: fmt.Sprintf("This paper is not here. It is at %s", id.AbsURL(0))}
	if !slices.ContainsFunc(f.Hints, func(other search.Hint) bool { return other.Part == h.Part && other.Text == h.Text }) {
		f.Hints = append(f.Hints, h)
	}
}

// show makes papers that the text names the whole answer.
func (f *SearchResult) show(ids []paper.ID, rows []store.Row) {
	f.Hits = hitsOf(rows, search.Query{})
	f.Total = len(f.Hits)
	f.Query.IDs = ids
}

// pasted answers references that were pasted: several with their papers, one with its
// paper before what is found by its title.
func (c *Catalog) pasted(ctx context.Context, p search.Pasted, f *SearchResult) (naming, error) {
	var rows []store.Row
	var unknown []paper.ID // that the references name
	for i := range p.References {
		r := &p.References[i]
		row, err := c.resolve(ctx, r, p.Sure)
		switch {
		case err != nil:
			return naming{}, err
		case row != nil && !slices.ContainsFunc(rows, func(r store.Row) bool { return r.Paper.ID == row.Paper.ID }):
			rows = append(rows, *row)
		case row == nil && len(r.IDs) > 0:
			unknown = append(unknown, r.IDs[0])
		}
	}
	switch {
	case len(rows) > 0:
		f.Query, f.Hints = search.Words(tex.Text(rows[0].Paper.Title)), nil
	case p.Sure:
		f.Query, f.Hints = p.References[0].Query(), nil
	}
	for _, id := range unknown {
		f.missing(id)
	}
	found := idsOf(rows)
	switch n := len(p.References); {
	case n > 1 && len(rows) < n:
		f.Hints = append(f.Hints, search.Hint{Text: fmt.Sprintf("Of %d references here are %d; the others name no paper that this site has.", n, len(rows))})
	case p.Sure && len(rows) == 0 && len(unknown) == 0:
		f.Hints = append(f.Hints, search.Hint{Text: "No paper here is the one of this reference. These are near to its title."})
	}
	if len(p.References) > 1 && len(rows) > 0 {
		f.show(found, rows)
		return naming{done: true}, nil
	}
	f.Query.IDs = found
	return naming{papers: found, reference: true}, nil
}

func idsOf(rows []store.Row) []paper.ID {
	var out []paper.ID
	for _, r := range rows {
		out = append(out, r.Paper.ID)
	}
	return out
}

// How many papers a reference is compared with: those with a title that may be its own,
// and those that have the most of its words.
const mostCompared, mostNear = 20, 30

// resolve is the paper of a reference; nil when it is not here. Without a known identifier
// the papers that may be meant are compared with it.
func (c *Catalog) resolve(ctx context.Context, r *search.Reference, sure bool) (*store.Row, error) {
	if len(r.IDs) > 0 {
		rows, err := c.db.ByID(ctx, r.IDs)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			return &rows[0], nil
		}
	}
	if len(r.Titles) == 0 {
		return nil, nil
	}
	titled := search.Query{Filters: search.Filters{Titles: r.Keys()}}
	row, err := c.agreeing(ctx, r, search.Request{Query: titled, Limit: mostCompared, NoTotal: true})
	if row != nil || err != nil || !sure {
		return row, err
	}
	for _, q := range []search.Query{r.Query(), search.Words(r.Text)} {
		row, err = c.agreeing(ctx, r, search.Request{Query: q, Mode: search.Lexical, Some: true, Limit: mostNear, NoTotal: true})
		if row != nil || err != nil {
			break
		}
	}
	return row, err
}

// agreeing is the paper of those that a request finds which agrees best with a reference;
// nil when none does.
func (c *Catalog) agreeing(ctx context.Context, r *search.Reference, req search.Request) (*store.Row, error) {
	res, err := c.engine.Search(ctx, req)
	if err != nil || len(res.Hits) == 0 {
		return nil, err
	}
	ids := make([]paper.ID, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	rows, err := c.db.ByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var best *store.Row
	most := 0.0
	for i := range rows {
		p := &rows[i].Paper
		var names []string
		for _, a := range p.Authors {
			names = append(names, a.Name)
		}
		year := 0
		if !p.Published.IsZero() {
			year = p.Published.Time.Year()
		}
		if score := r.Agrees(p.Title, names, year); score > most {
			best, most = &rows[i], score
		}
	}
	return best, nil
}

// putFirst puts named papers that pass the query's conditions before the others found,
// but behind one whose title is the text.
func (c *Catalog) putFirst(ctx context.Context, n naming, key answerKey, f *SearchResult) error {
	if len(n.papers) == 0 {
		return nil
	}
	named := n.papers
	if len(f.Query.Must)+len(f.Query.Not) > 0 || len(f.Query.Filters.Conditions()) > 0 {
		q := search.Query{Must: f.Query.Must, Not: f.Query.Not, Filters: f.Query.Filters}
		q.Filters.IDs = named
		res, err := c.engine.Search(ctx, search.Request{Query: q, Limit: len(named), NoTotal: true})
		if err != nil {
			return err
		}
		named = slices.DeleteFunc(slices.Clone(named), func(id paper.ID) bool {
			return !slices.ContainsFunc(res.Hits, func(h search.Hit) bool { return h.ID == id })
		})
	}
	first, err := c.firstHits(ctx, named, f)
	if err != nil {
		return err
	}
	isNamed := func(h Hit) bool { return slices.Contains(named, h.Paper.ID) }
	if key.start > 0 {
		f.Hits = slices.DeleteFunc(f.Hits, isNamed)
		return nil
	}
	titled := 0
	if title := search.TitleKey(f.Query.Text); title != 0 && !n.reference {
		for titled < len(f.Hits) && search.TitleKey(f.Hits[titled].Paper.Title) == title && !isNamed(f.Hits[titled]) {
			titled++
		}
	}
	before, behind := f.Hits[:titled], slices.DeleteFunc(slices.Clone(f.Hits[titled:]), isNamed)
	found := len(f.Hits)
	f.Hits = slices.Concat(before, first, behind)
	f.Total = max(f.Total, len(f.Hits))
	if over := len(f.Hits) - key.limit; over > 0 { // the next page has them
		f.Hits = f.Hits[:key.limit]
		f.More = strconv.Itoa(max(1, found-over))
	}
	return nil
}

// firstHits are the hits of named papers, those that were found with their scores.
func (c *Catalog) firstHits(ctx context.Context, named []paper.ID, f *SearchResult) ([]Hit, error) {
	rows, err := c.db.ByID(ctx, named)
	if err != nil {
		return nil, err
	}
	out := hitsOf(rows, f.Query)
	for i := range out {
		if at := slices.IndexFunc(f.Hits, func(h Hit) bool { return h.Paper.ID == out[i].Paper.ID }); at >= 0 {
			out[i] = f.Hits[at]
		}
	}
	return out, nil
}

// hitsOf are papers as hits, marked as a query asks.
func hitsOf(rows []store.Row, q search.Query) []Hit {
	var out []Hit
	for _, r := range rows {
		out = append(out, Hit{
			Entry:   Entry{Paper: r.Paper, Submission: r.Submission},
			Title:   search.Highlight(r.Paper.Title, q),
			Passage: search.Passage(cmp.Or(r.Paper.Abstract, r.Paper.Summary), q, passageLength),
		})
	}
	return out
}

// quoteDepth is how many of the papers found may have a text word for word.
const quoteDepth = 50

// quotedFirst puts the papers whose abstract has the text word for word before the others
// found, but behind those whose title it is. They are on the first page, whatever their
// place is without.
func (f *SearchResult) quotedFirst(quote search.Quote, key answerKey) {
	if quote == (search.Quote{}) {
		return
	}
	if key.start > 0 {
		from := key.start
		f.Hits = slices.DeleteFunc(f.Hits, func(h Hit) bool {
			from++
			return from <= quoteDepth && quote.In(h.Paper.Abstract)
		})
		return
	}
	title := search.TitleKey(f.Query.Text)
	place := map[paper.ID]int{}
	late := 0 // that come from further down
	for i, h := range f.Hits {
		switch {
		case title != 0 && search.TitleKey(h.Paper.Title) == title:
			place[h.Paper.ID] = -2
		case quote.In(h.Paper.Abstract):
			place[h.Paper.ID] = -1
		default:
			continue
		}
		if i >= key.limit {
			late++
		}
	}
	slices.SortStableFunc(f.Hits, func(a, b Hit) int { return cmp.Compare(place[a.Paper.ID], place[b.Paper.ID]) })
	if len(f.Hits) > key.limit {
		f.Hits = f.Hits[:key.limit]
		f.More = strconv.Itoa(max(1, key.limit-late))
	}
}

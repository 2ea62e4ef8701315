package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/paper"
)

var papersTable = table{
	into: "papers",
	columns: strings.Fields(`id seq text_seq published precision organization votes comments stars demo
		date_rank demo_mark hub_at hub_mark arxiv_at arxiv_mended arxiv_mark title abstract authors facts`),
}

// facts is what papers.facts holds: what is read with the paper and never
// searched for in the database.
type facts struct {
	Categories   []string  `json:"categories,omitempty"`
	Updated      time.Time `json:"updated,omitzero"`
	Withdrawn    time.Time `json:"withdrawn,omitzero"`
	Remarks      string    `json:"remarks,omitempty"`
	JournalRef   string    `json:"journal_ref,omitempty"`
	DOI          string    `json:"doi,omitempty"`
	ReportNo     string    `json:"report_no,omitempty"`
	License      string    `json:"license,omitempty"`
	Summary      string    `json:"summary,omitempty"`
	SummaryModel string    `json:"summary_model,omitempty"`
	Keywords     []string  `json:"keywords,omitempty"`
	DiscussionID string    `json:"discussion_id,omitempty"`
	AuthorActive bool      `json:"author_active,omitempty"`
}

func factsOf(p *paper.Paper) facts {
	return facts{p.Categories, p.Updated, p.Withdrawn, p.Remarks, p.JournalRef, p.DOI, p.ReportNo, p.License,
		p.Summary, p.SummaryModel, p.Keywords, p.DiscussionID, p.AuthorActive}
}

func (f facts) into(p *paper.Paper) {
	p.Categories, p.Updated, p.Withdrawn, p.Remarks = f.Categories, f.Updated, f.Withdrawn, f.Remarks
	p.JournalRef, p.DOI, p.ReportNo, p.License = f.JournalRef, f.DOI, f.ReportNo, f.License
	p.Summary, p.SummaryModel, p.Keywords = f.Summary, f.SummaryModel, f.Keywords
	p.DiscussionID, p.AuthorActive = f.DiscussionID, f.AuthorActive
}

// writePapers inserts the new papers and updates the known ones.
func (b *batchWriter) writePapers(ctx context.Context, all []*entry, seq int64) error {
	var fresh [][]any
	for i, e := range all {
		e.setNumbers()
		n := seq + int64(i) + 1
		switch {
		case !e.known:
			row, err := paperRow(&e.record, n)
			if err != nil {
				return err
			}
			fresh = append(fresh, row)
		case e.touched:
			if err := b.updatePaper(ctx, e, n); err != nil {
				return err
			}
		default:
			const q = `update papers set seq = $2, votes = $3, comments = $4, stars = $5 where id = $1`
			p := &e.record.Paper
			if err := b.w.exec(ctx, q, e.id, n, p.Votes, p.Comments, p.Stars); err != nil {
				return err
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if _, err := b.w.takeNumbers(ctx, "papers", len(fresh)); err != nil {
		return err
	}
	return b.w.insertRows(ctx, papersTable, fresh)
}

func (b *batchWriter) updatePaper(ctx context.Context, e *entry, seq int64) error {
	row, err := paperRow(&e.record, seq)
	if err != nil {
		return err
	}
	return b.w.exec(ctx, updatePaperText, row...)
}

var updatePaperText = func() string {
	var set []string
	for i, c := range papersTable.columns[1:] {
		set = append(set, fmt.Sprintf("%s = $%d", c, i+2))
	}
	return "update papers set " + strings.Join(set, ", ") + " where id = $1"
}()

// paperRow gives the values of papersTable.columns.
func paperRow(r *paper.Record, seq int64) ([]any, error) {
	p, m := &r.Paper, columnsOf(r)
	authors, err := json.Marshal(p.Authors)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(factsOf(p))
	if err != nil {
		return nil, err
	}
	organization := ""
	if p.Organization != nil {
		organization = p.Organization.Name
	}
	return []any{string(p.ID), seq, seq, micros(p.Published.Time), int(p.Published.Precision), organization,
		p.Votes, p.Comments, p.Stars, number(p.Demo),
		m.dateRank, m.demo, m.hubAt, m.hub, m.arxivAt, number(m.arxivMended), m.arxiv,
		p.Title, p.Abstract, string(authors), string(facts)}, nil
}

// number is b as the bigint columns keep it.
func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// authorshipOf says on which authors' pages a paper stands.
func authorshipOf(p *paper.Paper) authorship {
	a := authorship{published: micros(p.Published.Time)}
	for _, author := range p.Authors {
		if slug := paper.Slug(author.Name); slug != "" && !author.Hidden {
			a.slugs = append(a.slugs, slug)
		}
	}
	slices.Sort(a.slugs)
	a.slugs = slices.Compact(a.slugs)
	return a
}

// writeAuthors ties the touched papers to their authors.
func (b *batchWriter) writeAuthors(ctx context.Context, all []*entry) error {
	names := map[string]string{}
	var rows [][]any
	for _, e := range all {
		if !e.touched {
			continue
		}
		now := authorshipOf(&e.record.Paper)
		if e.known {
			if now.published == e.before.published && slices.Equal(now.slugs, e.before.slugs) {
				continue
			}
			if err := b.dropAuthorship(ctx, e); err != nil {
				return err
			}
		}
		for _, a := range e.record.Paper.Authors {
			if slug := paper.Slug(a.Name); slug != "" && !a.Hidden && names[slug] == "" {
				names[slug] = a.Name
			}
		}
		for _, slug := range now.slugs {
			rows = append(rows, []any{slug, now.published, string(e.id)})
		}
	}
	// In the order of the key, so that neighbours on one page are written together.
	slices.SortFunc(rows, func(x, y []any) int { return cmp.Compare(x[0].(string), y[0].(string)) })
	if err := b.w.insertRows(ctx, table{"authorships", []string{"author", "published", "paper"}, ""}, rows); err != nil {
		return err
	}
	var authors [][]any
	for _, slug := range slices.Sorted(maps.Keys(names)) {
		authors = append(authors, []any{slug, names[slug]})
	}
	return b.w.insertRows(ctx, table{"authors", []string{"slug", "name"}, "on conflict do nothing"}, authors)
}

func (b *batchWriter) dropAuthorship(ctx context.Context, e *entry) error {
	const q = `delete from authorships where author = $1 and published = $2 and paper = $3`
	for _, slug := range e.before.slugs {
		if err := b.w.exec(ctx, q, slug, e.before.published, e.id); err != nil {
			return err
		}
	}
	return nil
}

// writeDetails replaces versions, links and media of the touched papers.
func (b *batchWriter) writeDetails(ctx context.Context, all []*entry) error {
	var versions, links, media [][]any
	for _, e := range all {
		if !e.touched {
			continue
		}
		if e.known {
			if err := b.dropDetails(ctx, e.id); err != nil {
				return err
			}
		}
		for _, v := range e.record.Paper.Versions {
			versions = append(versions, []any{string(e.id), v.Number, micros(v.Created)})
		}
		for source, list := range e.record.LinksBy {
			for _, l := range list {
				links = append(links, []any{string(e.id), string(source), string(l.Kind), l.URL, string(l.Grade), micros(l.Checked)})
			}
		}
		media = append(media, mediaRows(&e.record.Paper)...)
	}
	const ignore = "on conflict do nothing" // the same twice in one source
	if err := b.w.insertRows(ctx, table{"versions", []string{"paper", "number", "created"}, ignore}, versions); err != nil {
		return err
	}
	if err := b.w.insertRows(ctx, table{"links", []string{"paper", "source", "kind", "url", "grade", "checked"}, ignore}, links); err != nil {
		return err
	}
	return b.w.insertRows(ctx, table{"media", []string{"paper", "position", "url"}, ignore}, media)
}

// thumbnailPosition is where media keeps the thumbnail.
const thumbnailPosition = -1

func mediaRows(p *paper.Paper) [][]any {
	var rows [][]any
	if p.Thumbnail != "" {
		rows = append(rows, []any{string(p.ID), thumbnailPosition, p.Thumbnail})
	}
	for i, url := range p.Media {
		rows = append(rows, []any{string(p.ID), i, url})
	}
	return rows
}

func (b *batchWriter) dropDetails(ctx context.Context, id paper.ID) error {
	for _, q := range []string{
		`delete from versions where paper = $1`,
		`delete from links where paper = $1`,
		`delete from media where paper = $1`,
	} {
		if err := b.w.exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

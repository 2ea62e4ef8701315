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
		title abstract authors metadata`),
}

// metadata is what papers.metadata holds: what is read with the paper and never
// searched for in the database.
type metadata struct {
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

func metadataOf(p *paper.Paper) metadata {
	return metadata{p.Categories, p.Updated, p.Withdrawn, p.Remarks, p.JournalRef, p.DOI, p.ReportNo, p.License,
		p.Summary, p.SummaryModel, p.Keywords, p.DiscussionID, p.AuthorActive}
}

func (m metadata) into(p *paper.Paper) {
	p.Categories, p.Updated, p.Withdrawn, p.Remarks = m.Categories, m.Updated, m.Withdrawn, m.Remarks
	p.JournalRef, p.DOI, p.ReportNo, p.License = m.JournalRef, m.DOI, m.ReportNo, m.License
	p.Summary, p.SummaryModel, p.Keywords = m.Summary, m.SummaryModel, m.Keywords
	p.DiscussionID, p.AuthorActive = m.DiscussionID, m.AuthorActive
}

// writePapers inserts the new papers and updates the known ones.
func (b *batchWriter) writePapers(ctx context.Context, all []*entry) error {
	var added [][]any
	for _, e := range all {
		switch {
		case !e.known:
			row, err := e.row()
			if err != nil {
				return err
			}
			added = append(added, row)
		case e.rewritten():
			row, err := e.row()
			if err != nil {
				return err
			}
			if err := b.w.exec(ctx, updatePaperText, row...); err != nil {
				return err
			}
		default:
			const q = `update papers set seq = $2, votes = $3, comments = $4, stars = $5 where id = $1`
			p := &e.record.Paper
			if err := b.w.exec(ctx, q, e.id, e.seq, p.Votes, p.Comments, p.Stars); err != nil {
				return err
			}
		}
	}
	if len(added) == 0 {
		return nil
	}
	if _, err := b.w.takeNumbers(ctx, "papers", len(added)); err != nil {
		return err
	}
	return b.w.insertRows(ctx, papersTable, added)
}

var updatePaperText = func() string {
	var set []string
	for i, c := range papersTable.columns[1:] {
		set = append(set, fmt.Sprintf("%s = $%d", c, i+2))
	}
	return "update papers set " + strings.Join(set, ", ") + " where id = $1"
}()

// row gives the values of papersTable.columns.
func (e *entry) row() ([]any, error) {
	p := &e.record.Paper
	authors, err := json.Marshal(p.Authors)
	if err != nil {
		return nil, err
	}
	metadata, err := json.Marshal(metadataOf(p))
	if err != nil {
		return nil, err
	}
	organization := ""
	if p.Organization != nil {
		organization = p.Organization.Name
	}
	textSeq := e.seq
	if e.known && !paper.Searched(e.fields) {
		textSeq = e.textSeq
	}
	return []any{string(p.ID), e.seq, textSeq, micros(p.Published.Time), int(p.Published.Precision), organization,
		p.Votes, p.Comments, p.Stars, boolToInt(p.Demo), p.Title, p.Abstract, string(authors), string(metadata)}, nil
}

// boolToInt is b as the bigint columns keep it.
func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// authorship is what ties a paper to its authors' pages.
type authorship struct {
	slugs     []string
	published int64
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
		if e.known && !e.rewritten() {
			continue
		}
		now := authorshipOf(&e.record.Paper)
		if e.known {
			before := authorshipOf(&e.original)
			if now.published == before.published && slices.Equal(now.slugs, before.slugs) {
				continue
			}
			if err := b.dropAuthorship(ctx, e.id, before); err != nil {
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
	// In the order of the key, so that neighbors on one page are written together.
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

func (b *batchWriter) dropAuthorship(ctx context.Context, id paper.ID, before authorship) error {
	const q = `delete from authorships where author = $1 and published = $2 and paper = $3`
	for _, slug := range before.slugs {
		if err := b.w.exec(ctx, q, slug, before.published, id); err != nil {
			return err
		}
	}
	return nil
}

// writeDetails replaces versions and media of the papers that are rewritten.
func (b *batchWriter) writeDetails(ctx context.Context, all []*entry) error {
	var versions, media [][]any
	for _, e := range all {
		if e.known && !e.rewritten() {
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
		media = append(media, mediaRows(&e.record.Paper)...)
	}
	const ignore = "on conflict do nothing" // the same twice in one source
	if err := b.w.insertRows(ctx, table{"versions", []string{"paper", "number", "created"}, ignore}, versions); err != nil {
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
		`delete from media where paper = $1`,
	} {
		if err := b.w.exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

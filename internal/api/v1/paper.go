package v1

import (
	"context"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/search"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// A Paper is a paper as every answer shows it. What is not known, or not of this kind
// of list, is left out.
type Paper struct {
	ID           string        `json:"id" doc:"The arXiv identifier without version, or a DOI in lower case." example:"2406.14347"`
	URL          string        `json:"url" format:"uri" doc:"The page of the paper on this site."`
	SourceURL    string        `json:"sourceUrl" format:"uri" doc:"Where the paper lives: at arXiv, or wherever its DOI leads."`
	PDFURL       string        `json:"pdfUrl,omitempty" format:"uri" doc:"The PDF at arXiv."`
	Title        string        `json:"title" doc:"The title as plain text: formulas in Unicode."`
	TitleTeX     string        `json:"titleTex,omitempty" doc:"The title as its authors wrote it, where that differs."`
	Abstract     string        `json:"abstract" doc:"The abstract as plain text on one line. Empty where nobody has told it."`
	AbstractTeX  string        `json:"abstractTex,omitempty" doc:"The abstract as its authors wrote it, TeX and lines included, where that differs."`
	Authors      []Author      `json:"authors" doc:"In the order of the paper. Names that their bearers have hidden are left out."`
	Organization *Organization `json:"organization,omitempty" doc:"Who stands behind the paper, where that is known."`
	Categories   []string      `json:"categories,omitempty" doc:"Categories of arXiv, the primary one first." example:"cs.CL,cs.LG"`
	Published    string        `json:"published,omitempty" doc:"When the first version appeared, as far as it is known: a month (2026-05), a day (2026-05-27) or a moment (RFC 3339, in UTC)." example:"2026-05-27T17:59:02Z"`
	Updated      time.Time     `json:"updated,omitzero" doc:"When the newest version appeared."`
	Versions     []Version     `json:"versions,omitempty" doc:"Only where a single paper is asked for, and where they are known."`
	Withdrawn    time.Time     `json:"withdrawn,omitzero" doc:"When the paper was withdrawn. Left out for papers that stand."`
	Remarks      string        `json:"remarks,omitempty" doc:"The authors' note at arXiv: pages, venue, addresses."`
	JournalRef   string        `json:"journalRef,omitempty" doc:"Where the paper was published, in the authors' words."`
	DOI          string        `json:"doi,omitempty" doc:"The DOI of the published article, without https://doi.org/."`
	License      string        `json:"license,omitempty" doc:"The address of the license under which the paper stands."`
	Summary      string        `json:"summary,omitempty" doc:"A few sentences for readers, as the source of the paper gives them."`
	SummaryModel string        `json:"summaryModel,omitempty" doc:"The model that wrote the summary, where the source says so."`
	Keywords     []string      `json:"keywords,omitempty" doc:"A few words on what the paper is about, as its source gives them."`
	Links        []Link        `json:"links" doc:"Code and project pages, each with who says that it belongs to the paper."`
	Media        []string      `json:"media,omitempty" doc:"Addresses of pictures and films, in the order of who put the paper in."`
	Thumbnail    string        `json:"thumbnail,omitempty" doc:"The address of a picture that stands for the paper."`
	Votes        int           `json:"votes" minimum:"0" doc:"Votes for the paper."`
	Comments     int           `json:"comments" minimum:"0" doc:"Comments in its discussion."`
	Stars        int           `json:"stars" minimum:"0" doc:"Stars of its code repository."`
	Edition      *Submission   `json:"edition,omitempty" doc:"The edition that the paper entered first. Left out for papers that were in none."`
	Editions     []Submission  `json:"editions,omitempty" doc:"Every edition that the paper was in, the first one first. Only where a single paper is asked for."`
	Demo         bool          `json:"demo,omitempty" doc:"True for papers that are known from the demonstration catalog only."`

	Rank       int         `json:"rank,omitempty" minimum:"1" doc:"The place in this list, from 1, where the list has ranks."`
	Score      *Score      `json:"score,omitempty" doc:"What the paper's place among the trending is made of. In trending, and where a single paper is asked for."`
	Relevance  float64     `json:"relevance,omitempty" doc:"How well the paper answers a search; it compares papers of one search, and nothing else."`
	Highlights *Highlights `json:"highlights,omitempty" doc:"What of the paper answers a search. In search only."`
	Why        *Why        `json:"why,omitempty" doc:"What the relevance is made of. In search, where why=true was asked for."`
}

// An Author is a name on a paper.
type Author struct {
	Name string `json:"name" doc:"As it stands on the paper." example:"Kuzma Khrabrov"`
	Slug string `json:"slug,omitempty" doc:"What the author is called in addresses: /authors/{slug}. Spellings that differ in accents or capitals share one; names without a letter have none." example:"kuzma-khrabrov"`
}

// An Organization stands behind papers.
type Organization struct {
	Name     string `json:"name" doc:"What it is called in addresses: /organizations/{name}." example:"nvidia"`
	FullName string `json:"fullName" doc:"As people read it." example:"NVIDIA"`
	Avatar   string `json:"avatar,omitempty" doc:"The address of its picture."`
	URL      string `json:"url" format:"uri" doc:"Its page on this site."`
}

// A Version is one revision of a paper.
type Version struct {
	Number  int       `json:"number" minimum:"1" doc:"From 1."`
	Created time.Time `json:"created" doc:"When it appeared."`
}

// A Link leads from a paper to something that belongs to it.
type Link struct {
	Kind    string    `json:"kind" enum:"code,project" doc:"What it leads to: a code repository, or a project page."`
	URL     string    `json:"url" doc:"Where it leads."`
	Grade   string    `json:"grade,omitempty" enum:"authors,reader,staff,auto,listed" doc:"On whose word the link stands. authors: it stands in the paper's own abstract or remarks. reader: somebody with an account at the source added it. staff: the people who run the source did. auto: a program of the source found it. listed: the source lists it and does not say who added it."`
	Checked time.Time `json:"checked,omitzero" doc:"When the target was last asked for. Left out where that never happened."`
}

// A Submission is a paper's entry into an edition.
type Submission struct {
	Day         string    `json:"day" format:"date" doc:"The feed day of the edition."`
	URL         string    `json:"url" format:"uri" doc:"The edition's page on this site."`
	SubmittedAt time.Time `json:"submittedAt,omitzero" doc:"When the paper was put in, where that is known."`
	SubmittedBy *Person   `json:"submittedBy,omitempty" doc:"Who put it in, where that is known."`
	Rank        int       `json:"rank,omitempty" minimum:"1" doc:"The paper's place in that edition, from 1. Only where a single paper is asked for, and for its first edition."`
	Of          int       `json:"of,omitempty" minimum:"1" doc:"How many papers that edition has. Given together with rank."`
}

// A Person is an account on the site that a paper came from.
type Person struct {
	Name     string `json:"name" doc:"The unique name of the account."`
	FullName string `json:"fullName,omitempty" doc:"As people read it."`
}

// A Score is a place among the trending: log2(1 + votes + comments + stars) - decay.
type Score struct {
	Total    float64 `json:"total" doc:"log2(1 + votes + comments + stars) - decay. It is comparable between papers, and may be below zero."`
	Votes    float64 `json:"votes" doc:"Points from votes."`
	Comments float64 `json:"comments" doc:"Points from comments."`
	Stars    float64 `json:"stars" doc:"Points from stars: by their logarithm."`
	AgeHours float64 `json:"ageHours" doc:"Hours since the paper's first edition opened."`
	Decay    float64 `json:"decay" doc:"Half-lives that have passed in that time."`
}

// Highlights are pieces of a paper with what answers a search marked.
type Highlights struct {
	Title    []Fragment `json:"title" doc:"The title in pieces."`
	Abstract []Fragment `json:"abstract" doc:"The part of the abstract that answers best."`
}

// A Fragment is a piece of text. The pieces of a text, put together, are the text.
type Fragment struct {
	Text   string `json:"text" doc:"The piece, as plain text."`
	Marked bool   `json:"marked,omitempty" doc:"True for what answers the search."`
}

// Why says what a relevance is made of.
type Why struct {
	Words   float64     `json:"words" doc:"What all but the meaning adds."`
	Meaning float64     `json:"meaning" doc:"The cosine of the paper's vector and the query's. 0 where meaning was not asked for."`
	Terms   []TermScore `json:"terms" doc:"What each part adds to the relevance, the most first. Together they are the relevance, to the last digit."`
}

// A TermScore is what one part adds to the relevance.
type TermScore struct {
	Term  string  `json:"term" doc:"The term as it is indexed, or both of a pair."`
	Field string  `json:"field" doc:"The field that it stands in; or pair for words that stand side by side, about for the words of the best papers, whole for a title that is the whole query, meaning for the cosine."`
	Score float64 `json:"score" doc:"What it adds."`
}

// A writer puts what the catalog knows into the shapes of the API.
type writer struct{ base string }

func writerIn(ctx context.Context) writer { return writer{askedIn(ctx).base} }

// paper is a paper of a list.
func (w writer) paper(e *catalog.Entry) Paper {
	p := &e.Paper
	out := Paper{
		ID: string(p.ID), URL: w.base + urls.Paper(p.ID), SourceURL: p.ID.AbsURL(0), PDFURL: p.ID.PDFURL(0),
		Authors: authorsOf(p), Organization: w.organization(p.Organization), Categories: p.Categories,
		Published: p.Published.String(), Updated: seconds(p.Updated), Withdrawn: seconds(p.Withdrawn),
		Remarks: p.Remarks, JournalRef: p.JournalRef, DOI: p.DOI, License: p.License,
		Summary: p.Summary, SummaryModel: p.SummaryModel, Keywords: p.Keywords,
		Links: linksOf(p), Media: p.Media, Thumbnail: p.Thumbnail,
		Votes: p.Votes, Comments: p.Comments, Stars: p.Stars, Demo: p.Demo, Rank: e.Rank,
	}
	out.Title, out.TitleTeX = plain(p.Title)
	out.Abstract, out.AbstractTeX = plain(p.Abstract)
	for _, v := range p.Versions {
		out.Versions = append(out.Versions, Version{v.Number, seconds(v.Created)})
	}
	if e.Submission != nil {
		s := w.submission(*e.Submission)
		out.Edition = &s
	}
	if e.Score != (rank.Score{}) {
		out.Score = score(e.Score)
	}
	return out
}

// papers are those of a list; never nil, as clients read null as a mistake.
func (w writer) papers(entries []catalog.Entry) []Paper {
	out := make([]Paper, len(entries))
	for i := range entries {
		out[i] = w.paper(&entries[i])
	}
	return out
}

// sheet is a paper with all that is known about it.
func (w writer) sheet(s *catalog.PaperDetail) Paper {
	e := catalog.Entry{Paper: s.Paper, Score: s.Score}
	if len(s.Submissions) > 0 {
		e.Submission = &s.Submissions[0]
	}
	out := w.paper(&e)
	for i, sub := range s.Submissions {
		one := w.submission(sub)
		if i == 0 {
			one.Rank, one.Of = s.Rank, s.Of
			out.Edition = &one
		}
		out.Editions = append(out.Editions, one)
	}
	return out
}

// found is a paper of a search.
func (w writer) found(f *catalog.Hit) Paper {
	out := w.paper(&f.Entry)
	out.Relevance = f.Score
	out.Highlights = &Highlights{fragments(f.Title), fragments(f.Passage)}
	if f.Why != nil {
		out.Why = &Why{Words: f.Why.Words, Meaning: f.Why.Meaning, Terms: make([]TermScore, len(f.Why.Terms))}
		for i, t := range f.Why.Terms {
			out.Why.Terms[i] = TermScore(t)
		}
	}
	return out
}

func (w writer) submission(s paper.Submission) Submission {
	out := Submission{Day: string(s.Day), URL: w.base + urls.Edition(s.Day.Period()), SubmittedAt: seconds(s.At)}
	if s.By != nil {
		out.SubmittedBy = &Person{s.By.Name, s.By.FullName}
	}
	return out
}

func (w writer) organization(o *paper.Organization) *Organization {
	if o == nil || o.Name == "" {
		return nil
	}
	out := Organization{Name: o.Name, FullName: o.FullName, Avatar: o.Avatar, URL: w.base + urls.Organization(o.Name)}
	if out.FullName == "" {
		out.FullName = o.Name
	}
	return &out
}

// plain is a text without its TeX, and the text itself where that differs.
func plain(source string) (text, original string) {
	text = tex.Text(source)
	if text != source {
		original = source
	}
	return text, original
}

func authorsOf(p *paper.Paper) []Author {
	out := make([]Author, 0, len(p.Authors))
	for _, a := range p.Authors {
		if !a.Hidden && a.Name != "" {
			out = append(out, Author{Name: tex.Text(a.Name), Slug: paper.Slug(a.Name)})
		}
	}
	return out
}

func linksOf(p *paper.Paper) []Link {
	out := make([]Link, len(p.Links))
	for i, l := range p.Links {
		out[i] = Link{string(l.Kind), l.URL, string(l.Grade), seconds(l.Checked)}
	}
	return out
}

func score(s rank.Score) *Score {
	return &Score{Total: s.Total, Votes: s.Votes, Comments: s.Comments, Stars: s.Stars, AgeHours: s.Age.Hours(), Decay: s.Decay}
}

func fragments(in []search.Fragment) []Fragment {
	out := make([]Fragment, len(in))
	for i, f := range in {
		out[i] = Fragment(f)
	}
	return out
}

// seconds is a time as answers have it: in UTC, without fractions.
func seconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

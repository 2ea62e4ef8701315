package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/cite"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// sheetPage is one paper with all that is known about it.
type sheetPage struct {
	head
	Heading template.HTML
	Name    string // "arXiv 2605.27365" or "doi 10.1145/..."
	Version string // "v2"
	Place   *link  // "No. 1 of 27 May"
	Also    []link // further editions

	Published            *when
	PublishedWhen        string // "on" a day, "in" a month
	Submitter            string
	Authors, MoreAuthors template.HTML
	More                 int // authors in MoreAuthors
	Org                  *link
	Withdrawn            string
	Summary, SummaryBy   string
	Abstract             []template.HTML
	Keywords             []link // Path "" where nothing can be searched
	Details              []detail
	Discussion           string

	Picture  string
	Cover    *drawing
	Read     []reading
	Similar  []link
	Alike    string // the address of more of them
	Lacking  string // what the search index lacks, where that matters
	HasVotes bool   // it stood where people vote
	Votes    int
	Spark    *sparkline
	Why      *why
	Cite     []link
	BibTeX   string

	provisional func(context.Context) bool // of the response, which may get more similar papers
}

// detail is a line of what else is known.
type detail struct {
	Name, Text string
	Link       *link  // away from here
	Searches   []link // what else has it
}

// reading is a link from the paper to where it, or what belongs to it, can be read.
type reading struct {
	link
	Note string
}

// shownAuthors is how many names stand before "and 130 more".
const shownAuthors = 24

// paper is /papers/{id}, and under the id with an ending its other forms and what is
// similar.
func (s *site) paper(r *request) (*httpserver.Response, error) {
	given := strings.TrimRight(r.PathValue("id"), "/")
	if given == "" {
		return goTo(http.StatusMovedPermanently, urls.Papers)
	}
	if bare, ok := strings.CutSuffix(given, "/similar"); ok {
		if id, err := paper.ParseID(bare); err == nil { // else it is the end of a DOI
			return s.similar(r, id)
		}
	}
	form, bare := citationOf(given)
	if form == nil {
		bare = strings.TrimSuffix(given, markdownEnding)
	}
	id, err := paper.ParseID(bare)
	if err != nil {
		return nil, &pageError{status: http.StatusNotFound, title: "That is not a paper’s id", says: sentence(err.Error())}
	}
	ending := strings.TrimPrefix(given, bare)
	if r.Path != urls.Paper(id)+ending {
		return goTo(http.StatusMovedPermanently, urls.Paper(id)+ending)
	}
	return s.paperAs(r, id, form)
}

// paperAs is a paper in a form of citation, else as Markdown or as its page, whichever
// the client wants.
func (s *site) paperAs(r *request, id paper.ID, form *citation) (*httpserver.Response, error) {
	sheet, err := s.Catalog.Paper(r.Context(), id)
	if err != nil {
		return nil, missing(id, err)
	}
	switch {
	case form != nil:
		return form.answer(&sheet.Paper)
	case r.Form == markdownForm:
		return negotiated(s.markdownOf(r, sheet))
	}
	p := s.sheetPage(sheet)
	s.searches(r, p, sheet)
	p.offerPaper(id, len(p.Similar) > 0)
	s.addPaperData(r, &p.head, sheet)
	a, err := negotiated(s.render("paper", p))
	if err == nil {
		a.Provisional = p.provisional
	}
	return a, err
}

// negotiated says that others may get another form under the same address.
func negotiated(a *httpserver.Response, err error) (*httpserver.Response, error) {
	if err == nil {
		a.Header = map[string]string{"Vary": "Accept"}
	}
	return a, err
}

// missing is the error about a paper that is not here, with where else it may be.
func missing(id paper.ID, err error) error {
	if !errors.Is(err, paper.ErrNotFound) {
		return err
	}
	where := "arXiv"
	if id.IsDOI() {
		where = "doi.org"
	}
	return &pageError{
		status: http.StatusNotFound, title: string(id) + " is not here yet",
		says: "This site has not read about that paper. You may find it on", link: &link{id.AbsURL(0), where},
	}
}

func (s *site) sheetPage(sheet *catalog.PaperDetail) *sheetPage {
	p := &sheet.Paper
	title := tex.Text(p.Title)
	page := &sheetPage{
		head: s.head(title, urls.Paper(p.ID)), Heading: tex.HTML(p.Title), Name: idName(p.ID),
		Org: organization(p.Organization), Summary: p.Summary, SummaryBy: summaryBy(p),
		Details: details(p), Read: read(p), Picture: s.picture(p),
		HasVotes: len(sheet.Submissions) > 0 || p.Votes > 0, Votes: p.Votes, Spark: spark(sheet.Votes), BibTeX: cite.BibTeX(*p), Cite: citations(p.ID),
	}
	if p.Abstract != "" {
		page.Abstract = tex.Paragraphs(p.Abstract)
	}
	if page.Picture == "" {
		page.Cover = cover(p, small)
	}
	authors := authorLinks(p.Authors)
	shown := len(authors)
	if shown > shownAuthors+4 { // folding a handful away saves nothing
		shown = shownAuthors
	}
	page.Authors, page.MoreAuthors, page.More = nameList(authors[:shown]), nameList(authors[shown:]), len(authors)-shown
	s.placeIn(page, sheet)
	page.dates(p)
	if p.Comments > 0 {
		page.Discussion = plural(p.Comments, "comment") + " on the site this paper was read from."
	}
	page.OpenGraph, page.Description = "article", brief(blurb(p))
	page.Meta, page.Data = scholarMeta(p, title, authors), s.scholarData(p, title, authors)
	if len(sheet.Submissions) > 0 { // else it never stood where papers trend
		page.Why = explainScore(catalog.Entry{Paper: *p, Score: sheet.Score}, rank.Default)
	}
	return page
}

// nameList writes links with commas between, each name marked as scrapers know it. Papers have up to thousands of
// authors, and this is several times as fast as a template.
func nameList(names []link) template.HTML {
	var b strings.Builder
	for i, n := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`<span class="author"><a href="` + template.HTMLEscapeString(n.Path) + `">` + template.HTMLEscapeString(n.Text) + "</a></span>")
	}
	return template.HTML(b.String())
}

// placeIn says where the paper stood, and where else it stands.
func (s *site) placeIn(page *sheetPage, sheet *catalog.PaperDetail) {
	for i, sub := range sheet.Submissions {
		day := shortDay(sub.Day, s.Now())
		at := link{urls.Edition(sub.Day.Period()), "also in " + day}
		if i > 0 {
			page.Also = append(page.Also, at)
			continue
		}
		at.Text = "in the edition of " + day
		if sheet.Rank > 0 {
			at.Text = "No. " + strconv.Itoa(sheet.Rank) + " of " + day
		}
		page.Place = &at
		if sub.By != nil {
			page.Submitter = sub.By.Name
		}
	}
}

// dates fills in when the paper was published, in which version it is, and
// whether it was withdrawn.
func (page *sheetPage) dates(p *paper.Paper) {
	if w := dateOf(p.Published); w.Text != "" {
		page.Published, page.PublishedWhen = &w, "on"
		if p.Published.Precision == paper.PrecisionMonth {
			page.PublishedWhen = "in"
		}
	}
	if n := len(p.Versions); n > 0 && p.Versions[n-1].Number > 0 {
		page.Version = "v" + strconv.Itoa(p.Versions[n-1].Number)
	}
	if !p.Withdrawn.IsZero() {
		page.Withdrawn = "Its authors withdrew this paper on " + p.Withdrawn.UTC().Format("2 January 2006") + "."
	}
}

// idName is the id with where it is from.
func idName(id paper.ID) string {
	if id.IsDOI() {
		return "doi " + string(id)
	}
	return "arXiv " + string(id)
}

func summaryBy(p *paper.Paper) string {
	switch {
	case p.SummaryModel != "":
		return "Summary by " + p.SummaryModel
	case p.Demo:
		return "Summary written for the demonstration catalog"
	}
	return "Summary by a language model"
}

// read lists where the paper, its code and its project can be read.
func read(p *paper.Paper) []reading {
	out := []reading{{link{p.ID.AbsURL(0), "View arXiv page"}, "abstract"}}
	if p.ID.IsDOI() {
		out = []reading{{link{p.ID.AbsURL(0), "Publisher"}, "doi"}}
	}
	if u := p.ID.PDFURL(0); u != "" {
		out = append(out, reading{link{u, "View PDF"}, "arXiv"})
	}
	if u := p.ID.HTMLURL(0); u != "" {
		out = append(out, reading{link{u, "View HTML"}, "arXiv"})
	}
	stars := p.Stars
	for _, l := range p.Links {
		if u := webAddress(l.URL); u != "" {
			out = append(out, reading{link{u, linkName(l.Kind, u)}, linkNote(l, stars)})
			if l.Kind == paper.LinkCode {
				stars = 0 // they are the first repository's
			}
		}
	}
	return out
}

func linkName(kind paper.LinkKind, address string) string {
	switch kind {
	case paper.LinkCode:
		if strings.Contains(address, "://github.com/") {
			return "GitHub"
		}
		return "Code"
	case paper.LinkProject:
		return "Project page"
	}
	return strings.ToUpper(string(kind[:1])) + string(kind[1:])
}

var gradeWords = map[paper.Grade]string{
	paper.GradeAuthors: "by the authors", paper.GradeReader: "from a reader", paper.GradeStaff: "from the source’s staff",
	paper.GradeAuto: "found by a program", paper.GradeListed: "as listed",
}

// linkNote says on whose word a link stands and when it was last looked at.
func linkNote(l paper.Link, stars int) string {
	var parts []string
	if l.Kind == paper.LinkCode && stars > 0 {
		parts = append(parts, "★ "+number(stars))
	}
	if w := gradeWords[l.Grade]; w != "" {
		parts = append(parts, w)
	}
	if !l.Checked.IsZero() {
		parts = append(parts, "checked "+l.Checked.UTC().Format("2 January 2006"))
	}
	return strings.Join(parts, " · ")
}

// details are what else the metadata says.
func details(p *paper.Paper) []detail {
	var out []detail
	add := func(name, text string) {
		if text != "" {
			out = append(out, detail{Name: name, Text: text})
		}
	}
	add("Authors’ note", tex.Text(p.Remarks))
	add("Published in", tex.Text(p.JournalRef))
	if p.DOI != "" {
		u := url.URL{Scheme: "https", Host: "doi.org", Path: "/" + p.DOI}
		out = append(out, detail{Name: "DOI", Link: &link{u.String(), p.DOI}})
	}
	add("Report", p.ReportNo)
	if len(p.Categories) > 0 {
		out = append(out, detail{Name: "Subjects", Searches: searchesFor(p.Categories, func(c string) string { return "cat:" + quoted(c) })})
	}
	add("Versions", versions(p.Versions))
	if u := webAddress(p.License); u != "" {
		out = append(out, detail{Name: "License", Link: &link{u, license(u)}})
	}
	return out
}

// versions lists when each version came out.
func versions(all []paper.Version) string {
	var parts []string
	for _, v := range all {
		text := fmt.Sprintf("v%d", v.Number)
		if !v.Created.IsZero() {
			text += " on " + v.Created.UTC().Format("2 January 2006")
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// license shortens the address of a license to what names it.
func license(address string) string {
	_, rest, ok := strings.Cut(address, "creativecommons.org/licenses/")
	if !ok {
		return strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	}
	return "CC " + strings.ToUpper(strings.ReplaceAll(strings.Trim(rest, "/"), "/", " "))
}

// isoDay is a day as metadata for machines has it.
func isoDay(t time.Time) string { return t.UTC().Format(time.DateOnly) }

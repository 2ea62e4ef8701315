package api

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/urls"
)

// A Writer puts papers into the shapes of the Daily Papers API. Its PageData is for
// pages; the answers of [New] are made by the same.
type Writer struct {
	origin string // of the site that the paths of avatars belong to
	site   paper.Person
}

// NewWriter returns a Writer; of the options it needs Origin and SiteName alone.
func NewWriter(o Options) *Writer {
	name := cmp.Or(o.SiteName, httpserver.DefaultSiteName)
	return &Writer{
		origin: strings.TrimRight(cmp.Or(o.Origin, "https://huggingface.co"), "/"),
		site:   paper.Person{Name: paper.Slug(name), FullName: name, Type: "org"},
	}
}

// at is the writer for a site at that scheme and host.
func (w *Writer) at(base string) writer { return writer{w, base} }

// A writer writes for one scheme and host of this site.
type writer struct {
	*Writer
	base string
}

func (w writer) items(entries []catalog.Entry) []item {
	out := make([]item, len(entries))
	for i, e := range entries {
		out[i] = w.item(e)
	}
	return out
}

// item is a paper of a list. The publishedAt beside the paper is when it entered its
// edition, which clients show as "submitted": the public site meant that too, before
// it sent the paper's own date there, moved by its time zone.
func (w writer) item(e catalog.Entry) item {
	p := w.flat(e)
	return item{
		Paper: p, PublishedAt: cmp.Or(p.SubmittedAt, p.PublishedAt),
		Title: p.Title, Summary: p.Summary, MediaURLs: p.MediaURLs, Thumbnail: w.thumbnail(&e.Paper),
		NumComments: e.Paper.Comments, SubmittedBy: w.submitter(w.bringer(e.Submission)),
		Organization: p.Organization, Participating: e.Paper.AuthorActive,
		Upvotes: p.Upvotes, ProjectPage: p.ProjectPage, GithubRepo: p.GithubRepo,
		AISummary: p.AISummary, AIKeywords: p.AIKeywords, GithubStars: p.GithubStars,
	}
}

// flat is the paper itself.
func (w writer) flat(e catalog.Entry) flat {
	p := &e.Paper
	f := flat{
		ID: p.ID, Authors: w.authors(p), MediaURLs: p.Media, PublishedAt: published(e),
		Title: p.Title, Summary: p.Abstract, Upvotes: p.Votes,
		DiscussionID: cmp.Or(p.DiscussionID, madeKey("discussion", string(p.ID))),
		ProjectPage:  project(p.Links), AISummary: p.Summary, AIKeywords: p.Keywords,
		GithubStars: p.Stars, Organization: w.organization(p.Organization), WithdrawnAt: stamp(p.Withdrawn),
	}
	if p.Summary != "" {
		f.SummaryModel = p.SummaryModel
	}
	f.GithubRepo, f.RepoAddedBy = repository(p.Links)
	if s := e.Submission; s != nil {
		f.SubmittedAt, f.SubmittedBy = submitted(s), w.account(w.bringer(s))
	}
	return f
}

// sheet is a paper by itself.
func (w writer) sheet(e catalog.Entry) sheet {
	return sheet{flat: w.flat(e), NumComments: e.Paper.Comments}
}

// briefs are papers in the list of all.
func (w writer) briefs(entries []catalog.Entry) []brief {
	out := make([]brief, len(entries))
	for i, e := range entries {
		p := &e.Paper
		out[i] = brief{
			ID: p.ID, Title: p.Title, Thumbnail: w.thumbnail(p), Upvotes: p.Votes, PublishedAt: published(e),
			Authors: w.authors(p), Summary: p.Abstract, ProjectPage: project(p.Links),
		}
	}
	return out
}

// hits are papers as a search sends them.
func (w writer) hits(all []catalog.Hit) []hit {
	items := make([]item, len(all))
	for i, f := range all {
		items[i] = w.item(f.Entry)
	}
	return withMarks(items, all)
}

// withMarks are items with what of them answers a search.
func withMarks(items []item, all []catalog.Hit) []hit {
	out := make([]hit, len(all))
	for i, f := range all {
		out[i] = hit{items[i], fragments(f.Title), fragments(f.Passage)}
	}
	return out
}

// fragments are pieces of text with their types.
func fragments(in []search.Fragment) []fragment {
	out := make([]fragment, len(in))
	for i, f := range in {
		out[i] = fragment{"text", f.Text}
		if f.Marked {
			out[i].Type = "highlight"
		}
	}
	return out
}

// bringer is who brought a paper here. Where no person is known it is the site: every
// item of the public site has somebody, and its clients do not look first.
func (w writer) bringer(s *paper.Submission) *paper.Person {
	if s == nil || s.By == nil {
		return &w.site
	}
	return s.By
}

// pictures are the endings of addresses that a thumbnail can have.
var pictures = []string{".png", ".jpg", ".jpeg", ".webp", ".gif"}

// thumbnail is the address of a picture for the paper; as with bringer there is always
// one.
func (w writer) thumbnail(p *paper.Paper) string {
	if p.Thumbnail != "" {
		return p.Thumbnail
	}
	for _, m := range p.Media {
		if slices.Contains(pictures, strings.ToLower(path.Ext(m))) {
			return m
		}
	}
	return w.sign()
}

// sign is the address of this site's own sign.
func (w writer) sign() string { return w.base + urls.Icon }

// stampForm is how times are written: with three digits behind the second and a Z,
// which several clients read by that form alone.
const stampForm = "2006-01-02T15:04:05.000Z"

// stamp writes a time; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampForm)
}

// published is when the paper was published, as far as it is known: the first day of
// a month, midnight of a day; at the latest it was there when it entered an edition.
func published(e catalog.Entry) string {
	d := e.Paper.Published
	if d.IsZero() {
		d = e.Paper.ID.Month()
	}
	if d.IsZero() && e.Submission != nil {
		return submitted(e.Submission)
	}
	return stamp(d.Time)
}

// submitted is when the paper entered its edition. Clients take its first ten
// characters for the edition's day; an edition that opens on the evening before, or
// ends after midnight, has submissions that would mislead them.
func submitted(s *paper.Submission) string {
	if at := s.At.UTC(); !s.At.IsZero() && paper.DayOf(at) == s.Day {
		return stamp(at)
	}
	return stamp(s.Day.Time())
}

// authors are the names on a paper. Each has a key, as clients tell them apart by it.
func (w writer) authors(p *paper.Paper) []author {
	out := make([]author, len(p.Authors))
	seen := map[string]int{}
	for i, a := range p.Authors {
		key := a.Key
		if key == "" {
			key = madeKey("author", string(p.ID), a.Name, strconv.Itoa(seen[a.Name]))
			seen[a.Name]++
		}
		out[i] = author{
			Key: key, Name: a.Name, Hidden: a.Hidden, User: w.account(a.Person),
			Status: a.Status, StatusAt: stamp(a.StatusAt),
		}
	}
	return out
}

// madeKey is a key for what its source gave none: 24 hexadecimal digits, the same
// for the same words.
func madeKey(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return hex.EncodeToString(sum[:12])
}

func (w writer) account(p *paper.Person) *account {
	if p == nil {
		return nil
	}
	return &account{
		Key: personKey(p), Avatar: w.avatar(p.Avatar), Pro: p.Pro,
		FullName: cmp.Or(p.FullName, p.Name), User: p.Name, Type: cmp.Or(p.Type, "user"), Name: p.Name,
	}
}

func (w writer) submitter(p *paper.Person) *submitter {
	return &submitter{
		Key: personKey(p), Avatar: w.avatar(p.Avatar), FullName: cmp.Or(p.FullName, p.Name),
		Name: p.Name, Type: cmp.Or(p.Type, "user"), Pro: p.Pro, Staff: p.Staff, Admin: p.Admin,
		Moderator: p.Moderator, Followers: p.Followers, User: p.Name,
	}
}

func personKey(p *paper.Person) string { return cmp.Or(p.Key, madeKey("person", p.Name)) }

// avatar is the absolute address of somebody's picture; this site's own sign when
// they have none.
func (w writer) avatar(s string) string {
	if s == "" {
		return w.sign()
	}
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		s = w.origin + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return w.sign()
	}
	return u.String()
}

func (w writer) organization(o *paper.Organization) *organization {
	if o == nil || o.Name == "" {
		return nil
	}
	return &organization{
		Key: cmp.Or(o.Key, madeKey("organization", o.Name)), Name: o.Name,
		FullName: cmp.Or(o.FullName, o.Name), Avatar: w.avatar(o.Avatar),
	}
}

// project is the address of the first project page; "" when there is none.
func project(links []paper.Link) string {
	for _, l := range links {
		if l.Kind == paper.LinkProject {
			return l.URL
		}
	}
	return ""
}

// repositoryGrades are the grades in the order in which a link of theirs is the
// paper's one repository. What people or the source have named as such goes before
// what the text of the abstract happens to name: it may name foreign ones.
var repositoryGrades = []paper.Grade{paper.GradeReader, paper.GradeStaff, paper.GradeListed, paper.GradeAuto, paper.GradeAuthors}

// repository is the paper's repository on GitHub and who added it, in the two words
// that clients know; "" where that is neither.
func repository(links []paper.Link) (address, addedBy string) {
	best := len(repositoryGrades)
	for _, l := range links {
		if l.Kind != paper.LinkCode || !onGitHub(l.URL) {
			continue
		}
		if rank := slices.Index(repositoryGrades, l.Grade); rank >= 0 && rank < best {
			best, address = rank, l.URL
		}
	}
	if best == len(repositoryGrades) {
		return "", ""
	}
	switch repositoryGrades[best] {
	case paper.GradeReader:
		addedBy = "user"
	case paper.GradeAuto:
		addedBy = "auto"
	}
	return address, addedBy
}

func onGitHub(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	return strings.HasPrefix(rest, "github.com/")
}

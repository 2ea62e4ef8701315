package web

import (
	"cmp"
	"embed"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"broadsheet/internal/urls"
)

//go:embed templates
var templateFiles embed.FS

// pages are the templates by name: each with the frame and the card in it.
type pages map[string]*template.Template

// shared are the templates that stand in every page.
var shared = []string{"templates/page.html", "templates/card.html"}

// parsePages reads all templates once.
func parsePages() (pages, error) {
	base, err := template.ParseFS(templateFiles, shared...)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, file := range files {
		if file == shared[0] || file == shared[1] {
			continue
		}
		t, err := template.Must(base.Clone()).ParseFS(templateFiles, file)
		if err != nil {
			return nil, err
		}
		all[strings.TrimSuffix(path.Base(file), ".html")] = t
	}
	return all, nil
}

// head is what the frame of a page shows. Every page's struct embeds one.
type head struct {
	Site        string
	Title       string // of this page alone
	Description string // for search engines and previews
	Canonical   string // "" where a page has no address of its own
	Robots      string
	OpenGraph   string // kind of thing, "website" or "article"
	Query       string // what stands in the box
	Nav         []navLink
	Meta        []meta      // of this page alone
	Data        template.JS // JSON-LD
	Alternates  []alternate // other forms of the page
	Feeds       []feed      // the menu of a list's feeds

	data func() template.HTML // what scrapers read; nil where a page has none

	Style, Script, Icon string
	Suggest, Recent     string // scripts that few pages need
}

// link is an address with its words.
type link struct{ Path, Text string }

type navLink struct {
	link
	Current bool
}

// The views in the header.
const (
	daily    = "Daily"
	weekly   = "Weekly"
	monthly  = "Monthly"
	trending = "Trending"
	newest   = "New"
	archives = "Archive"
)

// meta is a <meta> element.
type meta struct{ Name, Content string }

// alternate is another form of a page.
type alternate struct{ Path, Kind, Title string }

// Type is the attribute with the form's media type, one of our own. In an attribute that it
// fills itself, a template writes the + of application/rss+xml as a reference, and programs
// that look for feeds with a regular expression find none.
func (a alternate) Type() template.HTMLAttr { return template.HTMLAttr(`type="` + a.Kind + `"`) }

// navs are the links of the header by the view that is current, "" for none.
var navs = func() map[string][]navLink {
	links := []link{
		{urls.Papers, daily}, {urls.ThisWeek, weekly}, {urls.ThisMonth, monthly},
		{urls.Trending, trending}, {urls.Newest, newest}, {urls.Archive, archives},
	}
	out := map[string][]navLink{}
	for _, view := range append(links, link{}) {
		for _, l := range links {
			out[view.Text] = append(out[view.Text], navLink{l, l == view})
		}
	}
	return out
}()

// head starts the frame of a page. An empty path means that the page has no
// address worth keeping.
func (s *site) head(title, path string) head {
	h := head{
		Site: s.SiteName, Title: title, OpenGraph: "website",
		Style: s.assets.path("site.css"), Script: s.assets.path("site.js"), Icon: s.assets.path("icon.svg"),
		Suggest: s.assets.path("suggest.js"), Recent: s.assets.path("recent.js"),
	}
	if path != "" {
		h.Canonical = s.BaseURL + path
	}
	h.at("")
	return h
}

// at marks the view that the page belongs to.
func (h *head) at(view string) { h.Nav = navs[view] }

// furtherPage marks a page whose address will not hold: a list's second page moves
// with every paper that comes in.
func (h *head) furtherPage() { h.Robots, h.Canonical = "noindex, follow", "" }

// PageData is what scrapers read.
func (h head) PageData() template.HTML {
	if h.data == nil {
		return ""
	}
	return h.data()
}

// FullTitle is what the browser's tab says.
func (h head) FullTitle() string {
	if h.Title == h.Site {
		return h.Site
	}
	return cmp.Or(h.Title, "Untitled") + " · " + h.Site
}

// cutAtWord is the beginning of text, at most n characters long and ending with a
// whole word, and the rest.
func cutAtWord(text string, n int) (head, rest string) {
	end := 0
	for i, r := range text {
		if n--; n < 0 {
			return strings.TrimRight(text[:cmp.Or(end, i)], " "), strings.TrimLeft(text[cmp.Or(end, i):], " ")
		}
		if r == ' ' {
			end = i
		}
	}
	return text, ""
}

// brief is the beginning of text, for descriptions.
func brief(text string) string {
	head, rest := cutAtWord(text, 200)
	if rest != "" {
		head += " …"
	}
	return head
}

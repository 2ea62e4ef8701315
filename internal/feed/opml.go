package feed

import (
	"encoding/xml"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
)

type opmlDocument struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    string        `xml:"head>title"`
	Docs     string        `xml:"head>docs"`
	Outlines []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Type        string `xml:"type,attr"`
	Text        string `xml:"text,attr"`
	Title       string `xml:"title,attr"`
	Description string `xml:"description,attr"`
	XMLURL      string `xml:"xmlUrl,attr"`
	HTMLURL     string `xml:"htmlUrl,attr"`
	Language    string `xml:"language,attr"`
}

// opml lists the feeds that can be followed for years, for readers that import such a
// list.
func (h *Handler) opml(base string) (*httpserver.Response, error) {
	d := opmlDocument{Version: "2.0", Title: h.SiteName, Docs: "https://opml.org/spec2.opml"}
	add := func(path, title, text string) {
		title += " – " + h.SiteName
		d.Outlines = append(d.Outlines, opmlOutline{"rss", title, title, text, base + path + ".rss", base + path, "en"})
	}
	for _, s := range newestFeeds {
		add(s.path, s.title, s.text)
	}
	add(urls.Trending, "Trending papers", trendingText)
	add(urls.Newest, "Newest papers", newText)
	add(urls.Archive, archiveTitle, archiveText)
	body, err := writeXML(d)
	return &httpserver.Response{Kind: "text/x-opml; charset=utf-8", Body: body}, err
}

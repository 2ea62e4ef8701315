package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// address is one line of a sitemap.
type address struct {
	Loc string `xml:"loc"`
}

// robots is /robots.txt: everything may be read, but the box and the further
// pages of lists are no places to collect.
func (s *site) robots(*request) (*httpserver.Response, error) {
	text := "User-agent: *\nDisallow: /papers?q=\nDisallow: /search?\nDisallow: /search/random\nDisallow: /papers.*?q=\nDisallow: /*?after=\nDisallow: /*&after=\n"
	if s.BaseURL != "" {
		text += "\nSitemap: " + s.BaseURL + urls.SitemapIndex + "\n"
	}
	return &httpserver.Response{Kind: "text/plain; charset=utf-8", Body: []byte(text), MaxAge: time.Minute}, nil
}

// sitemapIndex is /sitemap.xml: one sitemap a month, and one of the pages.
func (s *site) sitemapIndex(r *request) (*httpserver.Response, error) {
	months, err := s.Catalog.SitemapMonths(r.Context())
	if err != nil {
		return nil, err
	}
	index := struct {
		XMLName xml.Name  `xml:"sitemapindex"`
		Space   string    `xml:"xmlns,attr"`
		Maps    []address `xml:"sitemap"`
	}{Space: sitemapSpace, Maps: []address{{s.BaseURL + urls.Sitemap(urls.PagesSitemap)}}}
	for _, m := range months {
		index.Maps = append(index.Maps, address{s.BaseURL + urls.Sitemap(string(m.Period))})
	}
	return xmlAnswer(index)
}

// sitemap is /sitemaps/2026-05.xml: the papers published in a month.
func (s *site) sitemap(r *request) (*httpserver.Response, error) {
	name, ok := strings.CutSuffix(r.PathValue("file"), urls.SitemapFileType)
	if !ok {
		return nil, paper.ErrNotFound
	}
	paths := []string{urls.Papers, urls.Trending, urls.Newest, urls.Archive, urls.About, urls.AboutTrending, urls.SearchHelp, urls.Developers}
	if s.api != nil {
		paths = append(paths, urls.DevelopersAPI)
	}
	if name != urls.PagesSitemap {
		month, err := paper.ParseMonth(name)
		if err != nil {
			return nil, err
		}
		ids, err := s.Catalog.Sitemap(r.Context(), month)
		if err != nil {
			return nil, err
		}
		paths = paths[:0]
		for _, id := range ids {
			paths = append(paths, urls.Paper(id))
		}
	}
	return s.urlSet(paths)
}

func (s *site) urlSet(paths []string) (*httpserver.Response, error) {
	set := struct {
		XMLName xml.Name  `xml:"urlset"`
		Space   string    `xml:"xmlns,attr"`
		URLs    []address `xml:"url"`
	}{Space: sitemapSpace}
	for _, p := range paths {
		set.URLs = append(set.URLs, address{s.BaseURL + p})
	}
	return xmlAnswer(set)
}

func xmlAnswer(v any) (*httpserver.Response, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return nil, fmt.Errorf("web: sitemap: %w", err)
	}
	return &httpserver.Response{Kind: "application/xml", Body: b.Bytes(), MaxAge: time.Minute}, nil
}

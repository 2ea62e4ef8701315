package feed

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gorilla/feeds"
)

// jsonDocument is a JSON Feed whose items are there even when there are none, as its
// version 1.1 asks.
type jsonDocument struct {
	feeds.JSONFeed
	Items []*feeds.JSONItem `json:"items"`
}

// writeJSON writes JSON Feed 1.1.
func writeJSON(p *page) ([]byte, error) {
	d := jsonDocument{
		JSONFeed: feeds.JSONFeed{
			Version: "https://jsonfeed.org/version/1.1", Title: p.Heading(), Language: "en", HomePageUrl: p.Home, FeedUrl: p.Self,
			Description: p.Text, Authors: []*feeds.JSONAuthor{{Name: p.Site, Url: p.Base + "/"}},
		},
		Items: []*feeds.JSONItem{},
	}
	for i := range p.Entries {
		d.Items = append(d.Items, jsonItemOf(&p.Entries[i]))
	}
	body, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return nil, fmt.Errorf("as JSON: %w", err)
	}
	return append(body, '\n'), nil
}

func jsonItemOf(e *entry) *feeds.JSONItem {
	item := &feeds.JSONItem{
		Id: e.ID, Url: e.URL, Title: e.Title, Summary: e.Text, ContentHTML: e.HTML, Tags: slices.Concat(e.Categories, e.Keywords),
	}
	if len(e.Links) > 0 {
		item.ExternalUrl = e.Links[0].URL
	}
	if !e.Published.IsZero() {
		item.PublishedDate, item.ModifiedDate = &e.Published, &e.Updated
	}
	for _, name := range e.Authors {
		item.Authors = append(item.Authors, &feeds.JSONAuthor{Name: name})
	}
	return item
}

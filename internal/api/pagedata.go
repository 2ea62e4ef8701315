package api

import (
	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A pageData is what stands in the pages of lists for programs that read those. Keys
// stand in the order of the public site's.
type pageData struct {
	DateString string            `json:"dateString"` // the period's name, as in its address
	Papers     []item            `json:"dailyPapers"`
	Prev       paper.Period      `json:"prevDate"` // "" when there is none
	Next       paper.Period      `json:"nextDate,omitempty"`
	Last       paper.Period      `json:"lastDate,omitempty"`
	Kind       paper.PeriodKind  `json:"periodType"`
	Query      map[string]string `json:"query"`
	Trending   bool              `json:"isTrending"`
	Publisher  *account          `json:"publisher"`
	CanSubmit  bool              `json:"canSubmit"`
	Results    []hit             `json:"searchResults,omitzero"`
}

// PageData is the JSON of a list's page for programs that read pages: the papers of
// roll in its order. Base is the site's scheme and host, latest the newest edition (""
// when there is none). The JSON is not escaped for HTML: who writes it into a page does
// that. A list that is no edition counts as of that day. What a search
// found stands in it twice: as results with what of them answers, and as papers, where
// most programs look.
func (w *Writer) PageData(base string, roll *catalog.ListPage, latest paper.Period) ([]byte, error) {
	at := w.at(base)
	d := pageData{
		DateString: string(latest), Kind: paper.KindDay, Last: latest, Query: map[string]string{},
		Papers: at.items(roll.Entries), Publisher: at.account(&w.site),
	}
	switch roll.Ref.Kind {
	case urls.KindEdition:
		p := roll.Ref.Period
		d.DateString, d.Kind, d.Prev, d.Next = string(p), p.Kind(), roll.Prev, roll.Next
		if p.Kind() == paper.KindDay {
			d.Papers = at.items(onDay(roll.Entries, paper.Day(p)))
		}
	case urls.KindTrending:
		d.Trending = true
	case urls.KindSearch:
		d.Query["q"] = roll.Ref.Query
		d.Results = withMarks(d.Papers[len(d.Papers)-len(roll.Hits):], roll.Hits)
	}
	return encode(d)
}

// onDay gives the entries of a day's edition with their submissions to that day: lists
// have the first ones, and a few papers stood in two editions.
func onDay(entries []catalog.Entry, day paper.Day) []catalog.Entry {
	out := make([]catalog.Entry, len(entries))
	for i, e := range entries {
		if s := e.Submission; s != nil && s.Day != day {
			e.Submission = &paper.Submission{Day: day, By: s.By}
		}
		out[i] = e
	}
	return out
}

// A paperData is what stands in the page of a paper. Nobody is signed in here, and the
// discussion is not here yet.
type paperData struct {
	Comments  [0]struct{} `json:"comments"`
	Confirmed bool        `json:"primaryEmailConfirmed"`
	Paper     sheet       `json:"paper"`
	CanRead   bool        `json:"canReadDatabase"`
	CanManage bool        `json:"canManagePapers"`
	CanSubmit bool        `json:"canSubmit"`
	Staff     bool        `json:"hasHfLevelAccess"`
	Upvoted   bool        `json:"upvoted"`
	Upvoters  [0]struct{} `json:"upvoters"` // who voted is not known, only how many
	Languages [1]string   `json:"acceptLanguages"`
	Rank      int         `json:"dailyPaperRank"` // 0: it stood in no edition
	Markdown  string      `json:"markdownContentUrl"`
	Query     struct{}    `json:"query"`
}

// PaperData is the JSON of a paper's page, as [Writer.PageData] is of a list's.
func (w *Writer) PaperData(base string, s *catalog.PaperDetail) ([]byte, error) {
	e := catalog.Entry{Paper: s.Paper}
	if len(s.Submissions) > 0 {
		e.Submission = &s.Submissions[0]
	}
	return encode(paperData{
		Paper: w.at(base).sheet(e), Languages: [1]string{"*"}, Rank: s.Rank, Markdown: base + urls.Paper(s.Paper.ID) + ".md",
	})
}

package index

import (
	"fmt"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// Of the words that a few edits lead to, the one is meant that papers have together with the
// other words; what papers know is left alone.
func TestCorrect(t *testing.T) {
	e, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var changes []search.Change
	add := func(n int, title string, authors ...string) {
		for range n {
			changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2605.%05d", len(changes)+1)),
				Document: &search.Document{Title: title, Authors: authors}})
		}
	}
	add(40, "Diffusion models of attention")
	add(40, "Optical flow from events")
	add(60, "Optimal control of language models")
	add(40, "Transport in porous media")
	add(4, "The spore of ferns", "Ada Lovelave")
	apply(t, e, changes, 1)
	for q, want := range map[string]string{
		"difusion modles":             "diffusion models",
		"atention":                    "attention",
		"Diffusion":                   "",
		"of zzzzzzzz":                 "",
		"title:difusion -atten":       "title:diffusion -atten",
		"":                            "",
		"diffusion modls of atention": "diffusion models of attention",
		"optial flow":                 "optical flow", // as far from optimal, which is used more often
		"optial control":              "optimal control",
		"flow optial":                 "flow optical",
		"lanuage models":              "language models",
		"langage, models!":            "language, models!",
		"spore of ferns":              "", // a word that is used ten times as often is near
		"porus media":                 "porous media",
		"mdia porous":                 "media porous",
		"languagemodels":              "language models",
		"trans port":                  "transport",
		"lovelave diffusion":          "", // somebody's name
		"author:difusion atention":    "author:difusion attention",
		"org:difusion":                "",
		"flow modles":                 "flow models", // that do not stand together
		"event":                       "",
	} {
		res, err := e.Search(t.Context(), search.Request{Query: search.Words("unheard"), Correct: q, NoTotal: true})
		if err != nil || res.DidYouMean != want {
			t.Errorf("%q is corrected to %q, %v; want %q", q, res.DidYouMean, err, want)
		}
	}
}

// A query is corrected where no paper has all its words, even if many have some.
func TestCorrectRelaxed(t *testing.T) {
	e, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var changes []search.Change
	for i := range 2 * search.RareQuery {
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2605.%05d", i+1)), Document: &search.Document{Title: "Diffusion models"}})
	}
	apply(t, e, changes, 1)
	for q, want := range map[string]string{"difusion models": "diffusion models", "diffusion models": ""} {
		res, err := e.Search(t.Context(), search.Request{Query: search.Words(q), Correct: q})
		if err != nil || res.Total != len(changes) || res.DidYouMean != want {
			t.Errorf("%q finds %d papers and is corrected to %q, %v; want %q", q, res.Total, res.DidYouMean, err, want)
		}
	}
}

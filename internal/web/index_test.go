package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet/internal/catalogtest"
	"broadsheet/internal/search"
)

// statuses are the sentences that a page says without being asked.
func statuses(doc *html.Node) string {
	var all []string
	for _, n := range with(doc, "p", "role", "status") {
		all = append(all, words(n))
	}
	return strings.Join(all, " ")
}

// What the search index does not hold yet is not told as what there is not, and no page
// goes on saying so once it has it.
func TestPagesSayWhenTheIndexIsNotReady(t *testing.T) {
	const (
		empty    = "The search index is being built: 0 of 54 papers are in it. Results are not complete yet."
		behind   = "The search index is being built: 54 of 55 papers are in it. Results are not complete yet."
		rebuilds = "The search index is being rebuilt. Results may not be complete yet."
	)
	f := newShelf()
	h := open(t, f)
	paths := []string{"/papers?q=small", "/papers?q=year:1950", "/papers?q=", "/papers/hep-th/9901001/similar", "/papers/hep-th/9901001"}
	check := func(when, want string, paths ...string) {
		t.Helper()
		for _, path := range paths {
			if got := statuses(load(t, h, path)); got != want {
				t.Errorf("%s, %s: %q, want %q", when, path, got, want)
			}
		}
	}
	check("ready", "", paths...)
	f.Lose()
	f.Later(time.Hour) // what was made before is good for some minutes
	check("lost", empty, paths[:4]...)
	for path, fact := range map[string]string{"/papers?q=small": "No paper has all of that", "/papers/hep-th/9901001/similar": "Nothing here is similar"} {
		if text := words(load(t, h, path)); strings.Contains(text, fact) || !strings.Contains(text, "nothing found yet") {
			t.Errorf("%s tells as a fact what is not known: %.400s", path, text)
		}
	}
	f.CatchUp(t)
	check("filled again", "", paths...)

	late := story("2026-05-28", 60, 1)
	late.Paper.Abstract = "Small models read long notes once more." // it is another version of no other paper
	f.Write(t, catalogtest.Observed(late))
	check("one paper behind", behind, append(paths, "/papers/2605.12860")...)
	f.CatchUp(t)
	check("caught up", "", append(paths, "/papers/2605.12860")...)
	if section := with(load(t, h, "/papers/2605.12860"), "section", "class", "similar"); len(section) != 1 || len(all(section[0], "li")) != shownSimilar {
		t.Error("the page of a new paper goes on without similar ones")
	}

	if _, err := f.DB.Vote(t.Context(), "hep-th/9901001", "ann", f.Now(), true); err != nil {
		t.Fatal(err)
	}
	check("new votes", "The search index is one change behind. Results may not be complete yet.", "/papers?q=year:1950")
	check("new votes", "", paths[0], paths[2], paths[3], paths[4]) // all papers are there
	f.CatchUp(t)

	at, err := f.Engine.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Engine.Reset(t.Context(), search.Position{Site: at.Site, Seq: at.Seq + 1, Token: at.Token}, "a test at /var/secret"); err != nil {
		t.Fatal(err)
	}
	f.Later(time.Hour)
	check("rebuilt", rebuilds, paths[:4]...)
	if _, body := get(t, h, paths[0], http.StatusOK); strings.Contains(body, "secret") || !strings.Contains(body, "papers so far") {
		t.Error("the page tells strangers why the index is rebuilt, or nothing is found meanwhile")
	}
}

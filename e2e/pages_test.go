package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// A page is one kind of page, and the status it is served with.
type page struct {
	name, path string
	status     int64
}

// pages is one of every kind.
var pages = []page{
	{"front", "/papers", 200},
	{"date", "/papers/date/2026-05-27", 200},
	{"first date", "/papers/date/2026-05-21", 200},
	{"asked day", "/papers/date/2026-05-24", 200},
	{"week", "/papers/week/2026-W22", 200},
	{"month", "/papers/month/2026-05", 200},
	{"trending", "/papers/trending", 200},
	{"tuned trending", "/papers/trending?vote=0&star=10", 200},
	{"new", "/papers/new", 200},
	{"paper", "/papers/" + plainPaper, 200},
	{"paper with math", "/papers/" + mathPaper, 200},
	{"paper of old", "/papers/" + oldPaper, 200},
	{"paper of many", "/papers/" + crowdPaper, 200},
	{"paper of two days", "/papers/" + twicePaper, 200},
	{"similar", "/papers/" + plainPaper + "/similar", 200},
	{"organization", "/kaist-ai/papers", 200},
	{"author", "/authors/juan-m-maldacena", 200},
	{"archive", "/archive", 200},
	{"about", "/about", 200},
	{"about trending", "/about/trending", 200},
	{"developers", "/developers", 200},
	{"the API", "/developers/api", 200},
	{"results", "/papers?q=language+models", 200},
	{"filtered results", "/papers?q=year:2026+sort:votes+models", 200},
	{"results of nothing", "/papers?q=zyzzogeton+qwxyz", 200},
	{"hints", "/papers?q=autor:smith+%22open", 200},
	{"search", "/papers?q=", 200},
	{"search help", "/search/help", 200},
	{"unknown paper", "/papers/2605.99999", 404},
	{"unknown address", "/no-such-page", 404},
	{"bad date", "/papers/date/2025-13-40", 400},
}

// TestPages opens every kind of page at both widths, and looks for what each must have.
func TestPages(t *testing.T) {
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newTab(t, look{width: width})
			for _, p := range pages {
				if got := b.open(p.path); got != p.status {
					t.Errorf("%s: status %d, want %d", p.path, got, p.status)
				}
				checkPage(b, p)
			}
		})
	}
}

func checkPage(b *tab, p page) {
	b.t.Helper()
	for _, fact := range []struct{ what, js string }{
		{"lang", `document.documentElement.lang !== ""`},
		{"title", `document.title.trim().length > 3`},
		{"one h1", `document.querySelectorAll("h1").length === 1`},
		{"landmarks", `["header", "main"].every(s => document.querySelectorAll("body " + s + ":not(article *)").length === 1) && document.querySelector("nav") !== null`},
		{"the box", `document.querySelector("header form[method=get i] input[name=q], header form:not([method]) input[name=q]") !== null`},
		{"no foreign pictures", `[...document.images].every(i => new URL(i.src).host === location.host || i.src.startsWith("data:"))`},
		{"no event attributes", `document.querySelectorAll("[onclick],[onload],[style*=expression]").length === 0`},
		{"not wider than the window", `document.documentElement.scrollWidth <= innerWidth`},
	} {
		if !ask[bool](b, fact.js) {
			b.t.Errorf("%s at %d: not so: %s%s", p.path, ask[int](b, "innerWidth"), fact.what, tooWide(b, fact.what))
		}
	}
	if p.status == 200 && !strings.HasPrefix(p.path, "/papers?q=") && !ask[bool](b, `document.querySelector("link[rel=canonical]") !== null`) {
		b.t.Errorf("%s: no canonical address", p.path)
	}
}

// tooWide names what makes a page too wide.
func tooWide(b *tab, what string) string {
	if what != "not wider than the window" {
		return ""
	}
	return ": " + ask[string](b, `[...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join("\n")`)
}

// TestPrint: what is for the screen only is not printed.
func TestPrint(t *testing.T) {
	b := newTab(t, look{media: "print"})
	for _, path := range []string{"/papers", "/papers/" + plainPaper} {
		b.open(path)
		shown := ask[[]string](b, `[...document.querySelectorAll("nav, form, button")].filter(e => e.getClientRects().length > 0).map(e => e.outerHTML.slice(0, 100))`)
		if len(shown) > 0 {
			t.Errorf("%s prints %q", path, shown)
		}
		if !ask[bool](b, `document.querySelector("main h1").getClientRects().length > 0`) {
			t.Errorf("%s does not print its heading", path)
		}
	}
}

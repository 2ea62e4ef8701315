package e2e

import (
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press types keys. A printable key is one event that carries its character, as
// from a keyboard, so that a page that handles the key keeps the character out.
func (b *tab) press(keys string) {
	b.t.Helper()
	for _, r := range keys {
		if !unicode.IsGraphic(r) {
			b.run(chromedp.KeyEvent(string(r)))
			continue
		}
		call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(r), Text: string(r)})
		call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: string(r)})
	}
}

// TestSkipLink: the first thing that Tab reaches leads past the header.
func TestSkipLink(t *testing.T) {
	for _, p := range []string{"/papers", "/papers/" + plainPaper, "/archive", "/about", "/no-such-page"} {
		b := newTab(t, look{noScripts: true})
		b.open(p)
		b.press(kb.Tab)
		if !ask[bool](b, `document.activeElement.matches("a[href^='#']") && document.activeElement.getBoundingClientRect().top >= 0`) {
			t.Errorf("%s: Tab first reaches %s", p, ask[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
			continue
		}
		if !ask[bool](b, `document.querySelector(document.activeElement.getAttribute("href"))?.closest("main") !== null`) {
			t.Errorf("%s: the skip link does not lead into main", p)
		}
		b.press(kb.Enter)
		b.press(kb.Tab)
		if !ask[bool](b, `document.activeElement.closest("header:not(main *)") === null`) {
			t.Errorf("%s: after the skip link Tab is in the header again: %s", p, ask[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
		}
	}
}

// TestFocusIsVisible: whatever has the focus shows it.
func TestFocusIsVisible(t *testing.T) {
	b := newTab(t, look{})
	b.open("/papers")
	for i := range 20 {
		b.press(kb.Tab)
		const visible = `(() => { const s = getComputedStyle(document.activeElement); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none" })()`
		if !ask[bool](b, visible) {
			t.Errorf("stop %d shows no focus: %s", i+1, ask[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
		}
	}
}

// TestKeys: j and k go through the papers, o opens an abstract, and a slash leads
// to the box.
func TestKeys(t *testing.T) {
	b := newTab(t, look{})
	b.open("/papers")
	// place is the number of the paper that has the focus, from 0; -1: none.
	const place = `[...document.querySelectorAll("main article")].findIndex(a => a.contains(document.activeElement))`
	for i, step := range []struct {
		key  string
		want int
	}{{"j", 0}, {"j", 1}, {"j", 2}, {"k", 1}, {"k", 0}, {"k", 0}} {
		b.press(step.key)
		if got := ask[int](b, place); got != step.want {
			t.Errorf("after key %d (%s) paper %d has the focus, want %d", i+1, step.key, got, step.want)
		}
	}
	b.press("o")
	if !ask[bool](b, `document.activeElement.closest("article").querySelector("details").open`) {
		t.Error("o does not open the abstract")
	}
	b.press("/")
	if !ask[bool](b, `document.activeElement.matches("header input[name=q]")`) {
		t.Error("a slash does not lead to the box")
	}
	if got := ask[string](b, `document.activeElement.value`); got != "" {
		t.Errorf("the slash itself stands in the box: %q", got)
	}
	b.press("jk/")
	if got := ask[string](b, `document.querySelector("header input[name=q]").value`); got != "jk/" {
		t.Errorf("typing jk/ into the box leaves %q there", got)
	}
}

package e2e

import (
	"strings"
	"testing"
)

// A reader searches with the box in the header, narrows down, and reads.
func TestSearch(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		b := newTab(t, look{width: 1280, noScripts: !scripts})
		if got := b.open("/papers?q=language+models"); got != 200 {
			t.Fatalf("status %d", got)
		}
		if n := ask[int](b, `document.querySelectorAll("main article h3 > a[href^='/papers/']").length`); n == 0 {
			t.Fatal("nothing is found")
		}
		if n := ask[int](b, `document.querySelectorAll("main mark").length`); n == 0 {
			t.Error("nothing is marked")
		}
		if v := ask[string](b, `document.querySelector("header input[name=q]").value`); v != "language models" {
			t.Errorf("the box says %q", v)
		}
		title := ask[string](b, `document.querySelector("main article h3 > a").textContent`)
		b.open("/papers?q=" + strings.ReplaceAll(strings.ReplaceAll(title, "%", "%25"), " ", "+"))
		if first := ask[string](b, `document.querySelector("main article h3 > a").textContent`); first != title {
			t.Errorf("asked for %q, found %q first", title, first)
		}
	}
}

// What is typed is completed, and the arrow keys choose.
func TestSuggestions(t *testing.T) {
	b := newTab(t, look{width: 1280})
	b.open("/papers")
	b.press("/")
	for _, key := range []string{"m", "o", "d", "e"} {
		b.press(key)
	}
	if !b.eventually(`document.querySelectorAll("[role=listbox] [role=option]").length > 0`) {
		t.Error("nothing is suggested")
	}
}

// A paper leads to papers like it.
func TestSimilarPapers(t *testing.T) {
	b := newTab(t, look{width: 1280})
	b.open("/papers/" + plainPaper)
	if n := ask[int](b, `document.querySelectorAll("aside a[href^='/papers/2']").length`); n == 0 {
		t.Error("no similar papers")
	}
}

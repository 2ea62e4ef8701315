package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowse is a reader's morning, with and without scripts: three editions
// back, an abstract, a paper, and the same in the dark.
func TestBrowse(t *testing.T) {
	for _, noScripts := range []bool{false, true} {
		name := map[bool]string{false: "scripts", true: "no scripts"}[noScripts]
		t.Run(name, func(t *testing.T) {
			b := newTab(t, look{noScripts: noScripts})
			b.open("/papers")
			if want := edition(t, "2026-05-29"); !slices.Equal(b.papers(), want) {
				t.Errorf("front page lists %q, want %q", b.papers(), want)
			}
			browseBack(b)
			expandAbstract(b)
			openPaper(b)
			turnDark(b, look{dark: true, noScripts: noScripts})
		})
	}
}

// browseBack goes to the 25th, past the 26th, which has no papers.
func browseBack(b *tab) {
	b.t.Helper()
	for _, day := range []string{"2026-05-28", "2026-05-27", "2026-05-25"} {
		b.click("a[rel~=prev]")
		if got := b.path(); got != "/papers/date/"+day {
			b.t.Fatalf("previous leads to %s, want %s", got, day)
		}
		if want := edition(b.t, day); !slices.Equal(b.papers(), want) {
			b.t.Errorf("%s lists %q, want %q", day, b.papers(), want)
		}
	}
	b.click("a[rel~=next]")
	if got := b.path(); got != "/papers/date/2026-05-27" {
		b.t.Errorf("next leads to %s, want the 27th", got)
	}
	b.click("a[rel~=prev]")
}

const firstAbstract = `document.querySelector("main article details")`

// expandAbstract reads the rest of the first abstract of the list.
func expandAbstract(b *tab) {
	b.t.Helper()
	if !ask[bool](b, firstAbstract+" !== null") {
		b.t.Fatal("no abstract can be expanded")
	}
	const rest = firstAbstract + `.querySelector(":scope > :not(summary)")`
	if ask[bool](b, firstAbstract+".open || "+rest+".checkVisibility()") {
		b.t.Error("the first abstract is open from the start")
	}
	b.run(chromedp.Click(chromedp.CSS("main article details summary")))
	if !ask[bool](b, firstAbstract+".open && "+rest+".checkVisibility() && "+rest+".getBoundingClientRect().height > 0") {
		b.t.Error("a click does not show the rest of the abstract")
	}
}

// openPaper follows the first paper of the list.
func openPaper(b *tab) {
	b.t.Helper()
	first := b.papers()[0]
	if status := b.click("main :is(h2,h3) a[href='" + first + "']"); status != 200 || b.path() != first {
		b.t.Fatalf("%s: status %d at %s", first, status, b.path())
	}
	it := paperOf(b.t, strings.TrimPrefix(first, "/papers/"))
	if got := ask[string](b, `document.querySelector("h1").textContent.trim()`); got != it.Paper.Title {
		b.t.Errorf("heading %q, want %q", got, it.Paper.Title)
	}
	text := ask[string](b, `document.querySelector("main").innerText`)
	for _, want := range []string{it.Paper.Authors[0].Name, strings.Split(it.Paper.Summary, ". ")[0]} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			b.t.Errorf("%s does not show %q", first, want)
		}
	}
}

func turnDark(b *tab, dark look) {
	b.t.Helper()
	const ground = `getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor`
	light := ask[string](b, ground)
	b.see(dark)
	if now := ask[string](b, ground); now == light {
		b.t.Errorf("the background is %s, light and dark", now)
	}
}

// TestEarlierEdition: a day without papers leads to the nearest earlier one,
// which says so.
func TestEarlierEdition(t *testing.T) {
	b := newTab(t, look{})
	for _, tt := range []struct{ asked, named, given string }{
		{"2026-05-24", "24 May", "2026-05-22"},
		{"2026-05-26", "26 May", "2026-05-25"},
		{"2026-08-01", "1 August", "2026-05-29"},
	} {
		b.open("/papers/date/" + tt.asked)
		if want := edition(t, tt.given); !slices.Equal(b.papers(), want) {
			t.Errorf("%s lists %q, want the papers of %s", tt.asked, b.papers(), tt.given)
		}
		text := ask[string](b, `document.querySelector("main").innerText`)
		if !strings.Contains(text, tt.named) && !strings.Contains(text, tt.asked) {
			t.Errorf("the page for %s does not name the day asked for: %.300q", tt.asked, text)
		}
	}
}

// TestArchive: the calendar leads to every edition, and to no other day.
func TestArchive(t *testing.T) {
	b := newTab(t, look{noScripts: true})
	b.open("/archive")
	got := ask[[]string](b, `[...document.querySelectorAll("main a[href^='/papers/date/']")].map(a => a.getAttribute("href").slice("/papers/date/".length))`)
	slices.Sort(got)
	if !slices.Equal(slices.Compact(got), days) {
		t.Errorf("the archive leads to %q, want %q", got, days)
	}
}

// TestPeriods: a week and a month hold the papers of their days, once each.
func TestPeriods(t *testing.T) {
	b := newTab(t, look{})
	week := append(append(append(edition(t, "2026-05-25"), edition(t, "2026-05-27")...), edition(t, "2026-05-28")...), edition(t, "2026-05-29")...)
	slices.Sort(week)
	week = slices.Compact(week)
	b.open("/papers/week/2026-W22")
	var got []string
	for range 5 {
		got = append(got, b.papers()...)
		if !ask[bool](b, `document.querySelector("main a[href*='after=']") !== null`) {
			break
		}
		b.click("main a[href*='after=']")
	}
	slices.Sort(got)
	if !slices.Equal(got, week) {
		t.Errorf("week 22 lists %d papers %q, want %d %q", len(got), got, len(week), week)
	}
}

// TestBox: what is put into the header's box leads to the paper.
func TestBox(t *testing.T) {
	for _, noScripts := range []bool{false, true} {
		b := newTab(t, look{noScripts: noScripts})
		for in, want := range map[string]string{
			"https://arxiv.org/abs/" + plainPaper + "v2":         "/papers/" + plainPaper,
			"arXiv:" + oldPaper:                                  "/papers/" + oldPaper,
			"https://huggingface.co/papers/" + mathPaper:         "/papers/" + mathPaper,
			"https://www.alphaxiv.org/abs/" + crowdPaper + "v1 ": "/papers/" + crowdPaper,
		} {
			b.open("/papers")
			b.run(chromedp.SendKeys(chromedp.CSS("header input[name=q]"), in))
			if status := b.follow(chromedp.SendKeys(chromedp.CSS("header input[name=q]"), "\r")); status != 200 || b.path() != want {
				t.Errorf("%q leads to %s with status %d, want %s", in, b.path(), status, want)
			}
		}
	}
}

// TestLocalTimes: moments are shown by the reader's own clock.
func TestLocalTimes(t *testing.T) {
	const moments = `[...document.querySelectorAll("main time")].filter(e => e.dateTime.includes("T")).map(e => e.textContent).join("|")`
	var seen []string
	for _, zone := range []string{"America/New_York", "Asia/Kathmandu"} {
		b := newTab(t, look{zone: zone})
		b.open("/papers")
		seen = append(seen, ask[string](b, moments))
	}
	if seen[0] == "" || seen[0] == seen[1] {
		t.Errorf("in New York %q, in Kathmandu %q", seen[0], seen[1])
	}
}

package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeFile is where `npm install --prefix e2e --no-package-lock` puts axe-core.
const axeFile = "node_modules/axe-core/axe.min.js"

// A violation is what axe-core finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v violation) String() string {
	s := fmt.Sprintf("%s: %s, %d times", v.ID, v.Help, len(v.Nodes))
	for _, n := range v.Nodes[:min(2, len(v.Nodes))] {
		s += fmt.Sprintf("\n    %.200s\n    %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", " "))
	}
	return s
}

// TestAccessible: axe-core, with all its rules, finds nothing on any kind of page.
func TestAccessible(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Skipf("no axe-core: run npm install --prefix e2e --no-package-lock (%v)", err)
	}
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			b := newTab(t, look{width: width})
			for _, p := range pages {
				b.open(p.path)
				b.run(chromedp.Evaluate[chromedp.Void](string(axe)))
				// What is folded has faults too.
				ask[bool](b, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
				for _, scheme := range []string{"light", "dark"} {
					b.see(look{width: width, dark: scheme == "dark"})
					for _, v := range ask[[]violation](b, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`) {
						t.Errorf("%s, %s: %s", p.path, scheme, v)
					}
				}
			}
		})
	}
}

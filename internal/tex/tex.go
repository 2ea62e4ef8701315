// Package tex reads TeX as it stands in the titles and abstracts of papers and
// gives it back as plain Unicode text or as safe HTML with MathML.
//
// Start with [Text] for titles, snippets, feeds and citations, and with [HTML]
// or [Paragraphs] for what a page shows. [Complete] tells whether everything in
// a string was understood.
//
// Callers need not prepare anything: any string is accepted, most are not TeX at
// all and pass through quickly, and the work is linear in the length. What is
// not understood, such as an author's own macro or a brace without a partner, is
// shown as its source; HTML is always well-formed and everything in it that is
// not the package's own markup is escaped.
//
// Pages style the classes small-caps (\textsc), tex-left and tex-right (cells of
// tables in formulas).
//
// The package leaves out definitions (\newcommand), counters, cross-references
// and pictures. It expands a few macros that authors define alike, such as \R
// for the real numbers; see conventions.go.
package tex

import (
	"html/template"
	"strings"
)

// Text gives s as plain Unicode text on one line: Erd\H{o}s as Erdős, $O(n^2)$
// as O(n²). Scripts that Unicode lacks stay readable, as in x^(ab). Calligraphic,
// Fraktur and bold letters become plain ones, which every font has and every
// search finds; blackboard letters stay as they are (ℝ). Nothing is escaped.
func Text(s string) string {
	s = clean(s)
	if plain(s) {
		return oneLine(s)
	}
	p := newParser(s)
	var w textWriter
	w.buf.Grow(len(s))
	w.inline(p.text(len(s)))
	return strings.TrimSpace(w.buf.String())
}

// HTML gives s as escaped HTML with formulas in MathML, fit for inside a heading
// or a paragraph: a blank line in s becomes two line breaks.
func HTML(s string) template.HTML {
	s = clean(s)
	if plain(s) && !strings.Contains(s, "\n") {
		return template.HTML(template.HTMLEscapeString(s))
	}
	p := newParser(s)
	return render(p.text(len(s)), 4*len(s))
}

// Paragraphs gives the paragraphs of s, each as [HTML] would. A paragraph ends at
// a blank line or, as arXiv has it, where the next line starts with blanks.
// Every s has at least one paragraph, but "" has none: where nothing is to be
// seen, it is the source.
func Paragraphs(s string) []template.HTML {
	s = clean(s)
	out := split(s)
	if len(out) == 0 && s != "" {
		out = []template.HTML{template.HTML(template.HTMLEscapeString(strings.TrimSpace(s)))}
	}
	return out
}

// split gives the paragraphs of s in which there is something to see.
func split(s string) []template.HTML {
	if !strings.Contains(s, "\n") {
		return paragraphs(HTML(s))
	}
	p := newParser(s)
	p.indent = indented(s)
	var out []template.HTML
	rest := p.text(len(s))
	for len(rest) > 0 {
		n := 0
		for n < len(rest) && rest[n].kind != paragraphBreak {
			n++
		}
		out = append(out, paragraphs(render(rest[:n], 0))...)
		rest = rest[min(n+1, len(rest)):]
	}
	return out
}

// paragraphs is the list of h alone, or nothing when h is blank.
func paragraphs(h template.HTML) []template.HTML {
	if strings.TrimSpace(string(h)) == "" {
		return nil
	}
	return []template.HTML{h}
}

// Complete reports whether everything in s was understood: no macro was unknown,
// no brace or dollar was without its partner.
func Complete(s string) bool {
	s = clean(s)
	if plain(s) {
		return true
	}
	p := newParser(s)
	p.text(len(s))
	return !p.bad
}

package cite

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/paper"
)

// BibTeX is the paper as one BibTeX entry. Text is in UTF-8 with what is special
// to TeX escaped; formulas in the title stay TeX, and braces keep the capitals
// that a style must not lower.
func BibTeX(p paper.Paper) string {
	var b strings.Builder
	b.WriteString("@misc{" + Key(p))
	field := func(key, value string) {
		if value != "" {
			b.WriteString(",\n  " + key + " = {" + value + "}")
		}
	}
	field("title", bibTitle(p.Title))
	field("author", bibAuthors(authors(p)))
	field("year", yearOf(p))
	if month := monthOf(p); month != 0 {
		b.WriteString(",\n  month = " + bibMonth(month)) // a macro, so that styles can translate it
	}
	if p.ID.IsArXiv() {
		field("eprint", string(p.ID))
		field("archivePrefix", "arXiv")
		field("primaryClass", primaryClass(p))
	}
	field("doi", verbatim(doiOf(p)))
	field("url", verbatim(p.ID.AbsURL(0)))
	field("note", escape(plain(p.JournalRef)))
	b.WriteString("\n}\n")
	return b.String()
}

func bibMonth(m time.Month) string { return strings.ToLower(m.String()[:3]) }

// primaryClass is the first category, unless something else stands there.
func primaryClass(p paper.Paper) string {
	if len(p.Categories) == 0 {
		return ""
	}
	odd := func(r rune) bool { return r != '.' && r != '-' && (r > unicode.MaxASCII || !unicode.IsLetter(r)) }
	if strings.ContainsFunc(p.Categories[0], odd) {
		return ""
	}
	return p.Categories[0]
}

// verbatim is the value of a field that TeX reads without expanding it. Braces
// cannot be escaped there, so such a value is left out.
func verbatim(s string) string {
	if strings.ContainsAny(s, "{}\\") || strings.ContainsFunc(s, unicode.IsSpace) {
		return ""
	}
	return s
}

// specials are the characters that TeX would not print. A brace is named, since
// BibTeX counts even those behind a backslash.
var specials = strings.NewReplacer(
	`\`, `{\textbackslash}`, `{`, `{\textbraceleft}`, `}`, `{\textbraceright}`,
	`$`, `\$`, `%`, `\%`, `&`, `\&`, `#`, `\#`, `_`, `\_`,
	`^`, `{\textasciicircum}`, `~`, `{\textasciitilde}`,
)

func escape(s string) string { return specials.Replace(s) }

// bibAuthors joins the names with "and". The spoken order is kept where BibTeX
// finds the parts by itself; else they are told apart by commas, and a name
// without parts is held together by braces.
func bibAuthors(names []name) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = bibName(n)
	}
	return strings.Join(out, " and ")
}

func bibName(n name) string {
	full := n.full()
	family, several := escape(n.family), strings.Contains(n.family, " ")
	if several {
		family = "{" + family + "}"
	}
	switch {
	case n.isWhole() && (strings.ContainsAny(full, " ,") || full == "others"), misread(full):
		return "{" + escape(full) + "}"
	case n.suffix != "":
		return join(", ", join(" ", escape(n.particle), family), escape(n.suffix), escape(n.given))
	case several, anyLower(n.given), anyLower(n.family):
		return join(", ", join(" ", escape(n.particle), family), escape(n.given))
	}
	return escape(full)
}

// misread reports whether BibTeX would see several names or parts in one.
func misread(s string) bool {
	return strings.Contains(s, ",") || slices.ContainsFunc(strings.Fields(s), func(word string) bool {
		return strings.EqualFold(word, "and")
	})
}

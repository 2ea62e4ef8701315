package markdown

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Escape keeps text from being read as Markdown's marks, and puts it on one line.
func Escape(text string) string {
	return entity.ReplaceAllString(marks.Replace(plain(text)), `\&$1`)
}

var (
	marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
		"<", `\<`, "#", `\#`, "~", `\~`)
	entity = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)
)

// plain is text without line ends and control characters.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// paragraph is text that is a paragraph: its beginning is not that of a list or a
// quotation either.
func paragraph(text string) string {
	return listItem.ReplaceAllString(Escape(text), `$1\$2`)
}

var listItem = regexp.MustCompile(`^([0-9]{0,9})([-+=>.)])`)

// Link is a link to an address on the web.
func Link(text, address string) string {
	return "[" + Escape(text) + "](<" + brackets.Replace(plain(address)) + ">)"
}

// brackets are what may not stand in an address between angle brackets.
var brackets = strings.NewReplacer("<", "%3C", ">", "%3E", `\`, "%5C", " ", "%20")

// onTheWeb reports whether an address is of a page that a reader may be led to.
func onTheWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

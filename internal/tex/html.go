package tex

import "strings"

// An htmlWriter writes nodes as HTML with MathML.
type htmlWriter struct {
	buf strings.Builder
}

// escape writes s with what HTML would take for markup escaped.
func (w *htmlWriter) escape(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		esc := ""
		switch s[i] {
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '&':
			esc = "&amp;"
		case '"':
			esc = "&#34;"
		case '\'':
			esc = "&#39;"
		default:
			continue
		}
		w.buf.WriteString(s[from:i])
		w.buf.WriteString(esc)
		from = i + 1
	}
	w.buf.WriteString(s[from:])
}

// inline writes text nodes.
func (w *htmlWriter) inline(nodes []node) {
	for _, n := range nodes {
		switch n.kind {
		case plainText, source:
			w.escape(n.text)
		case styled:
			w.styled(n)
		case link:
			w.buf.WriteString(`<a href="`)
			w.escape(n.text)
			w.buf.WriteString(`" rel="nofollow noopener">`)
			w.unlinked(n.kids)
			w.buf.WriteString("</a>")
		case math:
			w.math(n)
		case lineBreak:
			w.buf.WriteString("<br/>")
		case paragraphBreak:
			w.buf.WriteString("<br/><br/>")
		}
	}
}

// unlinked writes the text of a link, which must not have links in it.
func (w *htmlWriter) unlinked(nodes []node) {
	for _, n := range nodes {
		switch n.kind {
		case link, styled:
			w.unlinked(n.kids)
		case math:
			w.escape(flat([]node{n}))
		default:
			w.inline([]node{n})
		}
	}
}

func (w *htmlWriter) styled(n node) {
	switch n.text {
	case "":
		w.inline(n.kids)
	case smallCaps:
		w.buf.WriteString(`<span class="small-caps">`)
		w.inline(n.kids)
		w.buf.WriteString("</span>")
	default:
		w.open(n.text)
		w.inline(n.kids)
		w.close(n.text)
	}
}

func (w *htmlWriter) open(element string) {
	w.buf.WriteByte('<')
	w.buf.WriteString(element)
	w.buf.WriteByte('>')
}

func (w *htmlWriter) close(element string) {
	w.buf.WriteString("</")
	w.buf.WriteString(element)
	w.buf.WriteByte('>')
}

// leaf writes an element with nothing but text in it; attributes are ours.
func (w *htmlWriter) leaf(element, attributes, text string) {
	w.buf.WriteByte('<')
	w.buf.WriteString(element)
	w.buf.WriteString(attributes)
	w.buf.WriteByte('>')
	w.escape(text)
	w.close(element)
}

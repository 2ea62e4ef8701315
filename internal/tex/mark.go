package tex

import "strings"

// over are the marks above letters, by macro: what MathML puts over the base, and
// the combining character for text. Those under the base are in below.
var over = map[string][2]string{
	"bar": {"¯", "\u0304"}, "overline": {"‾", "\u0305"}, "hat": {"^", "\u0302"}, "widehat": {"^", "\u0302"}, "tilde": {"~", "\u0303"},
	"widetilde": {"~", "\u0303"}, "vec": {"→", "\u20d7"}, "dot": {"˙", "\u0307"}, "ddot": {"¨", "\u0308"}, "dddot": {"⃛", "\u20db"},
	"check": {"ˇ", "\u030c"}, "widecheck": {"ˇ", "\u030c"}, "breve": {"˘", "\u0306"}, "acute": {"´", "\u0301"}, "grave": {"`", "\u0300"},
	"mathring": {"˚", "\u030a"}, "overrightarrow": {"→", "\u20d7"}, "overleftarrow": {"←", "\u20d6"}, "overleftrightarrow": {"↔", "\u20e1"},
	"overbrace": {"⏞", ""}, "overbracket": {"⎴", ""}, "wt": {"~", "\u0303"}, "wh": {"^", "\u0302"}, "ol": {"‾", "\u0305"}, "ov": {"‾", "\u0305"},
	"td": {"~", "\u0303"}, "wtilde": {"~", "\u0303"}, "what": {"^", "\u0302"}, "Bar": {"¯", "\u0304"}, "Hat": {"^", "\u0302"}, "Tilde": {"~", "\u0303"}, "Dot": {"˙", "\u0307"},
	"Vec": {"→", "\u20d7"}, "wtil": {"~", "\u0303"}, "oline": {"‾", "\u0305"}, "wideparen": {"⏜", "\u0311"}, "overarc": {"⏜", "\u0311"}, "accentset": {"", ""},
}

var below = map[string][2]string{
	"underline": {"_", "\u0332"}, "underbar": {"_", "\u0332"}, "underbrace": {"⏟", ""}, "underbracket": {"⎵", ""},
	"utilde": {"~", "\u0330"}, "underrightarrow": {"→", ""}, "underleftarrow": {"←", ""}, "ul": {"_", "\u0332"},
}

// mark reads a mark over or under its argument.
func (p *parser) mark(name string, end int) (node, bool) {
	m, ok := over[name]
	var f flag
	if !ok {
		if m, ok = below[name]; !ok {
			return node{}, false
		}
		f = under
	}
	if strings.HasPrefix(name, "wide") || strings.HasPrefix(name, "over") || strings.HasPrefix(name, "under") || name[0] == 'w' {
		f |= stretchy
	}
	base := p.argument(end)
	n := node{kind: marked, flag: f, text: m[0], kids: []node{base, textNode(m[1])}}
	if strings.Contains(name, "brac") {
		n.flag |= limits
	}
	return n, true
}

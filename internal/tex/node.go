package tex

// A node is a piece of what was read. What text, kids and class hold depends on
// the kind, as said there. Trees are at most maxDepth levels deep.
type node struct {
	kind  kind
	class class
	font  font
	flag  flag
	gap   bool // blanks stood before it in the source (formulas only)
	text  string
	kids  []node
}

type kind uint8

const (
	nothing        kind = iota // shows nothing
	plainText                  // text
	source                     // text as it was written, because it was not understood
	styled                     // kids in the HTML element named text
	link                       // kids, pointing to the URL in text
	math                       // kids are a formula; flag display
	lineBreak                  // \\
	paragraphBreak             // a blank line

	identifier // text in a font: x
	number     // text: 3.14
	operator   // text with a class: +, (, ∑; flags stretchy, limits, sized
	function   // text: log; flag limits
	words      // kids are text nodes: \text{if}
	row        // kids side by side
	scripts    // kids: base, sub, sup (nothing where there is none); flags limits, noLimits
	fraction   // kids: above, below; flag bare without the line
	root       // kids: body, index (or nothing)
	marked     // kids[0] with the mark text over or under it; flag under, stretchy
	stacked    // kids: base, below, above (nothing where there is none)
	table      // kids are rows, their kids are cells; text says the alignment
	space      // text is the width
)

type class uint8

const (
	ordinary class = iota
	relation
	binary
	opening
	closing
	punctuation
	large // sums, integrals
)

type flag uint8

const (
	display flag = 1 << iota
	stretchy
	limits
	noLimits
	bare
	under
	sized // a delimiter of its own size: \big and its like
)

// only wraps nodes as one: a single node stays itself.
func only(nodes []node) node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return node{kind: row, kids: nodes}
}

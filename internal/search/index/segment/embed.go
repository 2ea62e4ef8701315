package segment

// A TermEmbedder makes vectors of terms, so that documents which come without a
// vector get one from the terms that they are inverted into, and nothing is analyzed
// twice.
type TermEmbedder interface {
	Dimensions() int
	// Row finds what the model knows of a term; negative when that is nothing.
	Row(term string) int32
	// EmbedRows writes to dst the unit vector of a title and a body by their terms'
	// rows, each as often as it occurs; false when all rows are negative.
	EmbedRows(title, body []int32, dst []float32) bool
}

// rowUnknown is the row of a term that was not looked up yet.
const rowUnknown = -2

// An embedder remembers the rows of a builder's terms.
type embedder struct {
	model       TermEmbedder // nil: documents bring their vectors
	rows        []int32      // by term
	title, body []int32
	vector      []float32
}

// reset is for a builder that starts anew.
func (m *embedder) reset() { m.rows = m.rows[:0] }

// row is a term's row.
func (m *embedder) row(term uint32, text string) int32 {
	for int(term) >= len(m.rows) {
		m.rows = append(m.rows, rowUnknown)
	}
	if m.rows[term] == rowUnknown {
		m.rows[term] = max(-1, m.model.Row(text))
	}
	return m.rows[term]
}

// embed is the vector of the document at hand; nil when the model knows none of its
// terms. It holds until the next call.
func (b *Builder) embed() []float32 {
	m := &b.model
	m.title, m.body = m.title[:0], m.body[:0]
	for i := range b.cur {
		e := &b.cur[i]
		if b.class[e.term] != ClassText {
			continue
		}
		row := m.row(e.term, b.terms[e.term])
		if row < 0 {
			continue
		}
		for range e.title {
			m.title = append(m.title, row)
		}
		for range e.body {
			m.body = append(m.body, row)
		}
	}
	if m.vector == nil {
		m.vector = make([]float32, m.model.Dimensions())
	}
	if !m.model.EmbedRows(m.title, m.body, m.vector) {
		return nil
	}
	return m.vector
}

package train

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"iter"
	"slices"

	"broadsheet/internal/embedding"
	"broadsheet/internal/search/analysis"
)

// A document is a title and a body as rows of the vocabulary.
type document struct{ title, body []uint32 }

// minBody is how many known terms a body needs to be of use: enough to take a passage
// out.
const minBody = 10

// A corpus is what the model is trained on.
type corpus struct {
	vocabulary  []string
	frequencies []uint32 // documents that have the term
	documents   []document
}

// A reader numbers the terms of documents as they come.
type reader struct {
	analyzer *analysis.Analyzer
	numbers  map[string]uint32
	terms    []string
	counts   []uint32
	last     []uint32 // the last document, counted from 1, that had the term
	seen     map[uint64]bool
	seed     maphash.Seed
	corpus   corpus
	buffer   []uint32
}

// readCorpus takes in all documents, each title once, and keeps the terms that most of
// them have.
func readCorpus(ctx context.Context, docs iter.Seq2[embedding.Text, error], size int, progress func(read int)) (*corpus, error) {
	r := &reader{
		analyzer: analysis.New(), numbers: map[string]uint32{},
		seen: map[uint64]bool{}, seed: maphash.MakeSeed(),
	}
	for text, err := range docs {
		if err != nil {
			return nil, fmt.Errorf("train: read documents: %w", err)
		}
		r.read(text)
		if n := len(r.corpus.documents); n%5000 == 0 {
			progress(n)
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	r.keep(size)
	return &r.corpus, nil
}

func (r *reader) read(text embedding.Text) {
	hash := maphash.String(r.seed, text.Title)
	if r.seen[hash] {
		return
	}
	r.seen[hash] = true
	number := uint32(len(r.corpus.documents) + 1)
	d := document{r.number(text.Title, number), r.number(text.Body, number)}
	r.corpus.documents = append(r.corpus.documents, d)
}

// number gives a text's terms as numbers in order of their first appearance.
func (r *reader) number(text string, document uint32) []uint32 {
	r.buffer = r.buffer[:0]
	r.analyzer.Each(analysis.Plain(text), func(t analysis.Token) {
		n, ok := r.numbers[t.Term]
		if !ok {
			n = uint32(len(r.terms))
			r.numbers[t.Term] = n
			r.terms = append(r.terms, t.Term)
			r.counts = append(r.counts, 0)
			r.last = append(r.last, 0)
		}
		if r.last[n] != document {
			r.last[n] = document
			r.counts[n]++
		}
		r.buffer = append(r.buffer, n)
	})
	return slices.Clone(r.buffer)
}

// keep reduces the vocabulary to the size terms that most documents have, and the
// documents to those terms.
func (r *reader) keep(size int) {
	order := make([]uint32, len(r.terms))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(r.counts[b], r.counts[a]), cmp.Compare(r.terms[a], r.terms[b]))
	})
	order = order[:min(size, len(order))]
	const unknown = ^uint32(0)
	rows := make([]uint32, len(r.terms))
	for i := range rows {
		rows[i] = unknown
	}
	for row, n := range order {
		rows[n] = uint32(row)
		r.corpus.vocabulary = append(r.corpus.vocabulary, r.terms[n])
		r.corpus.frequencies = append(r.corpus.frequencies, r.counts[n])
	}
	known := func(numbers []uint32) []uint32 {
		kept := numbers[:0]
		for _, n := range numbers {
			if rows[n] != unknown {
				kept = append(kept, rows[n])
			}
		}
		return kept
	}
	kept := r.corpus.documents[:0]
	for _, d := range r.corpus.documents {
		d.title, d.body = known(d.title), known(d.body)
		if len(d.title) > 0 && len(d.body) >= minBody {
			kept = append(kept, d)
		}
	}
	r.corpus.documents = kept
}

// fingerprint is a hash of all documents and terms.
func (c *corpus) fingerprint() [sha256.Size]byte {
	h := sha256.New()
	var buffer []byte
	for _, s := range c.vocabulary {
		buffer = append(append(buffer[:0], s...), 0)
		h.Write(buffer)
	}
	for _, d := range c.documents {
		buffer = binary.LittleEndian.AppendUint32(buffer[:0], uint32(len(d.title)))
		for _, rows := range [2][]uint32{d.title, d.body} {
			for _, row := range rows {
				buffer = binary.LittleEndian.AppendUint32(buffer, row)
			}
		}
		h.Write(buffer)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Package train makes a static model from titles and abstracts, without labels: it
// moves the vectors of stems so that a title lies nearer to its own abstract than to
// those of the other papers of a batch, and a passage of an abstract nearer to the rest
// of its paper (InfoNCE: A. van den Oord and others, "Representation Learning with
// Contrastive Predictive Coding", 2018, with both directions averaged as in CLIP).
//
// Start with [Train]. The same options and documents in the same order give the same
// model, bit for bit, on any number of workers, whether or not it was interrupted in
// between, and with or without vector instructions (GOEXPERIMENT=simd), which make its
// matrix products some ten times faster. Machines of another architecture may differ in
// the last bit of a logarithm.
//
// The documents are kept in memory as numbers of terms: about half a kilobyte each.
package train

// Package segment has the parts of an index that never change: what an inverted index
// consists of, a dictionary, postings with quantized impacts, positions, columns, and the
// vectors of package vector.
//
// Start with [Builder], which makes a segment of documents, and [Merge], which makes one
// of others and puts their documents into an order that brings like ones together
// (reorder.go). A [Segment] is read in memory or mapped from its files (layout.go); a
// [Snapshot] is a segment with what has changed since, and an [Edit] makes the next
// snapshot, copying no more than the pages that change.
//
// What callers must keep: texts and lists that a segment gives lie in its memory and
// must not outlive it; whoever reads a mapped segment defers [Recover], since a disk may
// fail; one goroutine at a time has a Builder, a Merge or an Edit.
//
// It leaves out which segments there are, and questions.
package segment

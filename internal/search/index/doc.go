// Package index is the search engine that runs in this process: it keeps the
// contract of [search.Engine] with files of its own.
//
// Start with [Open]. An index is a folder: a manifest, which names everything else;
// segments, which never change and are mapped into memory; the bits of documents
// deleted from them; and a log of the last small changes. A segment is what an
// inverted index consists of: a dictionary, postings with quantised impacts, positions
// and columns, and the vectors of package vector. See layout.go.
//
// How it answers: package search compiles a query to a plan; conditions and filters
// become sets of documents, one bit each (match.go, filter.go); words are ranked by
// block-max pruning (rank.go, which names its sources); vectors are scanned
// (meaning.go) and both are fused as package search states. Pruning changes no score:
// a test compares with the plain engine of package searchtest.
//
// How it changes: few changes are written to the log as a small finished segment, many
// become segments on disk at once (apply.go). In the background segments of one size
// are merged (tier.go, merge.go), and their documents put into an order that brings
// like ones together (reorder.go). Each step writes new files, makes them last and
// then replaces the manifest, so a crash leaves the state before or after it.
//
// Beside the one process that writes a folder, others may read it: a [Reader] sees
// what the writer has brought, a moment later (reader.go).
//
// What callers must keep: one process opens a folder for writing; changes come in the
// order of the sequence; when Cursor is behind, the changes after it are applied again.
// That is all it takes to mend an index that is damaged or of another version: what can
// still be read answers meanwhile.
//
// It leaves out stored texts apart from titles, scores that depend on other papers
// than by how many have a term, and more than one machine.
package index

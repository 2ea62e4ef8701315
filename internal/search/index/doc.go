// Package index is the search engine that runs in this process: it keeps the
// contract of [search.Engine] with files of its own.
//
// Start with [Open], which makes the one [Engine] that writes a folder, and [OpenReader],
// which makes one of any number of Readers beside it, in this process or another. An
// index is a folder: a manifest, which names everything else; segments, which never
// change and are mapped into memory; what has changed in them since, deleted documents
// and other counts and vectors; and a log of the last small changes. It is three rooms:
// package segment has what never changes and makes snapshots of it, package query
// answers from snapshots, and this package says which snapshots there are.
//
// How it changes: few changes are written to the log, with their documents as a small
// finished segment; many become segments on disk at once (apply.go). In the background
// segments of one size are merged (merge.go). Each step writes new files, makes them
// durable and then replaces the manifest (commit.go), so a crash leaves the state before
// or after it, and files that no manifest names, which the next opening sweeps.
//
// What goes wrong (open.go, merge.go): checksums are compared when an index is opened,
// before and after a merge reads, and when reading has failed. What is damaged is left
// out, and an index is begun anew beside the rest, which answers until the new one has
// come as far; Position says from where the changes are missing, and an Apply that did not
// know of it is refused with search.ErrStartAgain. The same happens after a change of the model or
// of the analyzer, after Reset, and once after a panic in a merge. The reason stands in
// Status and in the manifest. If the manifest itself is lost, nobody knows how far the
// index had come, unless the caller says it by Reset; without that, the rebuild counts as
// done when what was applied is merged. An index of the program before, which knew no
// sites, has the site "" until Apply names one; whether it is the same database's is for
// the caller to decide.
//
// What callers must keep: changes come in the order of the sequence; when Position is
// behind, the changes after it are applied again; Close ends whatever is under way.
// Reading, Position and Status take no lock and never wait for writing.
//
// It leaves out stored texts apart from titles, scores that depend on other papers
// than by how many have a term, and more than one machine.
package index

// Package query answers questions from snapshots of segments, which package segment
// has and package index brings up to date.
//
// Start with [Searcher], which answers from the [Snapshot] that was published last.
// Package search compiles a query to a plan; conditions and filters become sets of
// documents, one bit each (match.go); words are ranked by block-max pruning (rank.go,
// which names its sources); vectors are scanned (meaning.go), and both are fused as
// package search states. Pruning changes no score: a test compares with the plain
// engine of package searchtest.
package query

// Package indexer is the one door to a search index: it opens the index, keeps it up to
// date with a database, and says how far it has come.
//
// Start with [Open]. An [Index] is a search.Engine that answers from what lies on
// disk, whoever writes it. One process at a time writes an index; the others read what it
// brings. [Index.Follow] makes of a reader the writer as soon as nobody else is, for a
// server; [Index.KeepUp] writes only while there is something to write, for a program
// that runs beside others; [Index.CatchUp] returns once everything can be found, whoever
// has seen to it, for a command. [Index.State] says what cannot be found yet and why.
//
// Under them is a [Follower], which tells any engine what changes in a database: texts,
// counts, removals. It checks in every round that the engine's position is on the
// database's history, and has the engine begin anew if it is not: after a copy was put
// back, after a power cut, beside another database. Vectors of a model that costs time
// or money are kept in the database by the hash of the text, so that an index can be lost
// without embedding anything again. Papers are found by their words at once; vectors that
// the model has not given yet come later.
//
// Callers make one Index of a folder in a process, end the context of Follow and KeepUp
// before they close it, and do not close the database before. Nothing here ends a
// process or refuses to start: what cannot be written or read is tried again, and State
// says so.
//
// How papers are found is left to the engine (search, search/index), what readers
// are told to catalog.
package indexer

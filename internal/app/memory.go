package app

import "runtime/debug"

// tightMemory is what a large merge of the search index does for the process: its tables
// are large and live for long, so garbage is collected sooner while it runs, and memory
// goes back to the system after each of its steps, which else would keep the process
// twice as large as it has to be.
func tightMemory() (afterStep, end func()) {
	before := debug.SetGCPercent(30)
	return debug.FreeOSMemory, func() { debug.SetGCPercent(before) }
}

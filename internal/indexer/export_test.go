package indexer

// SetBatch sets how many changes are told at a time.
func (f *Follower) SetBatch(n int) { f.size = n }

//go:build !unix

package segment

import "os"

// mapFile reads a file whole where memory cannot be mapped.
func mapFile(path string) (b []byte, unmap func(), err error) {
	b, err = os.ReadFile(path)
	return b, func() {}, err
}

// SyncDir does nothing: only unix folders can be synced.
func SyncDir(string) error { return nil }

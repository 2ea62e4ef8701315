//go:build !unix

package index

import "os"

// mapFile reads a file whole where memory cannot be mapped.
func mapFile(path string) (b []byte, unmap func(), err error) {
	b, err = os.ReadFile(path)
	return b, func() {}, err
}

// syncDir does nothing: only unix folders can be synced.
func syncDir(string) error { return nil }

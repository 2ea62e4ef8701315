//go:build !linux

package cli

// yieldProcessor does something on Linux only.
func yieldProcessor() {}

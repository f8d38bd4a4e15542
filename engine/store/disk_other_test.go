//go:build !linux

package store

import "testing"

// smallDisk is known for Linux alone.
func smallDisk(t *testing.T) string {
	t.Skip("no small disk on this system")
	return ""
}

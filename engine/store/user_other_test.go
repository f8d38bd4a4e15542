//go:build !unix

package store

import "syscall"

// unprivileged leaves the user as it is.
func unprivileged(string) (*syscall.SysProcAttr, error) { return nil, nil }

// Package rules ships the rule packs in the binary: one folder per pack.
package rules

import "embed"

// Packs holds the shipped packs.
//
//go:embed */*.yaml
var Packs embed.FS

package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestCollectLate: garbage is left alone until there is much of it, and collected as usual from then on.
func TestCollectLate(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	defer func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) }()
	collectLate()
	if percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(-1); percent != -1 || limit != firstCollection {
		t.Errorf("garbage is collected at %d %%, or %d bytes", percent, limit)
	}
	runtime.GC()
	for range 200 {
		// The limit is lifted last.
		if debug.SetMemoryLimit(-1) == math.MaxInt64 {
			if percent := debug.SetGCPercent(100); percent != 400 {
				t.Errorf("garbage is collected at %d %%", percent)
			}
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("garbage is not collected as usual after the first collection")
}

// TestCollectAt: garbage is bounded, but not where collecting it would cost more than it is worth.
func TestCollectAt(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 10 << 20: 400, 16 << 20: 400, 32 << 20: 200, 64 << 20: 100, 100 << 20: 60, 1 << 30: 50} {
		if got := collectAt(live); got != want {
			t.Errorf("with %d bytes in use it is collected at %d %%, want %d", live, got, want)
		}
	}
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// processor is the time that the process has had of processors, its own and the system's for it.
func processor() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// watched waits for a process that was started, and tells the most memory that it has had, in bytes, as far as that was seen
// before its end. What the kernel tells afterwards counts the memory of the parent as well.
func watched(c *exec.Cmd) (int64, error) {
	status := fmt.Sprintf("/proc/%d/status", c.Process.Pid)
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var most int64
	for {
		select {
		case err := <-done:
			return most << 10, err
		case <-tick.C:
			// A process that has ended has no memory.
			text, err := os.ReadFile(status)
			if _, after, ok := strings.Cut(string(text), "VmHWM:"); ok && err == nil {
				fmt.Sscan(after, &most)
			}
		}
	}
}

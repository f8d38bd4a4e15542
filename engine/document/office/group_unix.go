//go:build unix

package office

import (
	"os/exec"
	"syscall"
)

// together lets a command be ended with all processes that it starts.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

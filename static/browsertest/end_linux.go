package browsertest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// launch starts a command that the kernel kills when this process ends, also by a signal that no test survives. It is bound to the thread that
// starts it, which therefore stays as long as the command runs.
func launch(command *exec.Cmd) (wait func() error, err error) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := command.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		ended <- command.Wait()
	}()
	return func() error { return <-ended }, <-started
}

//go:build !linux

package browsertest

import "os/exec"

// launch starts a command. Here a test that is killed leaves it running.
func launch(command *exec.Cmd) (wait func() error, err error) {
	return command.Wait, command.Start()
}

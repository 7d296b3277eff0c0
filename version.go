package main

import (
	"fmt"
	"io"
	"runtime/debug"
)

// version is set by a release's build: -ldflags "-X main.version=1.2.3". Otherwise the commit stands in for it.
var version string

// VersionCmd prints the version.
type VersionCmd struct{}

// Run implements the command.
func (*VersionCmd) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, "thorpe", versionText())
	return err
}

func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := "development"
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision" && len(setting.Value) >= 12:
			text += " " + setting.Value[:12]
		case setting.Key == "vcs.modified" && setting.Value == "true":
			text += " (changed)"
		}
	}
	return text
}

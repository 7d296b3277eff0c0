package main

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// ConfigCmd prints what serve would run with, given the same flags. What it prints can be a file of settings.
type ConfigCmd struct {
	ServeCmd
}

// Run implements the command. It fails as serve would where a setting can't be meant, after it has printed all.
func (cmd *ConfigCmd) Run(parsed *kong.Context, out io.Writer) error {
	wrong := cmd.check()
	if err := printSettings(out, settingsAmong(parsed.Selected().Flags), func(flag *kong.Flag) string { return originOf(parsed, flag) }); err != nil {
		return err
	}
	return wrong
}

// originOf says where a setting comes from.
func originOf(parsed *kong.Context, flag *kong.Flag) string {
	origin := "default"
	for _, path := range parsed.Path {
		switch {
		case path.Flag != flag:
		case path.Resolved: // there is one resolver
			return string(parsed.Selected().Target.FieldByName("Config").Interface().(ConfigFlag))
		default:
			return "--" + flag.Name
		}
	}
	if variable := variableOf(flag); variable != "" {
		origin = variable
	}
	return origin
}

// printSettings writes them as TOML, each with its origin behind it. A secret, which a flag's tag says it is, is never written.
func printSettings(out io.Writer, flags []*kong.Flag, origin func(*kong.Flag) string) error {
	var lines []string
	width := 0
	for _, flag := range flags {
		line, err := settingLine(flag)
		if err != nil {
			return err
		}
		lines = append(lines, line)
		if n := utf8.RuneCountInString(line); n <= 60 {
			width = max(width, n)
		}
	}
	for i, line := range lines {
		if _, err := fmt.Fprintf(out, "%-*s  # %s\n", width, line, strings.ReplaceAll(origin(flags[i]), "\n", " ")); err != nil {
			return err
		}
	}
	return nil
}

func settingLine(flag *kong.Flag) (string, error) {
	if flag.Tag.Has("secret") {
		if flag.Target.IsZero() {
			return "# " + flag.Name + " is not set", nil
		}
		return "# " + flag.Name + " is set, and secret", nil
	}
	var value any
	switch target := flag.Target; target.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64, reflect.String:
		if text, ok := target.Interface().(fmt.Stringer); ok { // such as a duration
			value = text.String()
		} else {
			value = target.Interface()
		}
	case reflect.Slice:
		texts := []string{}
		for i := range target.Len() {
			texts = append(texts, fmt.Sprint(target.Index(i).Interface()))
		}
		value = texts
	default:
		value = fmt.Sprint(target.Interface())
	}
	line, err := toml.Marshal(map[string]any{flag.Name: value})
	return strings.TrimRight(string(line), "\n"), err
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// ConfigFlag names a TOML file with settings of the server: the flags of serve, without their dashes.
//
// A flag on the command line goes before its variable, that before the file, and the file before the default.
type ConfigFlag string

// BeforeResolve reads the file. Kong calls it for each command that knows the flag, also for those that were not asked for.
func (ConfigFlag) BeforeResolve(app *kong.Kong, parsed *kong.Context, trace *kong.Path) error {
	selected := parsed.Selected()
	if selected == nil || !slices.Contains(selected.Flags, trace.Flag) {
		return nil
	}
	path, ok := parsed.FlagValue(trace.Flag).(ConfigFlag)
	if !ok || path == "" {
		return nil
	}
	file, err := openSettings(string(path), serveFlags(app.Model.Node))
	if err != nil {
		return err
	}
	parsed.AddResolver(file)
	return nil
}

// serveFlags are the settings: the flags of serve that can stand in a file.
func serveFlags(root *kong.Node) []*kong.Flag {
	for _, command := range root.Children {
		if command.Name == "serve" {
			return settingsAmong(command.Flags)
		}
	}
	return nil
}

// settingsAmong leaves out the flags that set nothing by themselves.
func settingsAmong(flags []*kong.Flag) []*kong.Flag {
	return slices.DeleteFunc(slices.Clone(flags), func(f *kong.Flag) bool { return f.Name == "config" || f.Name == "help" })
}

// settingError is a setting that can't be meant as it is written. The sentence says where it stands.
type settingError struct{ error }

func (e settingError) Unwrap() error { return e.error }

// maxSettings is the bytes of a file of settings.
const maxSettings = 1 << 20

// settingsFile is a file of settings that was read and whose keys are all known. It implements kong.Resolver.
type settingsFile struct {
	path   string
	values map[string]any
}

func openSettings(path string, known []*kong.Flag) (*settingsFile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, settingError{fmt.Errorf("the settings in %s can't be read: %w", path, cause(err))}
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxSettings+1))
	if err != nil {
		return nil, settingError{fmt.Errorf("the settings in %s can't be read: %w", path, cause(err))}
	}
	if len(content) > maxSettings {
		return nil, settingError{fmt.Errorf("%s is too large to be a file of settings", path)}
	}
	s := &settingsFile{path: path}
	if _, err := toml.Decode(string(content), &s.values); err != nil {
		if wrong, ok := errors.AsType[toml.ParseError](err); ok {
			return nil, settingError{fmt.Errorf("%s:%d: this is no TOML, where texts stand in quotes: %s", path, wrong.Position.Line, wrong.Message)}
		}
		return nil, settingError{fmt.Errorf("%s is no TOML: %w", path, err)}
	}
	var names, unknown []string
	for _, flag := range known {
		names = append(names, flag.Name)
	}
	for key := range s.values {
		if !slices.Contains(names, key) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) == 0 {
		return s, nil
	}
	slices.SortFunc(unknown, func(a, b string) int { return lineOf(content, a) - lineOf(content, b) })
	hint := "thorpe config prints all that there are"
	if near := nearest(unknown[0], names, len(unknown[0])*2/3); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	return nil, settingError{fmt.Errorf("%s:%d: there is no setting %q; %s", path, lineOf(content, unknown[0]), unknown[0], hint)}
}

// lineOf is the line where a key or a table stands first, from 1; 0: it is written in some other way.
func lineOf(content []byte, key string) int {
	found := regexp.MustCompile(`(?m)^[ \t]*\[*[ \t]*["']?` + regexp.QuoteMeta(key) + `["']?[ \t]*[]=.]`).FindIndex(content)
	if found == nil {
		return 0
	}
	return 1 + strings.Count(string(content[:found[0]]), "\n")
}

// Validate implements kong.Resolver: everything was looked at when the file was opened.
func (*settingsFile) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver. A variable goes before the file, which kong would have the other way round.
func (s *settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := s.values[flag.Name]
	if !ok || variableOf(flag) != "" {
		return nil, nil
	}
	text, err := settingText(value)
	if err != nil {
		return nil, settingError{fmt.Errorf("%s: %s: %w", s.path, flag.Name, err)}
	}
	// Once for nothing: what is wrong with a value should say where it stands. Kong names the flag.
	if err := flag.Parse(kong.Scan().PushTyped(text, kong.FlagValueToken), reflect.New(flag.Target.Type()).Elem()); err != nil {
		return nil, settingError{fmt.Errorf("%s: %w", s.path, err)}
	}
	return text, nil
}

// settingText is a value of a file as a flag would have it.
func settingText(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case bool, int64, float64:
		return fmt.Sprint(value), nil
	case []any:
		var texts []string
		for _, one := range value {
			text, ok := one.(string)
			if !ok {
				return "", errors.New("a list is one of texts")
			}
			texts = append(texts, kong.JoinEscaped([]string{text}, ','))
		}
		return strings.Join(texts, ","), nil
	}
	return "", errors.New("a value is a text, a number, true, false, or a list of texts")
}

// variableOf is the variable that sets a flag, or empty.
func variableOf(flag *kong.Flag) string {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return name
		}
	}
	return ""
}

// checkVariables refuses a variable of ours that nothing reads, if it looks like a slip for one that is read. Others are let be: a
// cluster, for one, tells each container of a service called thorpe by variables of that name.
func checkVariables(root *kong.Node, environment []string) error {
	var rests []string // behind THORPE_
	known := map[string]bool{}
	for _, flag := range allFlags(root) {
		for _, name := range flag.Envs {
			if !known[name] {
				known[name], rests = true, append(rests, strings.TrimPrefix(name, "THORPE_"))
			}
		}
	}
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		rest, ours := strings.CutPrefix(name, "THORPE_")
		if !ours || known[name] || rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_") {
			continue
		}
		if near := nearest(rest, rests, len(rest)/4); near != "" {
			return settingError{fmt.Errorf("there is no variable %s; did you mean THORPE_%s?", name, near)}
		}
	}
	return nil
}

func allFlags(node *kong.Node) []*kong.Flag {
	flags := slices.Clone(node.Flags)
	for _, child := range node.Children {
		flags = append(flags, allFlags(child)...)
	}
	return flags
}

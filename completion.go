package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// CompletionCmd prints a script that completes commands and flags.
type CompletionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run implements the command.
func (cmd *CompletionCmd) Run(ctx context.Context, out io.Writer) error {
	parser, err := newParser(ctx, &commands{}, out)
	if err != nil {
		return err
	}
	places := completionPlaces(parser.Model.Node)
	script := map[string]func([]completionPlace) string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[cmd.Shell]
	_, err = io.WriteString(out, script(places))
	return err
}

// completionPlace is a command, and what may follow it.
type completionPlace struct {
	path     string // of the commands, each after a space: "", " links", " links change"
	commands []completionWord
	flags    []completionFlag
	words    []string // that its argument can be
	files    bool     // its arguments are files
}

type completionWord struct{ word, help string }

type completionFlag struct {
	completionWord
	short string   // without the dash, or empty
	value bool     // it takes one
	words []string // that the value can be
	files bool     // the value is a file or a folder
}

// completionPlaces lists a command and all below it.
func completionPlaces(root *kong.Node) []completionPlace {
	var places []completionPlace
	var visit func(node *kong.Node, path string, above []completionFlag)
	visit = func(node *kong.Node, path string, above []completionFlag) {
		place := completionPlace{path: path}
		flags := slices.Clone(above)
		for _, flag := range node.Flags {
			flags = append(flags, completionFlags(flag)...)
		}
		place.flags = flags
		if node.DefaultCmd != nil {
			for _, flag := range node.DefaultCmd.Flags {
				place.flags = append(place.flags, completionFlags(flag)...)
			}
		}
		for _, positional := range node.Positional {
			if positional.Enum != "" {
				place.words = positional.EnumSlice()
			}
			place.files = place.files || positional.Name == "path"
		}
		for _, child := range node.Children {
			if !child.Hidden {
				place.commands = append(place.commands, completionWord{child.Name, firstSentence(child.Help)})
			}
		}
		places = append(places, place)
		for _, child := range node.Children {
			visit(child, path+" "+child.Name, flags)
		}
	}
	visit(root, "", nil)
	return places
}

// completionFlags are a flag and, where there is one, its opposite.
func completionFlags(flag *kong.Flag) []completionFlag {
	if flag.Hidden {
		return nil
	}
	one := completionFlag{completionWord: completionWord{flag.Name, firstSentence(flag.Help)}, value: !flag.IsBool()}
	if flag.Short != 0 {
		one.short = string(flag.Short)
	}
	if flag.Enum != "" {
		one.words = flag.EnumSlice()
	}
	one.files = flag.Tag.Type == "path" || flag.PlaceHolder == "DIR" || flag.PlaceHolder == "FILE"
	if flag.Tag.Negatable == "" {
		return []completionFlag{one}
	}
	return []completionFlag{one, {completionWord: completionWord{"no-" + flag.Name, "The opposite of --" + flag.Name + "."}}}
}

// firstSentence is the help that has room beside a word.
func firstSentence(help string) string {
	first, _, more := strings.Cut(help, ". ")
	if more {
		return first + "."
	}
	return first
}

// written is how a flag can be written.
func (f completionFlag) written() []string {
	written := []string{"--" + f.word}
	if f.short != "" {
		written = append(written, "-"+f.short)
	}
	return written
}

// shellQuoted is text for bash and zsh.
func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fishQuoted is text for fish.
func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

// caseOf is a line of a shell's case.
func caseOf(path, word, then string) string {
	return fmt.Sprintf("    %s) %s ;;\n", shellQuoted(strings.TrimLeft(path+" "+word, " ")), then)
}

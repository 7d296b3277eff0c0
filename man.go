package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// ManCmd prints the manual page, made of what --help says.
type ManCmd struct{}

// Run implements the command.
func (*ManCmd) Run(ctx context.Context, out io.Writer) error {
	parser, err := newParser(ctx, &commands{}, out)
	if err != nil {
		return err
	}
	var page strings.Builder
	fmt.Fprintf(&page, ".TH THORPE 1 \"\" %q\n.SH NAME\nthorpe \\- a cloud drive in one binary\n", "thorpe "+roff(versionText()))
	fmt.Fprintf(&page, ".SH SYNOPSIS\n.B thorpe\n.I command\n[\\fIflags\\fR]\n.SH DESCRIPTION\n%s\n.SH COMMANDS\n", roff(parser.Model.Help))
	for _, command := range parser.Model.Leaves(true) {
		fmt.Fprintf(&page, ".SS %q\n%s\n", roff(strings.TrimPrefix(command.FullPath(), "thorpe ")+arguments(command)), roff(command.Help))
		for _, argument := range command.Positional {
			fmt.Fprintf(&page, ".TP\n\\fI%s\\fR\n%s\n", roff(argument.Summary()), roff(argument.Help))
		}
		for _, flag := range command.Flags {
			fmt.Fprintf(&page, ".TP\n\\fB%s\\fR\n%s\n", roff(flag.String()), roff(flag.Help))
		}
	}
	fmt.Fprint(&page, ".SH ENVIRONMENT\nEach flag can be given as a variable too: \\-\\-data as THORPE_DATA.\n.SH EXIT STATUS\n", roff(exitHelp))
	_, err = io.WriteString(out, page.String())
	return err
}

func arguments(command *kong.Node) string {
	var words strings.Builder
	for _, argument := range command.Positional {
		words.WriteString(" " + argument.Summary())
	}
	return words.String()
}

// roff is text that means nothing to roff.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`, "\n.", "\n\\&.", "\n'", "\n\\&'").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

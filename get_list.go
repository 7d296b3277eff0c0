package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"
)

// print lists files and folders, a line each, on out, and says the rest to whoever reads messages.
func (c *choice) print(out, messages io.Writer) error {
	for _, text := range []string{c.link.Title, c.link.Note} {
		if text != "" {
			fmt.Fprintln(messages, forTerminal(text))
		}
	}
	lines := bufio.NewWriter(out)
	sum := int64(0)
	for _, f := range c.files {
		sum += f.Size
		modified := "-"
		if !f.Modified.IsZero() {
			modified = f.Modified.Local().Format("2006-01-02 15:04")
		}
		fmt.Fprintf(lines, "%14d  %-16s  %s\n", f.Size, modified, forTerminal(f.Path))
	}
	for _, folder := range c.folders {
		fmt.Fprintf(lines, "%14s  %-16s  %s/\n", "-", "-", forTerminal(folder))
	}
	if err := lines.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(messages, "%s, %s in all\n", counted(len(c.files), "file"), humanize.Bytes(uint64(sum)))
	return nil
}

// printJSON lists the same for programs.
func (c *choice) printJSON(out io.Writer) error {
	type file struct {
		Path     string     `json:"path"`
		Size     int64      `json:"size"`
		Type     string     `json:"type"`
		Modified *time.Time `json:"modified"`
	}
	listed := struct {
		Title   string   `json:"title"`
		Note    string   `json:"note"`
		Files   []file   `json:"files"`
		Folders []string `json:"folders"`
	}{c.link.Title, c.link.Note, []file{}, append([]string{}, c.folders...)}
	for _, f := range c.files {
		one := file{Path: f.Path, Size: f.Size, Type: f.Type}
		if !f.Modified.IsZero() {
			one.Modified = &f.Modified
		}
		listed.Files = append(listed.Files, one)
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(listed)
}

// forTerminal keeps a terminal safe from somebody else's text: what it would not print stands as \u202e and the like.
func forTerminal(text string) string {
	for _, r := range text {
		if !unicode.IsPrint(r) {
			quoted := strconv.Quote(text)
			return quoted[1 : len(quoted)-1]
		}
	}
	return text
}

// counted is "1 file", or "2 files".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

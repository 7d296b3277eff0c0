package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheDocumentsHangTogether follows each relative link of the documents, and holds that each document can be reached from README.md.
func TestTheDocumentsHangTogether(t *testing.T) {
	t.Parallel()
	reached, queue := map[string]bool{"README.md": true}, []string{"README.md"}
	_, err := os.Stat("docs/screens") // which the source that a server hands out leaves away
	pictures := err == nil
	link := regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"`)
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		content, err := os.ReadFile(file)
		must(t, err)
		for _, match := range link.FindAllStringSubmatch(string(content), -1) {
			target, anchor, _ := strings.Cut(match[1]+match[2], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") || strings.HasPrefix(target, "docs/screens") && !pictures {
				continue
			}
			if target != "" {
				target = filepath.Join(filepath.Dir(file), target)
			} else {
				target = file
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", file, target)
				continue
			}
			if anchor != "" && !slices.Contains(anchorsOf(t, target), anchor) {
				t.Errorf("%s links to %s#%s, and there is no such heading", file, target, anchor)
			}
			if !reached[target] {
				if reached[target] = true; filepath.Ext(target) == ".md" {
					queue = append(queue, target)
				}
			}
		}
	}
	must(t, filepath.WalkDir("docs", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file == filepath.Join("docs", "screens"):
			return filepath.SkipDir
		case !entry.IsDir() && !reached[file]:
			t.Errorf("no way leads from README.md to %s", file)
		}
		return nil
	}))
}

// anchorsOf are the anchors that a document's headings have, as GitHub and others make them.
func anchorsOf(t *testing.T, file string) (anchors []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	must(t, err)
	for _, match := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(string(content), -1) {
		anchor := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(match[1]), "")
		anchors = append(anchors, strings.ReplaceAll(anchor, " ", "-"))
	}
	return anchors
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/kong"
)

// What is indented in a document, or fenced as sh, is commands and nothing else: a tree, a table or a file is fenced with another word. Between backticks a command is what begins
// with the name of one of these programs.
var programs = strings.Fields("thorpe go curl rclone cadaver mount gio git net sc.exe certutil sudo cp setcap systemctl systemd-analyze journalctl apt apt-get dpkg docker podman kubectl security nginx caddy a2enmod openssl sha256sum shasum tar install useradd adduser brew winget wget chown chmod mkdir pg_dump")

// documents are those with commands. docs/format.md indents bytes.
func documents(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("docs/*.md")
	must(t, err)
	return append(files, "README.md")
}

// said is a command as a document has it: file and line, and its text without comment.
type said struct{ at, text string }

var (
	comment = regexp.MustCompile(`\s+#\s.*$`)
	span    = regexp.MustCompile("`([^`]+)`")
	setting = regexp.MustCompile(`^[A-Z_]+=\S*$`)
)

// commandsIn are the commands of a document.
func commandsIn(t *testing.T, file string) (found []said) {
	t.Helper()
	content, err := os.ReadFile(file)
	must(t, err)
	fence, block, blank := "", false, true
	for i, line := range strings.Split(string(content), "\n") {
		at := fmt.Sprintf("%s:%d", file, i+1)
		add := func(text string) {
			if text = strings.TrimSpace(comment.ReplaceAllString(text, "")); text != "" {
				found = append(found, said{at, strings.Join(strings.Fields(text), " ")})
			}
		}
		if word, isFence := strings.CutPrefix(line, "```"); isFence {
			if fence == "" && word == "" {
				t.Errorf("%s: say behind ``` what this is: sh for commands, text for what is none", at)
			}
			if fence != "" {
				word = ""
			}
			fence, block = word, false
			continue
		}
		switch {
		case fence == "sh":
			add(line)
		case fence != "":
		case strings.HasPrefix(line, "    ") && (block || blank) && file != "docs/format.md":
			block = true
			add(line)
		default:
			block = block && line == ""
			for _, match := range span.FindAllStringSubmatch(line, -1) {
				words := strings.Fields(strings.ReplaceAll(match[1], `\|`, "|"))
				first := slices.IndexFunc(words, func(word string) bool { return !setting.MatchString(word) })
				if first >= 0 && len(words) > first+1 && slices.Contains(programs, words[first]) {
					add(match[1])
				}
			}
		}
		blank = line == ""
	}
	return found
}

// book is what the documents say, and what of it was tried.
type book struct {
	mu    sync.Mutex
	said  map[string][]string // text: where it stands
	tried map[string]bool
	lacks bool // this machine lacks a program, so that a story was not told to its end
}

// skipped notes that a story ended early because a program is not here.
func (b *book) skipped(t *testing.T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lacks = b.lacks || t.Skipped()
}

func openBook(t *testing.T) *book {
	t.Helper()
	b := &book{said: map[string][]string{}, tried: map[string]bool{}}
	for _, file := range documents(t) {
		for _, command := range commandsIn(t, file) {
			b.said[command.text] = append(b.said[command.text], command.at)
		}
	}
	return b
}

// try notes that a test runs a command, which a document must have.
func (b *book) try(t *testing.T, command string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tried[command] = true; b.said[command] == nil {
		t.Errorf("no document has the command %q any more: this test tries something else than what people read", command)
	}
}

// notHere are the commands that no test runs, and why. Their syntax is checked, and the flags of thorpe in them.
var notHere = map[string]string{
	"go test ./...": "it is this",
	".ci/run":       "it runs this",

	".ci/bench/peers.sh": "fetches and builds other servers",
	".ci/bench/peers.sh install && .ci/bench/peers.sh start":                                                                                 "fetches and builds other servers",
	"thorpe user add u --password-stdin --data /tmp/ours && thorpe app-password u bench --data /tmp/ours":                                    "goes with the measuring",
	"thorpe serve --addr 127.0.0.1:8180 --data /tmp/ours --no-request-log & echo $! > /tmp/ours.pid":                                         "goes with the measuring",
	"/tmp/peers/bin/davbench $(.ci/bench/peers.sh args) -peer ours=http://127.0.0.1:8180/dav/,pid=/tmp/ours.pid,auth=u:APP-PASSWORD -runs 5": "measures for minutes",

	"mount -t davfs https://files.example.org/dav/ /mnt": "needs root; TestDavfs2Session mounts as this does",
	"rclone mount":     "names what is written out below it",
	"go tool pprof":    "names a program",
	"mount /mnt/drive": "goes with a line in /etc/fstab",
	"gio mount davs://ann@files.example.org/dav/": "needs a bus of its own; TestGvfsSession mounts as this does",

	"net use Z: https://files.example.org/dav/ /user:ann /persistent:yes": "Windows",
	"net stop webclient":                  "Windows",
	"net start webclient":                 "Windows",
	"sc.exe config WebClient start= auto": "Windows",
	"certutil -addstore Root root.crt":    "Windows",
	"sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain root.crt": "macOS",

	"sudo cp root.crt /usr/local/share/ca-certificates/thorpe.crt && sudo update-ca-certificates": "changes what this machine trusts",
	"sudo cp root.crt /etc/pki/ca-trust/source/anchors/thorpe.crt && sudo update-ca-trust":        "Fedora",
	"cp root.crt /usr/local/etc/ssl/certs/thorpe.pem && certctl rehash":                           "FreeBSD",

	"sudo apt install ./thorpe_VERSION_amd64.deb":                             "changes this machine; TestFromACleanMachine does it, and what is below it, on one of its own",
	"sudo nano /etc/thorpe/thorpe.toml":                                       "goes with the package",
	"sudo systemctl restart thorpe":                                           "goes with the package",
	"sudo -u thorpe thorpe user add ann --config /etc/thorpe/thorpe.toml":     "goes with the package",
	"sudo mv /var/lib/thorpe /var/lib/thorpe.old":                             "goes with the package",
	"sudo thorpe restore /mnt/backups --data /var/lib/thorpe":                 "needs root; TestARestoreByRootIsTheServersOwn does it",
	"sudo chown -R thorpe: /var/lib/thorpe":                                   "goes with the package",
	"sudo systemctl edit thorpe.socket":                                       "needs systemd; TestSocketsThatSystemdPasses plays it",
	"sudo systemctl stop thorpe":                                              "needs systemd; TestSocketsThatSystemdPasses plays it",
	"sudo systemctl enable --now thorpe.socket":                               "needs systemd; TestSocketsThatSystemdPasses plays it",
	"sudo systemctl start thorpe":                                             "needs systemd; TestSocketsThatSystemdPasses plays it",
	"cd /var/lib/thorpe":                                                      "TestABackupOfAnOlderVersionComesBack does what these do",
	"rm -f thorpe.db-wal thorpe.db-shm":                                       "TestABackupOfAnOlderVersionComesBack does it",
	"mv thorpe.db thorpe.db.newer":                                            "keeps what the next replaces",
	"mv thorpe.db.before-N thorpe.db":                                         "TestABackupOfAnOlderVersionComesBack does it",
	"journalctl -u thorpe":                                                    "goes with the package",
	"systemctl edit thorpe":                                                   "goes with the package",
	"sudo apt remove thorpe":                                                  "goes with the package",
	"sudo apt purge thorpe":                                                   "goes with the package",
	"sudo rm -r /var/lib/thorpe":                                              "goes with the package",
	"sudo userdel thorpe":                                                     "goes with the package",
	"sha256sum --check --ignore-missing SHA256SUMS":                           "needs a release; TestTwoBuildsInDifferentFoldersGiveTheSameBytes checks these sums",
	"tar xzf thorpe-VERSION-linux-amd64.tar.gz":                               "needs a release; TestTheProgramThatIsHandedOut unpacks it",
	"sudo install thorpe-VERSION-linux-amd64/thorpe /usr/local/bin/":          "changes this machine",
	"mkdir thorpe && tar xzf thorpe-VERSION-container-amd64.tar.gz -C thorpe": "needs a release; TestTheImageServesAndTellsItsHealth unpacks it",
	"podman build --format docker -t thorpe thorpe":                           "needs a release; TestTheImageServesAndTellsItsHealth builds it with Buildah",
	"podman run -d --name thorpe -v thorpe:/data -p 443:8443 -p 80:8080 -e THORPE_DOMAIN=files.example.org -e THORPE_ADDR=:8443 -e THORPE_HTTP_ADDR=:8080 thorpe": "needs a container engine; TestTheImageServesAndTellsItsHealth runs it with Buildah",
	"podman exec thorpe thorpe user add ann":              "goes with the container",
	"podman volume rm thorpe":                             "goes with the container",
	"CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' .": "writes into this folder; .ci/build builds so",
	".ci/build DIR":             "takes minutes; TestTwoBuildsInDifferentFoldersGiveTheSameBytes runs it",
	".ci/build DIR linux/amd64": "takes minutes; TestTwoBuildsInDifferentFoldersGiveTheSameBytes runs it",
	".ci/clean-machine":         "needs root and minutes; .ci/large runs it",
	"go version -m thorpe":      "names a program",
	"thorpe man | man -l -":     "opens a pager; TestTheDebianPackageIsAsDebianWantsIt has the page checked",

	"setcap cap_net_bind_service=+ep /usr/bin/thorpe": "changes an installed program",
}

// check finds what no test has tried and nobody has given a reason for.
func (b *book) check(t *testing.T) {
	t.Helper()
	parser, err := newParser(t.Context(), &commands{}, io.Discard)
	must(t, err)
	for command, at := range b.said {
		switch {
		case b.tried[command] && notHere[command] != "":
			t.Errorf("%q is tried, and stands in the list of what is not", command)
		case b.tried[command]:
		case notHere[command] != "":
			checkSyntax(t, command)
			for part := range strings.SplitSeq(strings.NewReplacer("&&", "|", "&", "|").Replace(command), "|") {
				if words := strings.Fields(part); len(words) > 1 && words[0] == "thorpe" {
					if _, err := parser.Parse(words[1:]); err != nil {
						t.Errorf("%s: %s: %v", at, part, err)
					}
				}
			}
		case strings.HasPrefix(command, "thorpe ") && strings.ContainsAny(command, "[]"):
			if err := checkSynopsis(parser.Model.Node, command); err != nil {
				t.Errorf("%s: %s: %v", at, command, err)
			}
		case strings.Contains(command, "go test "):
			checkTestsNamed(t, at, command)
		case b.lacks:
		case !isMention(parser.Model.Node, strings.Fields(command)):
			t.Errorf("%s has %q, which no test tries: add it to docs_stories_unix_test.go, or with a reason to notHere; what is no command is fenced with ```text", at, command)
		}
	}
	for command := range notHere {
		if b.said[command] == nil {
			t.Errorf("no document has %q any more: take it out of notHere", command)
		}
	}
}

// checkSynopsis checks that a command with optional parts in brackets is one of thorpe's, and its flags that command's.
func checkSynopsis(node *kong.Node, command string) error {
	words := strings.Fields(strings.NewReplacer("[", " ", "]", " ", "|", " ").Replace(command))[1:]
	for len(words) > 0 {
		at := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == words[0] })
		if at < 0 {
			break
		}
		node, words = node.Children[at], words[1:]
	}
	if node.Type == kong.ApplicationNode {
		return errors.New("there is no such command")
	}
	for _, word := range words {
		if !strings.HasPrefix(word, "-") {
			continue
		}
		known := slices.ContainsFunc(node.Flags, func(flag *kong.Flag) bool {
			return word == "--"+flag.Name || word == "-"+string(flag.Short) || flag.Tag.Negatable != "" && word == "--no-"+flag.Name
		})
		if !known {
			return fmt.Errorf("it has no flag %s", word)
		}
	}
	return nil
}

// isMention says whether words only name a command of thorpe, such as "thorpe links all": it must be one.
func isMention(node *kong.Node, words []string) bool {
	if words[0] != "thorpe" {
		return false
	}
	for _, word := range words[1:] {
		at := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == word })
		if at < 0 {
			return false
		}
		node = node.Children[at]
	}
	return true
}

func checkSyntax(t *testing.T, command string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	if out, err := exec.Command(bash, "-n", "-c", command).CombinedOutput(); err != nil {
		t.Errorf("%q is not written as a shell takes it: %s", command, out)
	}
}

// checkTestsNamed checks that there are the tests that a command runs, in the packages that it names: running them here would run them twice.
func checkTestsNamed(t *testing.T, at []string, command string) {
	t.Helper()
	checkSyntax(t, command)
	var folders []string
	var patterns []string
	words := strings.Fields(command)
	for i, word := range words {
		if word == "." || strings.HasPrefix(word, "./") {
			folders = append(folders, word)
		}
		if (word == "-run" || word == "-bench") && i+1 < len(words) {
			if pattern := strings.Trim(words[i+1], "'"); pattern != "^$" {
				patterns = append(patterns, strings.Split(pattern, "|")...)
			}
		}
	}
	if len(folders) == 0 {
		t.Errorf("%s: %q names no package", at, command)
	}
	var functions []string
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		must(t, err)
		for _, file := range files {
			content, err := os.ReadFile(file)
			must(t, err)
			for _, match := range regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`).FindAllSubmatch(content, -1) {
				functions = append(functions, string(match[1]))
			}
		}
	}
	if len(functions) == 0 {
		t.Errorf("%s: %q runs no tests", at, command)
	}
	for _, pattern := range patterns {
		expression, err := regexp.Compile(pattern)
		must(t, err)
		if !slices.ContainsFunc(functions, expression.MatchString) {
			t.Errorf("%s: %q: there is no test %s", at, command, pattern)
		}
	}
}

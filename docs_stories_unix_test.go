//go:build unix

package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"thorpe/static/browsertest"
)

// TestEachCommandOfTheDocuments types what README.md and docs/ tell people to type, as it stands there, with their own server, files and links in the place of those in the text.
func TestEachCommandOfTheDocuments(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	t.Run("stories", func(t *testing.T) {
		for name, story := range map[string]func(*town){
			"starting": storyOfStarting, "settings": storyOfSettings, "certificates": storyOfCertificates, "people": storyOfPeople, "mounting": storyOfMounting,
			"links": storyOfLinks, "taking down": storyOfTakingDown, "backup": storyOfBackup, "completion": storyOfCompletion, "verifying": storyOfVerifying, "the API": storyOfTheAPI,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				defer func() { b.skipped(t) }()
				story(newTown(t, b))
			})
		}
	})
	b.check(t)
}

func storyOfStarting(w *town) {
	w.environment = append(w.environment, "THORPE_ADDR=127.0.0.1:0")
	w.let("127.0.0.1:8080", "127.0.0.1:0")
	w.starts("thorpe", nil)
	w.starts("thorpe serve --addr 127.0.0.1:8080 --data ./data --url https://files.example.org", nil)
	w.starts("thorpe serve --url https://files.example.org --trusted-proxies 127.0.0.1/32", nil)
	w.starts("thorpe serve --url https://example.org/cloud/ --trusted-proxies 127.0.0.1/32", nil)
	port := strings.TrimPrefix(freePort(w.T), "127.0.0.1:")
	w.let("9187", port)
	w.starts("thorpe serve --metrics-addr 9187", func() {
		readFigures(w.T, "http://127.0.0.1:"+port).want("thorpe_sessions", 0)
	})
	w.sees("thorpe --help", "", "serve", "Exit codes")
	w.let("COMMAND", "send")
	w.sees("thorpe COMMAND --help", "", "--expires")
	w.sees("thorpe serve --help", "", "--trusted-proxies")
	w.sees("thorpe version", "", "thorpe")
	// What a newcomer types first. It builds the program, so it runs in the folder with its source.
	folder, err := os.Getwd()
	must(w.T, err)
	cmd := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOPATH")
	caches, err := cmd.Output()
	must(w.T, err)
	for i, at := range strings.Fields(string(caches)) {
		w.environment = append(w.environment, []string{"GOCACHE", "GOMODCACHE", "GOPATH"}[i]+"="+at)
	}
	w.home = folder
	w.starts("go run .", nil)
	program := filepath.Join(w.TempDir(), "thorpe")
	w.environment = append(w.environment, "GOFLAGS=-o="+program) // and not into the folder with the source
	w.types("go build .", "")
	if _, err := os.Stat(program); err != nil {
		w.Error(err)
	}
}

func storyOfSettings(w *town) {
	w.environment = append(w.environment, "THORPE_ADDR=127.0.0.1:0")
	w.starts("thorpe serve --url https://files.example.org --contact abuse@example.org", nil)
	w.starts("THORPE_CONTACT=abuse@example.org thorpe serve", nil)
	// The file is the one that the document shows.
	document, err := os.ReadFile("docs/configuration.md")
	must(w.T, err)
	example := regexp.MustCompile("(?s)```toml\n(.*?)```").FindSubmatch(document)[1]
	w.write("thorpe.toml", strings.NewReplacer("/var/lib/thorpe", w.path("lib")).Replace(string(example)))
	w.let("/etc/thorpe.toml", w.path("thorpe.toml"))
	w.environment = append(w.environment, "THORPE_ACME_DIRECTORY=https://127.0.0.1:1/", "THORPE_HTTP_ADDR=none")
	w.starts("thorpe serve --config /etc/thorpe.toml", nil)
	w.sees("thorpe config --config /etc/thorpe.toml", "", `domain = "files.example.org"`, w.path("thorpe.toml"), "THORPE_HTTP_ADDR")
}

func storyOfCertificates(w *town) {
	files := newPair(w.T, "localhost")
	plain := w.environment
	w.environment = append(plain[:len(plain):len(plain)], "THORPE_ADDR=127.0.0.1:0", "THORPE_HTTP_ADDR=none", "THORPE_ACME_DIRECTORY=https://127.0.0.1:1/")
	w.starts("thorpe serve --domain files.example.org", nil) // acme_test.go has it get a certificate
	w.environment = plain
	w.let("/etc/ssl/files.pem", files.Cert)
	w.let("/etc/ssl/files.key", files.Key)
	w.let("--addr :443", "--addr 127.0.0.1:0")
	w.let("--http-addr :80", "--http-addr 127.0.0.1:0")
	w.starts("thorpe serve --addr :443 --tls-cert /etc/ssl/files.pem --tls-key /etc/ssl/files.key", nil)
	w.let("NAME", "localhost")
	w.sees("thorpe local-ca nas.local 192.168.1.20", "", "nas.local", "192.168.1.20")
	told := w.sees("thorpe local-ca", "", "root.crt")
	w.starts("thorpe serve --local-ca --addr :443 --http-addr :80", nil)
	if again := w.types("thorpe local-ca --replace NAME", ""); again == told {
		w.Error("the authority is the same as before")
	}
	authority, err := os.ReadFile(w.path("data/local-ca/root.crt"))
	must(w.T, err)
	w.write("root.crt", string(authority))
	server := w.server("--local-ca")
	server.account("ann")
	w.environment = append(w.environment, "SSL_CERT_FILE="+w.path("root.crt"))
	w.write("holiday/a.txt", "the lake")
	w.signIn()
	w.let("LINK", quoted(w.types(`thorpe send holiday/ --title "Summer" --expires 8w`, "")))
	w.environment = w.environment[:len(w.environment)-1]
	must(w.T, os.RemoveAll(w.path("holiday")))
	w.types("SSL_CERT_FILE=root.crt thorpe get LINK", "")
	w.wantFile("holiday/a.txt", "the lake")
	other := newTown(w.T, w.book)
	other.sees("thorpe local-ca nas.local", "", "nas.local")
	other.write("root.crt", string(authority))
	must(w.T, os.MkdirAll(other.path(".pki/nssdb"), 0o700)) // which Chrome makes
	browsertest.Need(w.T, "certutil")
	other.types("certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n thorpe -i root.crt", "")
}

func storyOfPeople(w *town) {
	w.server()
	w.sees("thorpe user add ann --password-stdin", password+"\n", "-")
	w.sees("thorpe app-password ann laptop", "", "-")
	w.types("thorpe user quota ann 10G", "")
	w.sees("thorpe user quota ann", "", "10")
	w.types("thorpe user quota ann none", "")
	other := newTown(w.T, w.book)
	other.server().account("bob") // the first account is made by the setup link, or with --password-stdin
	other.sees("thorpe user add ann", "", "/invite#")
}

func storyOfMounting(w *town) {
	server := w.server()
	secret := server.account("ann")
	w.write("file.txt", "by curl")
	w.let("-u ann ", "-u ann:"+secret+" ")
	w.types("curl -u ann -T file.txt https://files.example.org/dav/", "")
	w.wantFile("data/drive/ann/file.txt", "by curl")
	host, _, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	w.write(".netrc", "machine "+host+" login ann password "+secret+"\n")
	w.sees("cadaver https://files.example.org/dav/", "ls\nquit\n", "file.txt")

	browsertest.Need(w.T, "rclone")
	w.let("APP-PASSWORD", secret)
	w.types("rclone config create drive webdav url=https://files.example.org/dav/ vendor=owncloud user=ann pass=APP-PASSWORD --obscure", "")
	w.write("folder/a.txt", "by rclone")
	w.let("FOLDER", "folder")
	w.types("rclone copy FOLDER drive:", "")
	w.wantFile("data/drive/ann/a.txt", "by rclone")
	w.sees("rclone about drive:", "", "Free")
	for command, folder := range map[string]string{"rclone mount drive: ~/drive --vfs-cache-mode writes": "drive", "rclone mount drive: /mnt --vfs-cache-mode writes": "mnt"} {
		w.mounts(command, folder)
	}
	must(w.T, exec.Command("git", "init", "-q", w.home).Run())
	w.types("git config core.fileMode false", "")
}

func storyOfLinks(w *town) {
	w.server().account("ann")
	w.signIn()
	w.write("holiday/a.txt", "the lake")
	link := quoted(w.types(`thorpe send holiday/ --title "Summer" --expires 8w`, ""))
	w.write("bin/pg_dump", "#!/bin/sh\necho a dump of $1\n")
	must(w.T, os.Chmod(w.path("bin/pg_dump"), 0o755))
	dump := quoted(w.types("pg_dump drive | thorpe send - --name drive.sql", ""))
	home := w.home
	w.home = w.path("elsewhere") // where "holiday" is in nobody's way
	must(w.T, os.Mkdir(w.home, 0o700))
	w.let("'https://files.example.org/s/#AQD...'", link)
	w.types("thorpe get 'https://files.example.org/s/#AQD...' -o holiday", "")
	w.wantFile("holiday/holiday/a.txt", "the lake")
	w.let("LINK", dump)
	w.types("thorpe get LINK", "")
	w.wantFile("drive.sql", "a dump of drive\n")
	w.home = home
	w.let("LINK", link)
	w.sees("thorpe links", "", "Summer", "drive.sql")
	w.types(`thorpe links change LINK --title "Summer" --expires 30d`, "")
	renewed := quoted(w.types("thorpe links renew LINK", ""))
	if renewed == link {
		w.Error("renew printed the old link")
	}
	w.let("LINK", renewed)
	w.types("thorpe links delete LINK", "")
	if list := w.types("thorpe links", ""); strings.Contains(list, "Summer") {
		w.Errorf("after its deletion: %s", list)
	}
}

func storyOfTakingDown(w *town) {
	server := w.server()
	server.account("ann")
	w.signIn()
	w.write("holiday/a.txt", "the lake")
	link := w.types(`thorpe send holiday/ --title "Summer" --expires 8w`, "")
	other := w.types(`thorpe send holiday/ --title "Summer" --expires 8w`, "")
	all := w.sees("thorpe links all", "", "ann")
	w.sees("thorpe links all --owner ann", "", "ann")
	id := regexp.MustCompile(`[A-Za-z0-9_-]{22}`).FindString(all)
	for range 2 {
		exchange(w.T, http.DefaultClient, "POST", server.URL+"/api/links/"+id+"/reports", strings.NewReader(`{"text": "not theirs"}`), "Content-Type", "application/json")
	}
	w.sees("thorpe links reports", "", "not theirs")
	w.let("7,8", "1,2")
	w.types("thorpe links reports --dismiss 7,8", "")
	if left := w.types("thorpe links reports", ""); strings.Contains(left, "not theirs") {
		w.Errorf("after they were dismissed: %s", left)
	}
	w.let(" ID ", " "+id+" ")
	w.types(`thorpe links take-down ID --reason "by order ..."`, "")
	for _, l := range []string{link, other} {
		w.types("thorpe links take-down -", l)
	}
	if state := w.types("thorpe links all", ""); strings.Count(state, "removed") < 2 {
		w.Errorf("taken down: %s", state)
	}
}

func storyOfBackup(w *town) {
	w.server().account("ann")
	w.write("data/drive/ann/a.txt", "kept")
	w.let("/mnt/backups", w.path("backups"))
	w.types("thorpe backup /mnt/backups", "")
	w.types("thorpe backup --check /mnt/backups", "")
	w.let("./data", "./restored")
	w.types("thorpe restore /mnt/backups --data ./data", "")
	w.wantFile("restored/drive/ann/a.txt", "kept")
}

func storyOfVerifying(w *town) {
	w.server()
	w.types("thorpe verify --print-list > hashes.json", "")
	w.types("thorpe verify --print-opener > thorpe-opener.html", "")
	w.sees("thorpe verify https://files.example.org", "", "All is as the release has it")
	w.sees("thorpe verify https://files.example.org --list hashes.json", "", "All is as the release has it")
	sum, _, _ := strings.Cut(w.types("sha256sum thorpe-opener.html", ""), " ")
	w.sees("grep opener.html hashes.json", "", sum)
}

func storyOfCompletion(w *town) {
	w.types("source <(thorpe completion bash)", "")
	w.let("source <(thorpe completion zsh)", "zsh -f -c 'autoload -U compinit; compinit -u; source <(thorpe completion zsh)'")
	browsertest.Need(w.T, "zsh")
	w.types("source <(thorpe completion zsh)", "")
	w.types("mkdir -p ~/.config/fish/completions && thorpe completion fish > ~/.config/fish/completions/thorpe.fish", "")
	if content, err := os.ReadFile(w.path(".config/fish/completions/thorpe.fish")); err != nil || !bytes.Contains(content, []byte("complete ")) {
		w.Errorf("fish: %v %s", err, content)
	}
}

func storyOfTheAPI(w *town) {
	w.server()
	w.sees(`curl -s https://files.example.org/api/salt -H 'Content-Type: application/json' -d '{"name": "ann"}'`, "", `"salt"`)
	w.sees("curl -s -D - -o /dev/null -X OPTIONS https://files.example.org/api/uploads/", "", "Tus-Version: 1.0.0")
}

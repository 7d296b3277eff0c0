package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// runIn is run in an empty folder, with these variables and no others of ours.
func runIn(t *testing.T, variables []string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(binary(t), args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir}, variables...)
	return output(t, cmd)
}

// settingsIn writes a file of settings.
func settingsIn(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "thorpe.toml")
	must(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

// wantLine checks a setting and where it comes from, as thorpe config prints it.
func wantLine(t *testing.T, printed, setting, origin string) {
	t.Helper()
	if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(setting) + ` +# ` + regexp.QuoteMeta(origin) + `$`).MatchString(printed) {
		t.Errorf("thorpe config does not say %s from %s:\n%s", setting, origin, printed)
	}
}

func TestConfigSaysWhatIsInForceAndWhy(t *testing.T) {
	t.Parallel()
	file := settingsIn(t, `
contact = "file@example.org"
links-limit = 500000000
request-log = false
trusted-proxies = ["127.0.0.1/32", "::1/128"]
addr = "127.0.0.1:1"
`)
	stdout, stderr, status := runIn(t, []string{"THORPE_CONTACT=variable@example.org", "THORPE_ADDR=127.0.0.1:2"}, "config", "--config", file, "--addr", "127.0.0.1:3")
	if status != 0 || stderr != "" {
		t.Fatalf("config: %d %s", status, stderr)
	}
	wantLine(t, stdout, `addr = "127.0.0.1:3"`, "--addr")
	wantLine(t, stdout, `contact = "variable@example.org"`, "THORPE_CONTACT")
	wantLine(t, stdout, `links-limit = "500000000"`, file)
	wantLine(t, stdout, `request-log = false`, file)
	wantLine(t, stdout, `trusted-proxies = ["127.0.0.1/32", "::1/128"]`, file)
	wantLine(t, stdout, `url = ""`, "default")

	// What it prints is a file of settings, with the same in force.
	again, stderr, status := runIn(t, []string{"THORPE_CONFIG=" + settingsIn(t, stdout)}, "config")
	comments := regexp.MustCompile(` +# .*`)
	if status != 0 || comments.ReplaceAllString(again, "") != comments.ReplaceAllString(stdout, "") {
		t.Errorf("read again: %d %s\n%s\nwant\n%s", status, stderr, again, stdout)
	}
	// What follows from others is there too, and what serve would refuse is refused.
	derived, _, _ := runIn(t, nil, "config", "--domain", "files.example.org")
	wantLine(t, derived, `addr = ":443"`, "default")
	wantLine(t, derived, `http-addr = ":80"`, "default")
	wantLine(t, derived, `url = "https://files.example.org"`, "default")
	_, stderr, status = runIn(t, nil, "config", "--addr", ":8080")
	wantUsage(t, "config of a server that would not start", stderr, status, "--insecure-http")
}

func TestTheServerRunsByItsFile(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	file := settingsIn(t, "url = \"https://files.example.org\"\nrequest-log = false\ndata = '"+data+"'\n")
	server := startServerIn(t, nil, data, "--config", file)
	if server.URL != "https://files.example.org" {
		t.Errorf("the server is at %s", server.URL)
	}
	// The commands beside it find the data folder by the same file.
	if _, stderr, status := runIn(t, []string{"THORPE_CONFIG=" + file}, "user", "quota", "ann"); status != 1 || !strings.Contains(stderr, "ann") || strings.Contains(stderr, "data folder") {
		t.Errorf("user quota: %d %s", status, stderr)
	}
	// Those that need no server don't look at it.
	if _, stderr, status := runIn(t, []string{"THORPE_CONFIG=/nowhere"}, "version"); status != 0 {
		t.Errorf("version: %d %s", status, stderr)
	}
}

func TestASlipInASettingIsAnErrorThatKnowsBetter(t *testing.T) {
	t.Parallel()
	for content, words := range map[string][]string{
		"\n# x\nadress = \"x\"\n":           {":3:", `"adress"`, "did you mean addr?"},
		"trusted_proxies = []\n":            {":1:", "did you mean trusted-proxies?"},
		"tls-certificate = \"x\"\n":         {"did you mean tls-cert?"},
		"THORPE_URL = \"x\"\n":              {"did you mean url?"},
		"addr = \"x\"\n\n[server]\nx = 1\n": {":3:", `"server"`, "thorpe config prints"},
		"addr = \n":                         {":1:", "no TOML"},
		"addr = {a = 1}\n":                  {"addr", "a text"},
		"contact = me@example.org\n":        {":1:", "texts stand in quotes"},
		"trusted-proxies = [1]\n":           {"trusted-proxies", "texts"},
		"trusted-proxies = [\"x\"]\n":       {"trusted-proxies", "x"},
		"request-log = \"perhaps\"\n":       {"request-log", "perhaps"},
		"config = \"x\"\n":                  {`"config"`},
	} {
		file := settingsIn(t, content)
		_, stderr, status := runIn(t, nil, "--config", file)
		wantUsage(t, content, stderr, status, append(words, file)...)
	}
	_, stderr, status := runIn(t, nil, "--config", "/nowhere.toml")
	wantUsage(t, "a file that is not there", stderr, status, "/nowhere.toml", "no such file")

	for variable, near := range map[string]string{"THORPE_ADRR=x": "THORPE_ADDR", "THORPE_TRUSTED_PROXY=x": "THORPE_TRUSTED_PROXIES", "THORPE_REQUESTLOG=false": "THORPE_REQUEST_LOG", "THORPE_URI=x": "THORPE_URL"} {
		_, stderr, status := runIn(t, []string{variable}, "config")
		wantUsage(t, variable, stderr, status, strings.Split(variable, "=")[0], "did you mean "+near+"?")
	}
	// What a cluster says of a service called thorpe is no slip, nor is what is like no setting at all.
	for _, variable := range []string{"THORPE_PORT=tcp://10.0.0.1:80", "THORPE_SERVICE_HOST=10.0.0.1", "THORPE_PORT_80_TCP_ADDR=10.0.0.1", "THORPE_COLOUR_OF_THE_DOOR=red"} {
		if _, stderr, status := runIn(t, []string{variable}, "config"); status != 0 {
			t.Errorf("%s: %d %s", variable, status, stderr)
		}
	}
}

func TestSecretSettingsAreNotPrinted(t *testing.T) {
	t.Parallel()
	var grammar struct {
		Serve struct {
			Token string `secret:""`
			Other string `secret:""`
			Plain string
		} `cmd:""`
	}
	parser, err := newParser(context.Background(), &grammar, io.Discard)
	must(t, err)
	parsed, err := parser.Parse([]string{"serve", "--token", "hunter2", "--plain", "seen"})
	must(t, err)
	var printed strings.Builder
	must(t, printSettings(&printed, parsed.Selected().Flags, func(flag *kong.Flag) string { return originOf(parsed, flag) }))
	if strings.Contains(printed.String(), "hunter2") || !strings.Contains(printed.String(), "token is set, and secret") || !strings.Contains(printed.String(), "other is not set") || !strings.Contains(printed.String(), `plain = "seen"`) {
		t.Errorf("printed:\n%s", printed.String())
	}
	// Whatever sounds like a secret says that it is one.
	parser, err = newParser(context.Background(), &commands{}, io.Discard)
	must(t, err)
	settings := serveFlags(parser.Model.Node)
	if len(settings) < 10 {
		t.Fatalf("serve has %d settings", len(settings))
	}
	for _, flag := range settings {
		if regexp.MustCompile(`token|secret|password`).MatchString(flag.Name) && !flag.Tag.Has("secret") {
			t.Errorf("--%s sounds secret: tag it so, or thorpe config prints it", flag.Name)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
)

// install installs the package where no systemd runs, takes it away with all that it may take, and installs it again.
func (m *machine) install() {
	m.t.Helper()
	deb, err := os.ReadFile(releaseFile(m.t, ".deb"))
	must(m.t, err)
	m.write("root/thorpe.deb", string(deb))
	sysusers := filepath.Join(m.root, "usr/bin/systemd-sysusers")
	must(m.t, os.Rename(sysusers, sysusers+".away")) // as in a container without systemd
	m.run("", "dpkg", "--install", "/root/thorpe.deb")
	user := m.run("", "getent", "passwd", "thorpe")
	if !strings.Contains(user, ":/var/lib/thorpe:") || !strings.HasSuffix(strings.TrimSpace(user), "nologin") {
		m.t.Errorf("the user is %q", user)
	}
	if got := m.run("", "stat", "--format=%U:%G %a", "/var/lib/thorpe"); got != "thorpe:thorpe 700\n" {
		m.t.Errorf("the data folder is %q", got)
	}
	m.write("var/lib/thorpe/drive/ann/letter.txt", "dear")
	m.run("", "dpkg", "--purge", "thorpe")
	if got := m.read("var/lib/thorpe/drive/ann/letter.txt"); got != "dear" {
		m.t.Errorf("purging the package leaves of somebody's file: %s", got)
	}
	if _, err := os.Stat(filepath.Join(m.root, "etc/thorpe")); err == nil {
		m.t.Error("purging the package leaves its settings")
	}
	must(m.t, os.RemoveAll(filepath.Join(m.root, "var/lib/thorpe")))
	must(m.t, os.Rename(sysusers+".away", sysusers))
	m.run("", "apt-get", "install", "--yes", "/root/thorpe.deb")
	if again := m.run("", "getent", "passwd", "thorpe"); again != user {
		m.t.Errorf("installed again, the user is %q and was %q", again, user)
	}
	if unsound := m.run("", "dpkg", "--audit"); unsound != "" {
		m.t.Errorf("dpkg complains: %s", unsound)
	}
}

// wantConfined looks at the process itself: it runs as its user, with one right of root's.
func (m *machine) wantConfined() {
	m.t.Helper()
	status := m.run("", "cat", "/proc/"+m.service("MainPID")+"/status")
	for _, line := range []string{"CapEff:\t0000000000000400", "CapBnd:\t0000000000000400", "NoNewPrivs:\t1", "Seccomp:\t2"} {
		if !strings.Contains(status, line+"\n") {
			m.t.Errorf("the server's process has not %q:\n%s", line, status)
		}
	}
	if got := m.service("User") + " " + m.service("StatusText") + " " + m.service("UnitFileState"); got != "thorpe https://files.example.org enabled" {
		m.t.Errorf("the service: %s", got)
	}
}

// upgradeAndRemove installs the package over itself, as an upgrade does, and takes it away.
func (m *machine) upgradeAndRemove() {
	m.t.Helper()
	settings, before := m.read("etc/thorpe/thorpe.toml"), m.service("MainPID")
	m.run("", "dpkg", "--install", "/root/thorpe.deb")
	if after := m.service("MainPID"); after == before || after == "0" || m.service("ActiveState") != "active" {
		m.t.Errorf("an upgrade leaves the process %s where %s was: %s", after, before, m.service("ActiveState"))
	}
	if m.read("etc/thorpe/thorpe.toml") != settings {
		m.t.Error("an upgrade changes the operator's settings")
	}
	m.run("", "systemctl", "disable", "--now", "thorpe")
	m.run("", "dpkg", "--install", "/root/thorpe.deb")
	if got := m.service("ActiveState") + " " + m.service("UnitFileState"); got != "inactive disabled" {
		m.t.Errorf("after an upgrade, a service that the operator had disabled is %s", got)
	}
	m.run("", "systemctl", "enable", "--now", "thorpe")
	m.run("", "dpkg", "--purge", "thorpe")
	if got := m.service("ActiveState"); got != "inactive" {
		m.t.Errorf("after purging the package the service is %s", got)
	}
	if got := m.read("var/lib/thorpe/drive/ann/holiday/lake.txt"); got != "from the mount\n" {
		m.t.Errorf("purging the package leaves of somebody's file: %s", got)
	}
}

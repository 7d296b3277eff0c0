package server_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// I11, H10: a full disk is the operator's matter, whoever meets it and at whatever door; they have no quota, or one that the disk can't hold.
func TestAFullDiskIsLoggedAsAnError(t *testing.T) {
	folder := t.TempDir()
	if err := unix.Mount("thorpe-test", folder, "tmpfs", 0, "size=16m"); err != nil {
		if os.Getenv("THORPE_TEST_REQUIRE") == "1" {
			t.Fatalf("mounting a small file system: %v", err)
		}
		t.Skipf("mounting a small file system needs root: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(folder, unix.MNT_DETACH) })
	r := newServerIn(t, folder)
	ann, bob := r.member("ann", 1), r.member("bob", 2)
	bob.setQuota(1 << 40)
	at := ann.newUpload("drive", "Upload-Length", "33554432", "Upload-Metadata", "path "+b64("a"))
	for what, refused := range map[string]func(){
		"PUT": func() {
			wantStatus(t, "PUT", ann.request("PUT", "/files/a", bytes.NewReader(make([]byte, 32<<20)), nil), 507)
		},
		"PUT by bob": func() {
			wantStatus(t, "PUT by bob", bob.request("PUT", "/files/a", bytes.NewReader(make([]byte, 32<<20)), nil), 507)
		},
		"bob's upload": func() {
			wantCode(t, "bob's upload", bob.tus("POST", "/api/uploads/sealed", nil, "Upload-Length", "33554432"), 507, "no_space")
		},
		"an upload goes on": func() {
			wantCode(t, "an upload goes on", ann.tus("PATCH", at, bytes.NewReader(make([]byte, 32<<20)), "Upload-Offset", "0"), 507, "no_space")
		},
	} {
		before := len(r.Log())
		refused()
		if logged := r.Log()[before:]; !strings.Contains(logged, "level=ERROR") {
			t.Errorf("%s: the log says %q", what, logged)
		}
	}
}

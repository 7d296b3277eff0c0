package static_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// ours are the files of vendor/ that come from no package: the list, modules around bundles that are none, and the types of what is used of the large ones.
var ours = map[string]bool{"vendor.json": true, "tus.js": true, "tus.d.ts": true, "argon2.js": true, "argon2.d.ts": true, "pdf.d.ts": true, "pdf.worker.d.ts": true, "markdown-it.d.ts": true}

// Vendored files are what their packages published, byte for byte: vendor.json names package, version and checksum of each.
func TestVendoredFilesAreUnchanged(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("vendor/vendor.json")
	must(t, err)
	var list []struct{ Name, Version, Package, License, File, Source, SHA256 string }
	must(t, json.Unmarshal(text, &list))
	listed := map[string]bool{}
	licensed := map[string]bool{}
	for _, v := range list {
		listed[v.File] = true
		licensed[v.Package] = licensed[v.Package] || filepath.Ext(v.File) == ".LICENSE"
		if v.Name == "" || v.Version == "" || v.License == "" || v.Source == "" {
			t.Errorf("%s lacks name, version, license or source in vendor.json", v.File)
		}
		content, err := os.ReadFile(filepath.Join("vendor", v.File))
		must(t, err)
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != v.SHA256 {
			t.Errorf("vendor/%s is not the file of %s %s: its SHA-256 is %x", v.File, v.Package, v.Version, sum)
		}
	}
	for name, has := range licensed {
		if !has {
			t.Errorf("%s comes without its license", name)
		}
	}
	files, err := os.ReadDir("vendor")
	must(t, err)
	for _, file := range files {
		if !listed[file.Name()] && !ours[file.Name()] {
			t.Errorf("vendor/%s stands neither in vendor.json nor among our own files", file.Name())
		}
	}
}

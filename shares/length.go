package shares

// The lengths of format 1 (docs/format.md, "Sealed stream" and "Manifest"), as far as a server has to know them to
// refuse what no reader could open. They are written down here once more, since nothing here may import the package
// that seals.
const (
	plainChunk  = 262_144
	sealedChunk = plainChunk + overhead // nonce, ciphertext, tag
	overhead    = 12 + 16

	maxPlain    = 1 << 50
	maxSealed   = maxPlain + maxPlain/plainChunk*overhead
	minManifest = 4_096
	maxManifest = 67_108_864

	manifestSalt = 32
)

// MaxUpload is the most bytes an upload can have: a sealed stream of 2^50 bytes.
const MaxUpload = maxSealed

// MaxManifest is the most bytes a sealed manifest can have.
const MaxManifest = manifestSalt + maxManifest + maxManifest/plainChunk*overhead

// isSealedLength says whether a sealed stream can be n bytes long.
func isSealedLength(n int64) bool {
	if n == overhead { // one empty chunk
		return true
	}
	rest := n % sealedChunk
	return n > overhead && n <= maxSealed && (rest == 0 || rest > overhead)
}

// isManifestLength says whether a sealed manifest can be n bytes long: a salt and the sealed stream of a power of two.
func isManifestLength(n int64) bool {
	for plain := int64(minManifest); plain <= maxManifest; plain *= 2 {
		if n == manifestSalt+plain+(plain+plainChunk-1)/plainChunk*overhead {
			return true
		}
	}
	return false
}

// wholeChunks returns the most bytes up to n that are whole sealed chunks.
func wholeChunks(n int64) int64 { return n - n%sealedChunk }

package shares

import "testing"

func TestSealedLengthsAreThoseThatAPlaintextHas(t *testing.T) {
	// From docs/format.md: n + 28 * max(1, ceil(n / 262144)).
	for _, plain := range []int64{0, 1, 262_143, 262_144, 262_145, 524_288, 524_289, 1 << 40, 1 << 50} {
		if sealed := plain + 28*max(1, (plain+262_143)/262_144); !isSealedLength(sealed) {
			t.Errorf("%d bytes, sealed %d, are refused", plain, sealed)
		}
	}
	for _, n := range []int64{-1, 0, 27, 262_172 + 1, 262_172 + 28, 2*262_172 + 28, 1<<50 + 28*1<<32 + 29, 1 << 62} {
		if isSealedLength(n) {
			t.Errorf("%d is taken for the length of a sealed stream", n)
		}
	}
	if isSealedLength(MaxUpload+1) || !isSealedLength(MaxUpload) || MaxUpload != 1<<50+28<<32 {
		t.Errorf("the longest sealed stream is %d bytes", MaxUpload)
	}
}

func TestManifestLengthsAreSealedPowersOfTwo(t *testing.T) {
	taken := 0
	for n := int64(0); n <= 600_000; n++ {
		if isManifestLength(n) {
			taken++
		}
	}
	if taken != 8 { // 4,096 to 524,288
		t.Errorf("%d lengths up to 600,000 are taken, want 8", taken)
	}
	for n, want := range map[int64]bool{
		32 + 4_096 + 28: true, 32 + 2_048 + 28: false, 32 + 262_144 + 28: true, 32 + 524_288 + 56: true, 32 + 524_288 + 28: false,
		67_116_064: true, 67_116_065: false, 32 + 134_217_728 + 28*512: false,
	} {
		if isManifestLength(n) != want {
			t.Errorf("isManifestLength(%d) = %v", n, !want)
		}
	}
	if MaxManifest != 67_116_064 {
		t.Errorf("MaxManifest = %d", MaxManifest)
	}
}

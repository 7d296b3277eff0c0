package dav

import (
	"math/rand"
	"net/http"
	"testing"
	"time"
)

// The times of a listing are what package time writes.
func TestTimesAreWritten(t *testing.T) {
	for range 20000 {
		at := time.Unix(rand.Int63n(1<<38)-1<<36, rand.Int63n(1e9)).In(time.FixedZone("", rand.Intn(86400)-43200))
		if got, want := string(appendHTTPTime(nil, at)), at.UTC().Format(http.TimeFormat); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		if got, want := string(appendISOTime(nil, at)), at.UTC().Format(time.RFC3339); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}

package static_test

import (
	"encoding/json"
	"os"
	"testing"
)

// An uploaded file and a restored one get the same name beside one that is there.
func TestNamesBesideAreThoseOfTheServer(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Name   string   `json:"name"`
		Taken  []string `json:"taken"`
		Folder bool     `json:"folder"`
		Want   string   `json:"want"`
	}
	table, err := os.ReadFile("testdata/besidenames.json")
	must(t, err)
	must(t, json.Unmarshal(table, &cases))
	b := newTab(t, newSite(t))
	for _, c := range cases {
		same(t, b, c.Want, "beside", c.Name, c.Taken, c.Folder)
	}
}

package static_test

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheDriveSaysHowMuchOfTheQuotaIsUsed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.WaitText("0 bytes used, ")
	b.WaitText(" free on the server")
	s.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/space" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"free": 8800000000, "used": 1200000000, "quota": 10000000000}`)
		return true
	})
	b.Click("My links") // it is asked anew with each view
	b.WaitText("1.2 GB of 10 GB used")
	if strings.Contains(b.Text(), "free on the server") {
		t.Error("the page also says what the disk has free")
	}
}

// What is used follows what is done, without another view.
func TestTheSpaceFollowsWhatIsDone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	account, err := s.Accounts.ByName(t.Context(), "ann")
	must(t, err)
	must(t, s.Accounts.SetQuota(t.Context(), account.ID, 5_000_000))
	b.Open(s.URL + "/")
	b.WaitText("0 bytes of 5 MB used")
	here := filepath.Join(t.TempDir(), "a.bin")
	write(t, here, strings.Repeat("x", 2_000_000))
	b.Drop(here)
	b.WaitText("2 MB of 5 MB used")
	b.Wait("the bar", `document.querySelector("#space .bar > i").style.width === "40%"`)
}

func TestTheOperatorSeesQuotas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Click("People")
	b.WaitText("0 bytes used")
	account, err := s.Accounts.ByName(t.Context(), "ann")
	must(t, err)
	must(t, s.Accounts.SetQuota(t.Context(), account.ID, 5_000_000))
	var status int
	b.Eval(`fetch("/files/b.bin", {method: "PUT", body: new Uint8Array(2_000_000)}).then(a => a.status)`, &status)
	b.Open(s.URL + "/people")
	b.WaitText("2 MB of 5 MB used")
	b.Wait("the bar", `document.querySelector(".line .bar > i").style.width === "40%"`)
}

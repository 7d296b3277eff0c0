package static_test

import "testing"

// Settings have a button that installs the app where the browser offers it, and say elsewhere how that is done.
func TestSettingsOfferToInstall(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	b.Open(s.URL + "/settings")
	b.WaitText("As an app")
	b.WaitText("its menu has “Install”")
	b.Open(s.URL + "/")
	b.WaitText("Nothing here yet")
	// Chromium without a window offers nothing by itself.
	b.Eval(`void dispatchEvent(Object.assign(new Event("beforeinstallprompt"), {prompt: async () => { document.body.dataset.prompted = "yes"; }}))`, nil)
	b.Click("Settings")
	b.Click("Install")
	b.Wait("the browser's question", `document.body.dataset.prompted === "yes"`)
	b.WaitText("its menu has “Install”") // an offer works once
	if faults := b.Installable(); len(faults) > 0 {
		t.Errorf("it cannot be installed: %q", faults)
	}
}

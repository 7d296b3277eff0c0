package browsertest

import (
	"github.com/chromedp/cdproto/emulation"
)

// Languages has the browser prefer languages, as an Accept-Language header without weights says them: "de-CH,de". It holds for this tab.
func (b *Browser) Languages(accept string) {
	b.t.Helper()
	var agent string
	b.Eval("navigator.userAgent", &agent)
	b.Do("choosing languages", call(emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: accept}))
}

// Option takes the option that begins so of a list that is called name. The list itself is the browser's, beyond the page, so it is only told of the choice.
func (b *Browser) Option(name, begins string) {
	b.t.Helper()
	list := `[...document.querySelectorAll("select")].find(e => e.checkVisibility() && (e.ariaLabel || e.labels[0]?.innerText) === ` + quote(name) + `)`
	b.Wait("the list "+name, list)
	b.Eval(`(list => {
		list.focus();
		list.value = [...list.options].find(o => o.text.startsWith(`+quote(begins)+`)).value;
		list.dispatchEvent(new Event("input", {bubbles: true}));
		list.dispatchEvent(new Event("change", {bubbles: true}));
	})(`+list+`)`, nil)
}

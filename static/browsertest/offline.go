package browsertest

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
)

// Offline takes the tab's connection away, or gives it back, and has the browser tell the page.
func (b *Browser) Offline(offline bool) {
	b.t.Helper()
	b.Do("changing the connection",
		call(network.Enable, network.EnableParams{}),
		call(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}},
		}),
		call(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}))
	if !offline {
		b.Do("as it was", call(network.Disable, cdp.Empty{}))
	}
}

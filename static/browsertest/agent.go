package browsertest

import "github.com/chromedp/cdproto/emulation"

// Agent has the browser give another User-Agent and platform (as navigator.userAgentData names it; empty: none), and have a screen for so many fingers.
// Pages that are opened afterwards see it.
func (b *Browser) Agent(agent, platform string, touches int64) {
	b.t.Helper()
	override := emulation.SetUserAgentOverrideParams{UserAgent: agent}
	if platform != "" {
		override.UserAgentMetadata = &emulation.UserAgentMetadata{Platform: platform, Brands: []*emulation.UserAgentBrandVersion{}, FullVersionList: []*emulation.UserAgentBrandVersion{}}
	}
	b.Do("taking another name", call(emulation.SetUserAgentOverride, override),
		call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: touches > 0, MaxTouchPoints: max(touches, 1)}))
}

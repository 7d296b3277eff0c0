package browsertest

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Phone has the browser be one with a touch screen, 360 CSS pixels wide, and no mouse. Pages that are opened afterwards see it.
func (b *Browser) Phone() {
	b.t.Helper()
	b.Do("becoming a phone", call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 5}),
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 360, Height: 740, DeviceScaleFactor: 2, Mobile: true}))
}

// Touch has the screen be one that is touched, and the browser have no mouse, or ends that; the window stays as large as it is. Media queries see it at once.
func (b *Browser) Touch(on bool) {
	b.t.Helper()
	b.Do("choosing what there is to point with", call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: on}))
}

// touch is what a finger does at a place.
func touch(kind input.DispatchTouchEventType, x, y float64) chromedp.Action[chromedp.Void] {
	points := []*input.TouchPoint{{X: x, Y: y}}
	if kind == input.DispatchTouchEventTypeTouchEnd {
		points = []*input.TouchPoint{}
	}
	return call(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
}

// Tap taps with a finger in the middle of the element that the expression gives.
func (b *Browser) Tap(what, element string) {
	b.t.Helper()
	x, y := b.place(what, element)
	b.Do("tapping "+what, touch(input.DispatchTouchEventTypeTouchStart, x, y), touch(input.DispatchTouchEventTypeTouchEnd, x, y))
}

// Swipe draws a finger from one place to another.
func (b *Browser) Swipe(fromX, fromY, toX, toY float64) {
	b.t.Helper()
	b.Do("swiping", touch(input.DispatchTouchEventTypeTouchStart, fromX, fromY), touch(input.DispatchTouchEventTypeTouchMove, (fromX+toX)/2, (fromY+toY)/2),
		touch(input.DispatchTouchEventTypeTouchMove, toX, toY), touch(input.DispatchTouchEventTypeTouchEnd, toX, toY))
}

package browsertest

import (
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Wheel turns the mouse's wheel at a place, by CSS pixels: below 0 away from oneself. The protocol wants both deltas, and its library leaves out a 0.
func (b *Browser) Wheel(x, y, delta float64) {
	b.t.Helper()
	b.Do("turning the wheel", call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: 0.01, DeltaY: delta}))
}

// Slide presses the mouse at a place, moves it to another, and lets go.
func (b *Browser) Slide(fromX, fromY, toX, toY float64) {
	b.t.Helper()
	at := func(kind input.DispatchMouseEventType, x, y float64) chromedp.Action[chromedp.Void] {
		return call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1})
	}
	b.Do("sliding", at(input.DispatchMouseEventTypeMousePressed, fromX, fromY), at(input.DispatchMouseEventTypeMouseMoved, (fromX+toX)/2, (fromY+toY)/2),
		at(input.DispatchMouseEventTypeMouseMoved, toX, toY), at(input.DispatchMouseEventTypeMouseReleased, toX, toY))
}

// Pinch puts two fingers beside a place, on one line, and moves them from so far apart to so far apart.
func (b *Browser) Pinch(x, y, from, to float64) {
	b.t.Helper()
	one, two := 1.0, 2.0
	at := func(kind input.DispatchTouchEventType, apart float64) chromedp.Action[chromedp.Void] {
		points := []*input.TouchPoint{{X: x - apart/2, Y: y, ID: &one}, {X: x + apart/2, Y: y, ID: &two}}
		if kind == input.DispatchTouchEventTypeTouchEnd {
			points = []*input.TouchPoint{}
		}
		return call(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
	}
	b.Do("pinching", at(input.DispatchTouchEventTypeTouchStart, from), at(input.DispatchTouchEventTypeTouchMove, (from+to)/2), at(input.DispatchTouchEventTypeTouchMove, to), at(input.DispatchTouchEventTypeTouchEnd, to))
}

// DoubleClickAt clicks twice in the middle of the element that the expression gives, where it was at first: what comes to lie there meanwhile is met by the second click.
func (b *Browser) DoubleClickAt(what, element string) {
	b.t.Helper()
	x, y := b.place(what, element)
	mouse := func(kind input.DispatchMouseEventType, count int64) chromedp.Action[chromedp.Void] {
		return call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: count})
	}
	for count := int64(1); count <= 2; count++ {
		b.Do("clicking "+what+" twice", mouse(input.DispatchMouseEventTypeMousePressed, count), mouse(input.DispatchMouseEventTypeMouseReleased, count))
	}
}

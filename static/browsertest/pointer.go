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
	b.FirstOfTwo(what, element)
	b.SecondOfTwo()
}

// FirstOfTwo is the first click of a double click, in the middle of the element that the expression gives.
func (b *Browser) FirstOfTwo(what, element string) {
	b.t.Helper()
	b.twiceX, b.twiceY = b.place(what, element)
	b.clickTwice(1)
}

// SecondOfTwo is the second one, at the same place, and as soon as the browser takes it.
func (b *Browser) SecondOfTwo() {
	b.t.Helper()
	b.clickTwice(2)
}

func (b *Browser) clickTwice(count int64) {
	b.t.Helper()
	mouse := func(kind input.DispatchMouseEventType) chromedp.Action[chromedp.Void] {
		return call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: b.twiceX, Y: b.twiceY, Button: input.MouseButtonLeft, ClickCount: count})
	}
	b.Do("clicking twice", mouse(input.DispatchMouseEventTypeMousePressed), mouse(input.DispatchMouseEventTypeMouseReleased))
}

package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// DragTo drags, with the left button, what one JavaScript expression gives onto what another one gives, and drops it there, with these
// modifier keys held. Both must be in sight together. A page that moves by the mouse alone sees the button pressed, moved and let go;
// where a draggable element is taken hold of it sees dragstart, dragenter, dragover and drop.
func (b *Browser) DragTo(from, to string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	fromX, fromY := b.place("what is dragged, "+from, from)
	toX, toY := b.place("what it is dropped on, "+to, to)
	b.drag(fromX, fromY, toX, toY, modifiers)
}

// DragBy drags, likewise, from the middle of an element by so many CSS pixels, as for a box drawn around files.
func (b *Browser) DragBy(from string, right, down float64, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	x, y := b.place("where the drag begins, "+from, from)
	b.drag(x, y, x+right, y+down, modifiers)
}

// HoldBox presses the left button in the middle of an element, moves by so many CSS pixels, at most to the lower edge of the window, and does something before
// it lets go.
func (b *Browser) HoldBox(from string, right, down float64, meanwhile func()) {
	b.t.Helper()
	x, y := b.place("where the drag begins, "+from, from)
	var height float64
	b.Eval("innerHeight", &height)
	mouse := func(kind input.DispatchMouseEventType, x, y float64, buttons int64) chromedp.Action[chromedp.Void] {
		return call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: buttons, ClickCount: 1})
	}
	toX, toY := x+right, min(y+down, height-2)
	b.Do("drawing a box", mouse(input.DispatchMouseEventTypeMousePressed, x, y, 1), mouse(input.DispatchMouseEventTypeMouseMoved, x+right/2, y+6, 1),
		mouse(input.DispatchMouseEventTypeMouseMoved, toX, toY, 1))
	meanwhile()
	b.Do("letting go", mouse(input.DispatchMouseEventTypeMouseReleased, toX, toY, 0))
}

// watchDrag is the JavaScript that tells whether a draggable element lies at a point, and notes what becomes of its dragstart.
const watchDrag = `((x, y) => {
	globalThis.dragState = "";
	getSelection().removeAllRanges(); // marked text would be dragged itself
	addEventListener("dragstart", e => queueMicrotask(() => { globalThis.dragState = e.defaultPrevented ? "refused" : "begun"; }), {once: true});
	return Boolean(document.elementFromPoint(x, y)?.closest("[draggable=true], a[href]:not([draggable=false]), img:not([draggable=false])"));
})`

func (b *Browser) drag(fromX, fromY, toX, toY float64, modifiers []chromedp.Modifier) {
	b.t.Helper()
	const steps = 8
	var held int64
	for _, one := range modifiers {
		held |= int64(one)
	}
	mouse := func(kind input.DispatchMouseEventType, x, y float64, buttons int64) chromedp.Action[chromedp.Void] {
		return call(input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: buttons, ClickCount: 1, Modifiers: held,
		})
	}
	intercept := func(on bool) chromedp.Action[chromedp.Void] {
		return call(input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: on})
	}
	at := func(step float64) (x, y float64) {
		return fromX + step*(toX-fromX)/steps, fromY + step*(toY-fromY)/steps
	}
	var draggable bool
	b.Eval(fmt.Sprintf("%s(%f, %f)", watchDrag, fromX, fromY), &draggable)

	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	caught := make(chan *input.DragData, 1)
	if err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*input.EventDragIntercepted); ok {
			caught <- e.Data
		}
	}); err != nil {
		b.t.Fatalf("watching for a drag: %v", err)
	}
	b.Do("pressing the button", intercept(true), mouse(input.DispatchMouseEventTypeMousePressed, fromX, fromY, 1))
	for step := 1.0; step <= steps; step++ {
		x, y := at(step)
		b.Do("moving with the button pressed", mouse(input.DispatchMouseEventTypeMouseMoved, x, y, 1))
		if step == 1 && draggable {
			b.Wait("the drag to begin", `globalThis.dragState !== ""`)
			var state string
			b.Eval("globalThis.dragState", &state)
			if state == "begun" {
				b.drop(ctx, caught, fromX, fromY, toX, toY, held)
				break
			}
		}
	}
	// With the interception left on, the page would hang at the next drag.
	b.Do("letting go", mouse(input.DispatchMouseEventTypeMouseReleased, toX, toY, 0), intercept(false))
}

// drop goes on with a drag that the page let begin, as the browser does.
func (b *Browser) drop(ctx context.Context, caught <-chan *input.DragData, fromX, fromY, toX, toY float64, held int64) {
	b.t.Helper()
	select {
	case data := <-caught:
		send := func(kind input.DispatchDragEventType, x, y float64) chromedp.Action[chromedp.Void] {
			return call(input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: x, Y: y, Data: data, Modifiers: held})
		}
		b.Do("dragging", send(input.DispatchDragEventTypeDragEnter, fromX, fromY), send(input.DispatchDragEventTypeDragOver, (fromX+toX)/2, (fromY+toY)/2),
			send(input.DispatchDragEventTypeDragOver, toX, toY), send(input.DispatchDragEventTypeDragOver, toX, toY), send(input.DispatchDragEventTypeDrop, toX, toY))
	case <-ctx.Done():
		b.t.Fatal("the page began a drag of which the browser told nothing")
	}
}

package browsertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// AxeFrame checks, as [Browser.Axe] by all rules, what lies in the page's one frame, which may be sandboxed. That it has no heading is no violation: it is a part of
// a page, whose heading says what it is.
func (b *Browser) AxeFrame(name string) {
	b.t.Helper()
	source := axeSource(b)
	b.inFrame("running axe in the frame", func(ctx context.Context, frame cdp.FrameID) error {
		var found []string
		err := runAxe(ctx, frame, source, `axe.run({preload: false, resultTypes: ["violations"], rules: {"page-has-heading-one": {enabled: false}}}).then(`+axeLines+`)`, &found)
		for _, one := range found {
			b.t.Errorf("axe, the frame of %s: %s", name, one)
		}
		return err
	})
}

// WaitFrame waits until the JavaScript expression is true in the page's one frame. It sees the frame's document, and nothing of its scripts.
func (b *Browser) WaitFrame(what, expression string) {
	b.t.Helper()
	b.inFrame("waiting for "+what, func(ctx context.Context, frame cdp.FrameID) error {
		for {
			found := false
			world, err := worldOf(ctx, frame)
			if err == nil {
				err = evaluate(ctx, world, "Boolean("+expression+")", &found)
			}
			if err == nil && found {
				return nil
			}
			select {
			case <-time.After(25 * time.Millisecond): // between two looks, as in Wait
			case <-ctx.Done():
				return errors.Join(ctx.Err(), err)
			}
		}
	})
}

// inFrame does something in the page's one frame. Where the browser gives a sandboxed frame a process of its own, it is a target of its own as well.
func (b *Browser) inFrame(what string, do func(ctx context.Context, frame cdp.FrameID) error) {
	b.t.Helper()
	b.Do(what, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		if len(tree.FrameTree.ChildFrames) == 1 {
			return do(ctx, tree.FrameTree.ChildFrames[0].Frame.ID)
		}
		infos, err := chromedp.Targets(ctx)
		if err != nil {
			return err
		}
		infos = slices.DeleteFunc(infos, func(info *target.Info) bool { return info.Type != "iframe" })
		if len(tree.FrameTree.ChildFrames) > 0 || len(infos) != 1 {
			return fmt.Errorf("there are %d frames, and %d of a process of their own", len(tree.FrameTree.ChildFrames), len(infos))
		}
		inside, detach := chromedp.NewContext(ctx, chromedp.WithTargetID(infos[0].TargetID), chromedp.WithDetachOnCancel())
		defer detach()
		tree, err = chromedp.Call(inside, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		return do(inside, tree.FrameTree.Frame.ID)
	}))
}

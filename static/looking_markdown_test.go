package static_test

import (
	"testing"

	"thorpe/static/browsertest"
)

// F2, F5: of Markdown only what is harmless becomes more than text.
func TestMarkdownIsASafeSubset(t *testing.T) {
	t.Parallel()
	const text = "# Head <b>ing</b>\n\n" +
		"Words with *stress*, **weight**, ~~no~~ and `code`.\n\n" +
		"<script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n" +
		"[run](javascript:alert(3)) [data](data:text/html,x) [here](/settings) [out](https://example.org/path \"t\") <mailto:ann@example.org>\n\n" +
		"![a boat](https://evil.example/pixel.png)\n\n" +
		"7. seven\n8. eight\n\n> said\n\n" +
		"| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n" +
		"```js\nalert('<b>')\n```\n\n---\n"
	_, link := linkOf(t, []content{{"notes.md", []byte(text), ""}}, map[string]any{"title": "Summer"})
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Summer")
	b.Click("notes.md")
	b.WaitText("Head <b>ing</b>")
	viewPicture(b, "markdown")
	var seen struct {
		Elements, Links, To []string
		Start               string
	}
	b.Eval(`(page => ({
		Elements: [...new Set([...page.querySelectorAll("*")].map(e => e.localName))].sort(),
		Links: [...page.querySelectorAll("a")].map(a => [a.getAttribute("href"), a.target, a.rel].join(" ")),
		To: [...page.querySelectorAll(".view-to")].map(e => e.textContent.trim()),
		Start: page.querySelector("ol").getAttribute("start"),
	}))(document.querySelector(".view-page"))`, &seen)
	equal(t, "elements", []string{"a", "blockquote", "code", "em", "h1", "hr", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr"}, seen.Elements)
	equal(t, "links", []string{"https://example.org/path _blank noopener noreferrer nofollow", "mailto:ann@example.org _blank noopener noreferrer nofollow"}, seen.Links)
	equal(t, "where they lead", []string{"(example.org)"}, seen.To)
	if seen.Start != "7" {
		t.Errorf("the list begins at %s", seen.Start)
	}
	for _, words := range []string{"<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "a boat", "alert('<b>')"} {
		b.WaitText(words)
	}
	b.Click("Source")
	b.WaitText("![a boat](https://evil.example/pixel.png)")
	b.Click("Source")
	b.Wait("the page again", `document.querySelector(".view-page")`)
}

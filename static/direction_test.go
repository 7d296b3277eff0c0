package static_test

import (
	"path/filepath"
	"testing"
)

// A name that begins in Arabic ends with its extension, in the list as in the tiles, on the way to a folder and in a dialog.
func TestNamesAreReadFromTheLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, _ := ann(t, s)
	const folder, file = "مرحبا.d", "مرحبا بالعالم.txt"
	write(t, filepath.Join(driveFolder(s), folder, file), "a")
	b.Open(s.URL + "/")
	shows(b, folder)
	// endsRight says whether the last letter of an element's text stands at its right end.
	const endsRight = `(element => {
		const letters = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
		let last;
		while (letters.nextNode()) last = letters.currentNode;
		range.setStart(last, last.length - 1);
		range.setEnd(last, last.length);
		const whole = document.createRange();
		whole.selectNodeContents(element);
		return Math.abs(range.getBoundingClientRect().right - whole.getBoundingClientRect().right) < 1;
	})`
	b.Wait("the folder's ending at its end", endsRight+`(`+nameIn(folder)+`)`)
	b.Click(folder)
	shows(b, file)
	b.Wait("the file's ending at its end", endsRight+`(`+nameIn(file)+`)`)
	b.Wait("the ending on the way", endsRight+`(document.querySelector(".crumbs b"))`)
	b.Click("More for " + file)
	b.Click("Details")
	b.Wait("the ending in the dialog", `document.querySelector("dialog dd")`)
	b.Wait("each of the names in it so", `[...document.querySelectorAll("dialog dd")].filter(e => e.textContent.startsWith("مرحبا")).every(`+endsRight+`)`)
	b.Keys("Escape")
	b.Click("Show as a grid")
	b.Wait("the ending of a tile", endsRight+`(document.querySelector(".tile bdi"))`)
}

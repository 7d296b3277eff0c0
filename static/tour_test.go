package static_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"thorpe/static/browsertest"
)

// landscape is a photo of nowhere: a sky, a sun, hills. Each n is another hour and another place.
func landscape(t *testing.T, n int) []byte {
	t.Helper()
	skies := [][2]color.RGBA{
		{{61, 90, 128, 255}, {224, 231, 238, 255}}, {{244, 162, 97, 255}, {250, 226, 190, 255}}, {{38, 70, 83, 255}, {233, 150, 122, 255}}, {{120, 170, 200, 255}, {236, 240, 226, 255}},
	}
	sky := skies[n%len(skies)]
	mix := func(a, b color.RGBA, f float64) color.RGBA {
		f = min(1, max(0, f))
		return color.RGBA{uint8(float64(a.R)*(1-f) + float64(b.R)*f), uint8(float64(a.G)*(1-f) + float64(b.G)*f), uint8(float64(a.B)*(1-f) + float64(b.B)*f), 255}
	}
	const width, height = 900, 600
	made := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		fx := float64(x) / width
		for y := range height {
			fy := float64(y) / height
			c := mix(sky[0], sky[1], fy*1.5)
			if math.Hypot(fx-.25-.13*float64(n%5), (fy-.3)*.67) < .06 {
				c = color.RGBA{255, 244, 214, 255}
			}
			for hill := range 3 {
				h := float64(hill)
				if fy > .5+.13*h+.07*math.Sin(fx*(5+2*h)+float64(n)*1.7+h*2) {
					c = mix(sky[1], color.RGBA{24, 60, 52, 255}, .35+.28*h)
				}
			}
			made.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, made, &jpeg.Options{Quality: 82}))
	return b.Bytes()
}

// at stands for what is done on each screen of a tour.
type at func(b *browsertest.Browser, screen string)

// screens are those that a tour comes to, in its order.
var screens = []string{
	"setup", "recovery-key", "first-visit", "drive", "menu", "keys", "photo", "markdown",
	"unsaved", "selection", "share", "link-ready", "upload",
	"grid", "grid-touched", "details", "picker", "collision", "new-text", "upload-failed", "pdf", "video", "text", "audio", "connect", "connect-password", "connect-tested", "edit",
	"edit-conflict", "edit-theirs", "shared", "search", "recent", "trash", "trash-details", "gone", "links", "link-change",
	"people", "operator", "operator-links", "operator-reports", "settings", "about", "error", "recover", "link", "link-list", "link-gallery", "link-report", "link-fault",
	"sign-in", "invite",
}

// fillDrive fills a drive as a family would.
func fillDrive(t *testing.T, s *site) {
	t.Helper()
	day := time.Date(2025, 7, 2, 14, 2, 0, 0, time.Local)
	put := func(name string, content []byte, hours int) {
		path := filepath.Join(driveFolder(s), filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, content, 0o600))
		when := day.Add(-time.Duration(hours) * time.Hour)
		must(t, os.Chtimes(path, when, when))
	}
	const lake = "Family/Summer at the lake/"
	for i, name := range []string{"IMG_2041.jpg", "IMG_2042.jpg", "IMG_2043.jpg", "Sunset.jpg", "The pier in the morning, before anyone was awake.jpg"} {
		put(lake+name, landscape(t, i), 9*i)
	}
	put(lake+"Boat trip/IMG_1990.jpg", landscape(t, 6), 20)
	put(lake+"Grandma’s garden/IMG_2001.jpg", landscape(t, 7), 44)
	put(lake+"Jumping in.webm", clip(t), 3)
	put(lake+"Rental contract 2025.pdf", contract(), 300)
	put(lake+"Shopping list.md", []byte("# Shopping list\n\nFor **Saturday**, six people:\n\n- [x] bread, butter, the good cheese\n- [ ] charcoal\n- [ ] sun cream\n\n| who | brings |\n|---|---|\n| Ann | the boat |\n| Bob | games |\n\n> Nobody brings work.\n"), 70)
	put(lake+"route.go", []byte("package main\n\nimport \"fmt\"\n\n// Where the lake is.\nfunc main() {\n\tfmt.Println(\"52.5 N, 13.4 E\")\n}\n"), 72)
	put("Work/Invoices/2025-06.pdf", pdfOf(1, 10), 200)
	put("Music/Frogs at night.wav", sound(5), 800)
	put("Recipes/Plum cake.md", []byte("# Plum cake\n"), 900)
	for when, folder := range []string{lake + "Boat trip", lake + "Grandma’s garden", lake, "Family", "Work/Invoices", "Work", "Music", "Recipes"} {
		at := day.Add(-time.Duration(when*30) * time.Hour)
		must(t, os.Chtimes(filepath.Join(driveFolder(s), folder), at, at))
	}
}

// tour goes through every screen there is, as its users would, and calls at on each.
func tour(t *testing.T, done at) {
	left := slices.Clone(screens)
	at := func(b *browsertest.Browser, screen string) {
		if len(left) == 0 || left[0] != screen {
			t.Fatalf("the tour is at %s, and should be at %v", screen, left)
		}
		left = left[1:]
		done(b, screen)
	}
	s := newSite(t)
	b := browsertest.New(t)
	b.Open(s.URL + "/setup#" + s.setupToken())
	b.Fill("Name", "ann")
	b.Fill("New password", goodPassword)
	at(b, "setup")
	b.Click("Make my account")
	b.WaitText("Keep your recovery key")
	at(b, "recovery-key")
	b.Click("I have kept it in a safe place.")
	b.Click("Open my drive")
	b.WaitText("Nothing here yet")
	at(b, "first-visit")
	fillDrive(t, s)
	link := tourDrive(t, s, b, at)
	tourDoing(t, s, b, at)
	tourLooking(t, s, b, at)
	tourAround(t, s, b, at)
	tourFinding(t, s, b, at)
	tourAccount(t, s, b, at)
	tourLink(t, s, link, at)
	if len(left) > 0 {
		t.Errorf("the tour did not come to %v", left)
	}
}

func tourDrive(t *testing.T, s *site, b *browsertest.Browser, at at) (link string) {
	const lake = "/drive/Family/Summer%20at%20the%20lake"
	b.Open(s.URL + lake)
	b.WaitText("Shopping list.md")
	b.Wait("small pictures", `document.querySelectorAll(".row canvas").length >= 5`)
	at(b, "drive")
	b.Click("More for IMG_2041.jpg")
	b.WaitText("Rename")
	at(b, "menu")
	b.Press(kb.Escape)
	b.Keys("?")
	b.WaitText("Keyboard shortcuts")
	at(b, "keys")
	b.Press(kb.Escape)
	b.Wait("the drive", `!document.querySelector("dialog[open]")`)
	b.Click("IMG_2042.jpg")
	b.Wait("the photo", shownImage+"?.naturalWidth > 0")
	at(b, "photo")
	b.Press(kb.Escape)
	b.Click("Shopping list.md")
	b.WaitText("Nobody brings work.")
	at(b, "markdown")
	b.Press(kb.Escape)
	b.Click("route.go")
	b.WaitText("Where the lake is.")
	b.Click("Edit")
	b.Wait("the editor", `document.activeElement.matches(".edit-area")`)
	b.Press("// By bicycle.")
	b.Press(kb.Enter)
	b.Press(kb.Escape)
	b.WaitText("Save the changes to")
	at(b, "unsaved")
	b.Click("Discard")
	b.Wait("the editor is closed", `!document.querySelector(".edit-area")`)
	b.Press(kb.Escape)
	b.Wait("the drive", `!document.querySelector("dialog[open]")`)
	b.Click("Select IMG_2041.jpg")
	b.Click("Select IMG_2042.jpg")
	b.Click("Select Sunset.jpg")
	b.WaitText("3 selected")
	at(b, "selection")
	b.Click("Share")
	b.WaitText("3 files ·")
	b.Fill("Title", "Summer at the lake")
	b.Fill("Note", "The ones from Saturday are at the end. Take what you like!")
	at(b, "share")
	b.Click("Create link")
	b.WaitText("Link is ready")
	b.Eval(`document.querySelector("[data-link]").dataset.link`, &link)
	at(b, "link-ready")
	b.Click("Done")
	tourUpload(t, s, b, at)
	return link
}

// tourUpload sends files that do not get on.
func tourUpload(t *testing.T, s *site, b *browsertest.Browser, at at) {
	here := t.TempDir()
	for _, name := range []string{"IMG_2051.jpg", "IMG_2052.jpg", "IMG_2053.jpg", "The way home, in the rain.jpg"} {
		write(t, filepath.Join(here, name), strings.Repeat("x", 12_000_000))
	}
	held := make(chan struct{})
	s.breakWith(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PUT" || r.Method == "PATCH" {
			io.CopyN(io.Discard, r.Body, 2_000_000)
			<-held
		}
		return false
	})
	b.Drop(filepath.Join(here, "IMG_2051.jpg"), filepath.Join(here, "IMG_2052.jpg"), filepath.Join(here, "IMG_2053.jpg"), filepath.Join(here, "The way home, in the rain.jpg"))
	b.WaitText("Uploading 4 files")
	b.Click("Show files")
	b.WaitText("The way home")
	at(b, "upload")
	s.breakWith(nil)
	b.Click("Cancel uploads")
	b.ClickAt("that it is meant", cancelMeant)
	close(held)
	b.Wait("no uploads", `!document.body.innerText.includes("Uploading 4 files")`)
}

// tourFinding looks for files, and for those that were deleted.
func tourFinding(t *testing.T, s *site, b *browsertest.Browser, at at) {
	s.deleteBy(t, b, "", "Family/Summer%20at%20the%20lake/IMG_2043.jpg")
	s.deleteBy(t, b, mountPassword(b, "Ann’s laptop"), "Recipes/Plum%20cake.md", "Work")
	b.Open(s.URL + "/")
	b.Fill("Search", "IMG")
	b.WaitText("IMG_2001.jpg")
	at(b, "search")
	b.Open(s.URL + "/recent")
	b.WaitText("Sunset.jpg")
	at(b, "recent")
	b.Open(s.URL + "/trash")
	b.WaitText("Ann’s laptop")
	at(b, "trash")
	b.Click("Plum cake.md")
	b.WaitText("on a mounted drive")
	at(b, "trash-details")
	b.Press(kb.Escape)
	b.Open(s.URL + "/drive/Nowhere")
	b.WaitText("This folder is not there")
	at(b, "gone")
}

func tourAccount(t *testing.T, s *site, b *browsertest.Browser, at at) {
	bob(t, s)
	_, _, err := s.Accounts.NewInvite(t.Context(), "carla")
	must(t, err)
	share(s, b, "Invoices for the tax office")
	share(s, b, "Plum cake, as Grandma made it")
	b.Open(s.URL + "/links")
	b.WaitText("Plum cake")
	at(b, "links")
	choose(b, "Plum cake, as Grandma made it", "Change")
	b.Wait("the title", `[...document.querySelectorAll("dialog input")].some(field => field.value.startsWith("Plum cake"))`)
	at(b, "link-change")
	b.Click("Cancel")
	b.Open(s.URL + "/people")
	b.WaitText("carla")
	at(b, "people")
	tourOperator(t, s, b, at)
	b.Open(s.URL + "/settings")
	b.WaitText("This browser")
	at(b, "settings")
	b.Open(s.URL + "/about")
	at(b, "about")
	b.Open(s.URL + "/nowhere")
	at(b, "error")
	b.Open(s.URL + "/recover")
	b.WaitText("Set the new password")
	at(b, "recover")
}

func tourLink(t *testing.T, s *site, link string, at at) {
	b := browsertest.New(t)
	b.Open(link)
	b.WaitText("Download all")
	b.Wait("pictures", `document.querySelectorAll(".tile img, .thumb").length >= 0`)
	at(b, "link")
	b.Click("List")
	b.Wait("the list", `document.querySelectorAll(".list-body .row").length === 3`)
	at(b, "link-list")
	b.Click("Gallery")
	b.Wait("the pictures", `document.querySelectorAll(".tile canvas").length === 3`)
	at(b, "link-gallery")
	b.Click("Report this link")
	b.WaitText("never the key")
	at(b, "link-report")
	b.Press(kb.Escape)
	b.Open(s.URL + "/s/")
	b.WaitText("There is no key in this address")
	at(b, "link-fault")
	b.Open(s.URL + "/")
	b.WaitText("Forgotten your password?")
	at(b, "sign-in")
	token, _, err := s.Accounts.NewInvite(t.Context(), "dora")
	must(t, err)
	b.Open(s.URL + "/invite#" + base64.RawURLEncoding.EncodeToString(token[:]))
	b.WaitText("You have been invited")
	at(b, "invite")
}

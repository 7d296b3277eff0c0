package static_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// same fails the test where what a script gave is not what was wanted.
func same[T any](t *testing.T, b *tab, want T, function string, args ...any) {
	t.Helper()
	var got T
	b.run(&got, "views.js", function, args...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s%v (-want +got):\n%s", function, args, diff)
	}
}

func TestNamesInTheDrive(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	same(t, b, []string{"a.txt", "B.txt", "IMG 2.jpg", "IMG 9.jpg", "IMG 10.jpg", "z"}, "sorted", []string{"IMG 10.jpg", "z", "B.txt", "IMG 9.jpg", "a.txt", "IMG 2.jpg"})
	same(t, b, [][2]string{{"a", ".txt"}, {"a.b", ".txt"}, {".profile", ""}, {"src", ".tar.gz"}, {"no extension", ""}, {"Dr. Who", ""}, {"x.", ""}},
		"split", []string{"a.txt", "a.b.txt", ".profile", "src.tar.gz", "no extension", "Dr. Who", "x."})
	same(t, b, "a.txt", "beside", "a.txt", []string{}, false)
	same(t, b, "a (2).txt", "beside", "a.txt", []string{"a.txt"}, false)
	same(t, b, "a (3).txt", "beside", "a.txt", []string{"a.txt", "a (2).txt"}, false)
	same(t, b, "a (3).txt", "beside", "a (2).txt", []string{"a.txt", "a (2).txt"}, false)
	same(t, b, "a.b (2)", "beside", "a.b", []string{"a.b"}, true)
	long := strings.Repeat("ö", 125) + ".txt"
	same(t, b, strings.Repeat("ö", 123)+" (2).txt", "beside", long, []string{long}, false) // 254 bytes: one more letter would not fit
	same(t, b, []string{"", "empty", "empty", "dots", "dots", "slash", "slash", "control", "long", ""},
		"faults", []string{"a", "", "  ", ".", "..", "a/b", `a\b`, "a\tb", strings.Repeat("é", 128), strings.Repeat("é", 127)})
	same(t, b, "control", "loneSurrogate")
}

func TestAPlaceIsItsAddress(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	text := func(s string) *string { return &s }
	same(t, b, []*string{text(""), text(""), text("Family/Summer"), text("100% #1?"), nil, nil, nil, nil},
		"places", []string{"/", "/drive/", "/drive/Family/Summer/", "/drive/100%25%20%231%3F", "/drive/100%", "/drive/a%2Fb", "/drive/a/../b", "/settings"})
	same(t, b, []string{}, "roundTrips", []string{"", "a", "a/b", "100%", "a#b?c&d;e+f", "Ünïcode 🏝/straße", "<img src=x>", "a\nb"})
}

func TestEveryRefusalOfALinkHasItsSentence(t *testing.T) {
	t.Parallel()
	same(t, newTab(t, newSite(t)), []string{}, "codesWithoutSentence")
}

func TestMadePasswordsAreStrongAndNoTwoAlike(t *testing.T) {
	t.Parallel()
	var got struct {
		Made    []string
		Weakest int
		Weak    []int
	}
	newTab(t, newSite(t)).run(&got, "views.js", "passwords")
	form := regexp.MustCompile(`^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$`)
	for _, password := range got.Made {
		if !form.MatchString(password) {
			t.Errorf("%q is not of the form that is easy to read out", password)
		}
	}
	slices.Sort(got.Made)
	if n := len(slices.Compact(got.Made)); n != 200 {
		t.Errorf("of 200 passwords only %d differ", n)
	}
	if got.Weakest < 4 {
		t.Errorf("a made password has the score %d", got.Weakest)
	}
	for i, score := range got.Weak {
		if score > 1 {
			t.Errorf("weak password %d has the score %d", i, score)
		}
	}
}

func TestSpeedAndTimeLeft(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	number := func(f float64) *float64 { return &f }
	same(t, b, [][2]*float64{{nil, nil}, {nil, nil}, {number(1000), number(8)}, {number(1000), number(7)}},
		"pace", [][2]int{{0, 0}, {1000, 1000}, {2000, 2000}, {3000, 3000}}, 10_000)
	// What began again counts from there.
	same(t, b, [][2]*float64{{nil, nil}, {number(2500), number(2)}, {nil, nil}, {number(500), number(18)}},
		"pace", [][2]int{{0, 0}, {2000, 5000}, {2500, 0}, {4500, 1000}}, 10_000)
}

func TestWhatIsChosenOutlivesAFreshListing(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	type chosen struct {
		Paths []string `json:"paths"`
		Focus int      `json:"focus"`
	}
	list := []string{"a", "b", "c", "d", "e"}
	act := func(name string, index ...int) []any {
		if len(index) == 0 {
			return []any{name}
		}
		return []any{name, index[0]}
	}
	for _, c := range []struct {
		name string
		acts [][]any
		then []string
		want chosen
	}{
		{"a range, also backwards", [][]any{act("only", 3), act("extend", 1)}, list, chosen{[]string{"b", "c", "d"}, 1}},
		{"a range again from the same end", [][]any{act("only", 1), act("extend", 4), act("extend", 0)}, list, chosen{[]string{"a", "b"}, 0}},
		{"one by one", [][]any{act("toggle", 4), act("toggle", 0), act("toggle", 4)}, list, chosen{[]string{"a"}, 4}},
		{"all", [][]any{act("all")}, list, chosen{list, 0}},
		{"a new one before", [][]any{act("only", 1)}, []string{"0", "a", "b"}, chosen{[]string{"b"}, 2}},
		{"the chosen one is gone", [][]any{act("only", 1)}, []string{"a", "c", "d"}, chosen{[]string{}, 1}},
		{"everything is gone", [][]any{act("only", 1)}, []string{}, chosen{[]string{}, -1}},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, b, c.want, "chosen", list, c.acts, c.then) })
	}
}

func TestArrangingAnUpload(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	type answer struct {
		Choice string `json:"choice"`
		All    bool   `json:"all"`
	}
	type arranged struct{ Put, Made, Asked, Listed []string }
	for _, c := range []struct {
		name          string
		drive, picked []string
		answers       []*answer
		want          arranged
	}{
		{"folders that were not there are made and not listed", nil, []string{"a/b/c.txt", "a/d.txt", "empty/"}, nil,
			arranged{[]string{"a/d.txt", "a/b/c.txt"}, []string{"a", "empty", "a/b"}, []string{}, []string{""}}},
		{"folders of one name become one, with those below", []string{"a/", "a/x", "a/b/"}, []string{"a/y", "a/b/z"}, []*answer{{"merge", false}},
			arranged{[]string{"a/y", "a/b/z"}, []string{}, []string{"a folder"}, []string{"", "a", "a/b"}}},
		{"or are both kept, or left out", []string{"a/", "b/", "b/c/"}, []string{"a/y", "b/c/z"}, []*answer{{"keep", false}, {"skip", false}},
			arranged{[]string{"a (2)/y"}, []string{"a (2)"}, []string{"a folder", "b folder"}, []string{""}}},
		{"replace, keep both, leave out", []string{"1.txt", "2.txt", "3.txt"}, []string{"1.txt", "2.txt", "3.txt", "4.txt"},
			[]*answer{{"replace", false}, {"keep", false}, {"skip", false}},
			arranged{[]string{"1.txt over", "2 (2).txt", "4.txt"}, []string{}, []string{"1.txt file", "2.txt file", "3.txt file"}, []string{""}}},
		{"one answer for all", []string{"1.txt", "2.txt", "a/", "a/1.txt"}, []string{"1.txt", "2.txt", "a/1.txt"},
			[]*answer{{"replace", true}, {"merge", true}},
			arranged{[]string{"1.txt over", "2.txt over", "a/1.txt over"}, []string{}, []string{"1.txt file", "a folder"}, []string{"", "a"}}},
		{"keep both for all holds for folders too, and for what is neither", []string{"1.txt", "a/", "b"}, []string{"1.txt", "a/1.txt", "b/2.txt"}, []*answer{{"keep", true}},
			arranged{[]string{"1 (2).txt", "a (2)/1.txt", "b (2)/2.txt"}, []string{"a (2)", "b (2)"}, []string{"1.txt file"}, []string{""}}},
		{"keep both avoids what comes along too", []string{"1.txt"}, []string{"1.txt", "1 (2).txt"}, []*answer{{"keep", false}},
			arranged{[]string{"1 (3).txt", "1 (2).txt"}, []string{}, []string{"1.txt file"}, []string{""}}},
		{"a file never replaces a folder", []string{"a/"}, []string{"a"}, []*answer{{"keep", false}},
			arranged{[]string{"a (2)"}, []string{}, []string{"a other"}, []string{""}}},
		{"nor a folder a file", []string{"a"}, []string{"a/1.txt"}, []*answer{{"keep", false}},
			arranged{[]string{"a (2)/1.txt"}, []string{"a (2)"}, []string{"a other"}, []string{""}}},
		{"called off", []string{"1.txt"}, []string{"1.txt", "2.txt"}, []*answer{nil},
			arranged{nil, []string{}, []string{"1.txt file"}, []string{""}}},
		{"a name in another spelling of Unicode is the same name", []string{"Cafe\u0301.txt"}, []string{"Caf\u00e9.txt"}, []*answer{{"replace", false}},
			arranged{[]string{"Cafe\u0301.txt over"}, []string{}, []string{"Caf\u00e9.txt file"}, []string{""}}},
		{"two that become one name are both kept", nil, []string{"Caf\u00e9.txt", "Caf\u00e9.txt"}, nil,
			arranged{[]string{"Caf\u00e9.txt", "Caf\u00e9 (2).txt"}, []string{}, []string{}, []string{""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.drive == nil {
				c.drive = []string{}
			}
			if c.answers == nil {
				c.answers = []*answer{}
			}
			same(t, b, c.want, "arranged", c.drive, c.picked, c.answers)
		})
	}
}

func TestTheQueueOfUploads(t *testing.T) {
	t.Parallel()
	b := newTab(t, newSite(t))
	type state struct {
		All, Done, Failed, Sent, Bytes int
		Running                        []string
		Busy                           bool
	}
	type played struct {
		States  []state
		Started []string
	}
	play := func(count int, acts ...[]any) (states []state, started []string) {
		t.Helper()
		var got played
		b.run(&got, "views.js", "queue", count, acts)
		return got.States, got.Started
	}
	act := func(name string, on ...int) []any {
		if len(on) == 0 {
			return []any{name}
		}
		return []any{name, on[0]}
	}
	check := func(got, want state) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}

	states, _ := play(6, act("send", 0), act("finish", 1), act("fail", 2))
	check(states[0], state{6, 0, 0, 5, 60, []string{"0", "1", "2", "3"}, true})
	check(states[1], state{6, 1, 0, 15, 60, []string{"0", "2", "3", "4"}, true})
	check(states[2], state{6, 1, 1, 15, 60, []string{"0", "3", "4", "5"}, true})

	states, started := play(2, act("send", 0), act("pause"), act("resume"), act("finish", 0), act("finish", 1))
	check(states[1], state{2, 0, 0, 5, 20, []string{}, true})
	check(states[2], state{2, 0, 0, 5, 20, []string{"0", "1"}, true})
	check(states[4], state{2, 2, 0, 20, 20, []string{}, false})
	if diff := cmp.Diff([]string{"0", "1", "0", "1"}, started); diff != "" {
		t.Error(diff)
	}

	states, _ = play(2, act("fail", 0), act("finish", 1), act("retry"), act("finish", 0))
	check(states[1], state{2, 1, 1, 10, 20, []string{}, false})
	check(states[2], state{2, 1, 0, 10, 20, []string{"0"}, true})
	check(states[3], state{2, 2, 0, 20, 20, []string{}, false})

	states, _ = play(6, act("cancel", 0), act("cancel", 5), act("cancelAll"))
	check(states[0], state{5, 0, 0, 0, 50, []string{"1", "2", "3", "4"}, true})
	check(states[1], state{4, 0, 0, 0, 40, []string{"1", "2", "3", "4"}, true})
	check(states[2], state{0, 0, 0, 0, 0, []string{}, false})

	// What failed is not forgotten for what comes after; what is done is.
	states, _ = play(1, act("fail", 0), act("add", 1))
	check(states[1], state{2, 0, 1, 0, 20, []string{"1"}, true})
	states, _ = play(1, act("finish", 0), act("add", 1))
	check(states[1], state{1, 0, 0, 0, 10, []string{"1"}, true})
}

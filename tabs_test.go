package main

import (
	"testing"
)

// Two tabs of one browser: what one does to the session, the other learns, and nothing of one account's gets into another's.
func TestAnotherTabLearnsThatSomebodySignedOut(t *testing.T) {
	t.Parallel()
	server := startServer(t, t.TempDir())
	ann := newcomer(t, server, "ann")
	other := ann.Tab()
	other.Open(server.URL + "/")
	other.WaitText("Nothing here yet")
	other.Click("Sign out")
	other.WaitText("Sign in")
	ann.WaitText("Forgotten your password?") // without a click: its files are not on show any more
}

package server

import (
	"errors"
	"time"

	"github.com/labstack/echo/v4"
)

// How many wrong keys may be shown. The first is what a person meets; the second keeps one network from trying many
// names; the third keeps many networks from trying one name. Past the second or the third, each network has a single guess a name, so that whoever
// knows the password still gets in, from anywhere.
var (
	perNameAndNetwork = bound{10, 30 * time.Second}
	perNetwork        = bound{60, 5 * time.Second}
	perName           = bound{100, time.Minute}
	requestsANetwork  = bound{120, 500 * time.Millisecond}
	ticketsANetwork   = bound{1000, 500 * time.Millisecond} // a whole school may stand behind one address
)

// guess lets check run if wrong answers for this name, from this network, are not too many already, and counts one if
// wrong(check's error). Otherwise it answers slow_down, and check does not run.
func (s *Server) guess(c echo.Context, name string, wrong error, check func() error) error {
	own := "name and network " + s.network(c) + " " + name
	var backs []func()
	giveBack := func() {
		for _, back := range backs {
			back()
		}
	}
	back, wait, ok := s.signIns.take(own, perNameAndNetwork)
	if !ok {
		return slowDown(wait)
	}
	backs = append(backs, back)
	first := s.signIns.left(own, perNameAndNetwork) > float64(perNameAndNetwork.burst)-1.5
	for _, shared := range []struct {
		key string
		bound
	}{{"network " + s.network(c), perNetwork}, {"name " + name, perName}} {
		back, wait, ok := s.signIns.take(shared.key, shared.bound)
		if ok {
			backs = append(backs, back)
		} else if !first {
			giveBack()
			return slowDown(wait)
		}
	}
	err := check()
	if !errors.Is(err, wrong) {
		giveBack()
	}
	return err
}

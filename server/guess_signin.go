package server

import (
	"errors"
	"time"

	"github.com/labstack/echo/v4"
)

// How many wrong keys may be shown. The first is what a person meets; the second keeps one network from trying many
// names; the third keeps many networks from trying one name: past it each network has a single guess for that name, so its owner, who knows
// the password, still gets in from anywhere.
var (
	perNameAndNetwork = bound{10, 30 * time.Second}
	perNetwork        = bound{60, 5 * time.Second}
	perName           = bound{100, time.Minute}
	requestsANetwork  = bound{120, 500 * time.Millisecond}
)

// guess lets check run if wrong answers for this name, from this network, are not too many already, and counts one if
// wrong(check's error). Otherwise it answers slow_down, and check does not run.
func (s *Server) guess(c echo.Context, name string, wrong error, check func() error) error {
	from := network(c)
	keys := []struct {
		key string
		bound
	}{{"network " + from, perNetwork}, {"name and network " + from + " " + name, perNameAndNetwork}}
	backs := make([]func(), 0, 3)
	giveBack := func() {
		for _, back := range backs {
			back()
		}
	}
	for _, k := range keys {
		back, wait, ok := s.signIns.take(k.key, k.bound)
		if !ok {
			giveBack()
			return slowDown(wait)
		}
		backs = append(backs, back)
	}
	back, wait, ok := s.signIns.take("name "+name, perName)
	if ok {
		backs = append(backs, back)
	} else if s.signIns.left(keys[1].key, perNameAndNetwork) < float64(perNameAndNetwork.burst)-1.5 {
		giveBack()
		return slowDown(wait)
	}
	err := check()
	if !errors.Is(err, wrong) {
		giveBack()
	}
	return err
}

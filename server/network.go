package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// network names where a request comes from, as far as it can be told apart: an IPv4 address, or an IPv6 /64.
func (s *Server) network(c echo.Context) string { return networkOf(clientAddr(c.Request(), s.Proxies)) }

// clientAddr is the address of whoever sent the request. That is the connection's, and only where this is one of our
// proxies' what they have added to X-Forwarded-For counts: its last address that is no proxy's. What stands before it,
// anybody can have written.
func clientAddr(r *http.Request, proxies []netip.Prefix) netip.Addr {
	addr := peerAddr(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && among(addr, proxies); i-- {
		hop := parseAddr(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		addr = hop
	}
	return addr
}

// peerAddr is the address at the other end of the request's connection.
func peerAddr(r *http.Request) netip.Addr {
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.UnixAddr); ok && at != nil {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}) // by a Unix socket: from this computer
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return parseAddr(host)
}

// parseAddr reads an address, also with a port behind it or in brackets, as some proxies write it. A zone is this computer's affair.
func parseAddr(text string) netip.Addr {
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		with, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}
		}
		addr = with.Addr()
	}
	return addr.Unmap().WithZone("")
}

func among(addr netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}

func networkOf(addr netip.Addr) string {
	if !addr.IsValid() || addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return prefix.String()
}

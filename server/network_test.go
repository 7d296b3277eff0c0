package server

import (
	"net/http"
	"net/netip"
	"testing"
)

// C3: where a request comes from is what the connection says, or what our own proxies say, and never what its sender says.
func TestWhereARequestComesFrom(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		connection string
		forwarded  []string
		proxies    []netip.Prefix
		want       string
	}{
		{"192.0.2.7:1234", nil, nil, "192.0.2.7"},
		{"192.0.2.7:1234", []string{"198.51.100.1"}, nil, "192.0.2.7"},
		{"192.0.2.7:1234", []string{"198.51.100.1"}, proxies, "192.0.2.7"},
		{"127.0.0.1:1234", []string{"198.51.100.1"}, nil, "127.0.0.1"},
		{"127.0.0.1:1234", []string{"198.51.100.1"}, proxies, "198.51.100.1"},
		{"127.0.0.1:1234", []string{"203.0.113.9, 198.51.100.1"}, proxies, "198.51.100.1"},
		{"127.0.0.1:1234", []string{"203.0.113.9", "198.51.100.1, 10.1.2.3"}, proxies, "198.51.100.1"},
		{"127.0.0.1:1234", []string{"198.51.100.1, nonsense"}, proxies, "127.0.0.1"},
		{"127.0.0.1:1234", nil, proxies, "127.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:1234", nil, nil, "2001:db8:1:2::/64"},
		{"[::ffff:192.0.2.7]:1234", nil, nil, "192.0.2.7"},
		{"127.0.0.1:1234", []string{"2001:db8:1:2::9"}, proxies, "2001:db8:1:2::/64"},
		{"127.0.0.1:1234", []string{"[2001:db8:1:2::9]"}, proxies, "2001:db8:1:2::/64"},
		{"127.0.0.1:1234", []string{"[2001:db8:1:2::9]:4321"}, proxies, "2001:db8:1:2::/64"},
		{"127.0.0.1:1234", []string{"198.51.100.1:4321"}, proxies, "198.51.100.1"},
		{"[fe80::1%eth0]:1234", nil, nil, "fe80::/64"},
		{"[::1]:1234", []string{"198.51.100.1"}, []netip.Prefix{netip.MustParsePrefix("::1/128")}, "198.51.100.1"},
		{"[::ffff:127.0.0.1]:1234", []string{"198.51.100.1"}, proxies, "198.51.100.1"},
	} {
		r := &http.Request{RemoteAddr: c.connection, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := networkOf(clientAddr(r, c.proxies)); got != c.want {
			t.Errorf("%s, forwarded for %q, with %d proxies: %s; want %s", c.connection, c.forwarded, len(c.proxies), got, c.want)
		}
	}
}

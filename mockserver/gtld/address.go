package gtld

import (
	"net/netip"

	"github.com/eppkit/eppkit/epp/domain"
)

// address reads an address of a name server (RFC 5732, section 2.5), of which a command
// says that it is v4, also by "", or v6. why tells what is wrong with it, or is "".
// Addresses are compared as what they are, not as they are written.
func address(ip, text string) (addr netip.Addr, why string) {
	addr, err := netip.ParseAddr(text)
	switch is6 := err == nil && addr.Is6(); {
	case err != nil:
		return netip.Addr{}, "is not an IP address"
	case addr.Zone() != "":
		return netip.Addr{}, "must not have a zone"
	case is6 && ip != domain.V6:
		return netip.Addr{}, "is an IPv6 address, without ip=\"v6\""
	case !is6 && ip == domain.V6:
		return netip.Addr{}, "is no IPv6 address"
	}
	return addr, ""
}

// version is how an answer names the kind of an address.
func version(addr netip.Addr) string {
	if addr.Is6() {
		return domain.V6
	}
	return domain.V4
}

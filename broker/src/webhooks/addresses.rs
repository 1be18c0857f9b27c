//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is neither of this machine nor of a private, local or special network.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b); // RFC 6598
    let is_protocol = (a, b, c) == (192, 0, 0); // RFC 6890
    let is_benchmark = a == 198 && (b == 18 || b == 19); // RFC 2544
    let is_special = a == 0 || a >= 240 || is_shared || is_protocol || is_benchmark;
    !(is_special
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded_v4(address) {
        return is_public_v4(inner);
    }
    let [first, second, third, ..] = address.segments();
    let is_global_unicast = first & 0xe000 == 0x2000;
    let is_documentation =
        (first, second) == (0x2001, 0x0db8) || (first == 0x3fff && second < 0x1000);
    let is_benchmark = (first, second, third) == (0x2001, 0x0002, 0);
    is_global_unicast && !is_documentation && !is_benchmark
}

/// The IPv4 address that an IPv6 address leads to, as a mapped one, by NAT64 or by 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let from = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(from(high, low))
        }
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(addresses: &[&str], expected: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        check(
            &[
                "8.8.8.8",
                "100.63.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
            ],
            true,
        );
        check(
            &[
                "2606:4700::1111",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
                "2002:808:808::1",
            ],
            true,
        );
    }

    #[test]
    fn addresses_of_machines_and_private_networks_are_not() {
        check(
            &[
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
            ],
            false,
        );
        check(
            &[
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.8",
                "198.18.0.1",
                "203.0.113.9",
            ],
            false,
        );
        check(&["224.0.0.1", "240.0.0.1", "255.255.255.255"], false);
        check(
            &[
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "2001:db8::1",
            ],
            false,
        );
        check(
            &[
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "::7f00:1",
            ],
            false,
        );
    }
}

//! A network address as far as it tells people apart: IPv4 whole, IPv6 by its network, and what many share by nature marked as weak.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address in the form in which two are compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Address {
    /// IPv4, whole. Behind one there may be half a city.
    V4(Ipv4Addr),
    /// The first 64 bits of IPv6, which is one line, or one phone.
    V6(Ipv6Addr),
    /// A private, a carrier's or a tunnel's address, which tells nothing by itself.
    Weak(IpAddr),
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl Address {
    /// What is compared.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::V4(address) => address.to_string(),
            Self::V6(network) | Self::Weak(IpAddr::V6(network)) => format!("{network}/64"),
            Self::Weak(IpAddr::V4(address)) => address.to_string(),
        }
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        // ::ffff:192.0.2.1 is 192.0.2.1, as a socket for both kinds tells it.
        match address.to_canonical() {
            IpAddr::V4(v4) if is_weak_v4(v4) => Self::Weak(IpAddr::V4(v4)),
            IpAddr::V4(v4) => Self::V4(v4),
            IpAddr::V6(v6) => {
                let network = Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64);
                if is_weak_v6(v6) { Self::Weak(IpAddr::V6(network)) } else { Self::V6(network) }
            }
        }
    }
}

fn is_weak_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // 100.64.0.0/10 is what carriers use inside; 0.0.0.0/8 and 240.0.0.0/4 are nobody's.
    let carriers = first == 100 && (64..128).contains(&second);
    address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast() || carriers || first == 0 || first >= 240
}

fn is_weak_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    // ::/64 holds the loopback and old IPv4 forms; NAT64 and Teredo put whole countries of IPv4 into one /64.
    let inside = s[..4] == [0; 4] || s[..2] == [0x64, 0xff9b] || s[..2] == [0x2001, 0];
    inside || address.is_unique_local() || address.is_unicast_link_local() || address.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Address {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn what_tells_people_apart() {
        for (address, canonical) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("100.63.255.255", "100.63.255.255"),
            ("100.128.0.0", "100.128.0.0"),
            ("172.32.0.1", "172.32.0.1"),
        ] {
            assert!(matches!(of(address), Address::V4(_)), "{address}");
            assert_eq!(of(address).canonical(), canonical);
        }
        for address in ["2401:4900:1c2a:9e00:1:2:3:4", "2401:4900:1c2a:9e00::", "2401:4900:1c2a:9e00:ffff:ffff:ffff:ffff"] {
            assert_eq!(of(address).canonical(), "2401:4900:1c2a:9e00::/64");
            assert!(matches!(of(address), Address::V6(_)));
        }
        assert_ne!(of("2401:4900:1c2a:9e00::1"), of("2401:4900:1c2a:9e01::1"));
    }

    #[test]
    fn what_tells_nothing_is_weak() {
        for address in [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::",
            "::1",
            "fc00::1",
            "fdff:ffff::1",
            "fe80::1",
            "ff02::1",
            "64:ff9b::203.0.113.7",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        ] {
            assert!(matches!(of(address), Address::Weak(_)), "{address}");
        }
        assert_eq!(format!("{:?}", of("203.0.113.7")), "Address(…)", "no log shows it");
    }

    proptest! {
        #[test]
        fn one_network_is_one_address(bits: u128, low: u64) {
            let mapped = Ipv6Addr::from_bits(bits).to_ipv4_mapped().is_some();
            prop_assume!(bits >> 64 != 0 && !mapped);
            let neighbour = bits >> 64 << 64 | u128::from(low);
            prop_assert_eq!(Address::from(IpAddr::from(Ipv6Addr::from_bits(bits))), IpAddr::from(Ipv6Addr::from_bits(neighbour)).into());
        }

        #[test]
        fn an_ipv4_is_the_same_inside_an_ipv6(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(Address::from(IpAddr::from(v4)), IpAddr::from(v4.to_ipv6_mapped()).into());
        }
    }
}

//! Who asks a door: from which address, and by a page of ours or of somebody else's.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};
use mela_core::settings::Http;
use mela_core::verification::Address;
use std::net::{IpAddr, SocketAddr};

/// The address of who asks: the connection's own, or what the proxy in front of the program wrote last into its header. What cannot be read there is not
/// known; the connection's own would be the proxy's.
pub(super) fn address(headers: &HeaderMap, connection: Option<SocketAddr>, settings: &Http) -> Option<Address> {
    let asker = match settings.proxy_header.get() {
        None => connection?.ip(),
        Some(name) => {
            let name = HeaderName::try_from(name).ok()?;
            let last = headers.get_all(name).iter().next_back()?.to_str().ok()?;
            written(last.rsplit(',').next()?.trim())?
        }
    };
    Some(asker.into())
}

/// An address with or without brackets and a port, as proxies write them.
fn written(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(|| bare?.parse().ok().map(IpAddr::V6))
}

/// Whether a browser says that another site's page asks. What is no browser says nothing.
pub(super) fn is_foreign(headers: &HeaderMap, settings: &Http) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = text(ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    let own = settings.public_url.get().and_then(|url| url.split('/').nth(2));
    host.is_none_or(|host| text(HOST) != Some(host) && own != Some(host))
}

/// Whether the page was opened by https: what a browser says, else what the settings do.
pub(super) fn is_https(headers: &HeaderMap, settings: &Http) -> bool {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.map_or_else(|| settings.public_url.get().is_some(), |origin| origin.starts_with("https://"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mela_core::settings::{Layers, Store};
    use std::path::Path;

    fn settings(header: &str) -> Http {
        let values = [("MELA_HTTP__PROXY_HEADER", header), ("MELA_HTTP__PUBLIC_URL", "https://shop.example.com:8443/mela")];
        let layers = Layers::try_new(Path::new("/nowhere"), values.map(|(k, v)| (k.to_owned(), v.to_owned()))).unwrap();
        Store::try_new(layers).unwrap().last().http.clone()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn at(text: &str) -> Option<Address> {
        Some(text.parse::<IpAddr>().unwrap().into())
    }

    #[test]
    fn without_a_proxy_only_the_connection_is_believed() {
        let connection = "198.51.100.1:5000".parse().ok();
        let claims = headers(&[("x-forwarded-for", "203.0.113.7"), ("forwarded", "for=203.0.113.7"), ("x-real-ip", "203.0.113.7")]);
        assert_eq!(address(&claims, connection, &settings("")), at("198.51.100.1"));
        assert_eq!(address(&claims, None, &settings("")), None);
    }

    #[test]
    fn of_a_proxys_header_the_last_value_counts() {
        let connection = "127.0.0.1:5000".parse().ok();
        let of = |pairs: &[(&'static str, &str)]| address(&headers(pairs), connection, &settings("X-Forwarded-For"));
        for (written, address) in [
            ("203.0.113.7", "203.0.113.7"),
            ("10.0.0.1, evil, 203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7:4711 ", "203.0.113.7"),
            ("2401:4900::1", "2401:4900::1"),
            ("[2401:4900::1]", "2401:4900::1"),
            ("[2401:4900::1]:443", "2401:4900::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(of(&[("x-forwarded-for", written)]), at(address), "{written}");
        }
        assert_eq!(of(&[("x-forwarded-for", "198.51.100.9"), ("x-forwarded-for", "203.0.113.7")]), at("203.0.113.7"), "two lines");
        for wrong in [
            "",
            "203.0.113.7,",
            "203.0.113.7, unknown",
            "_hidden",
            "203.0.113.256",
            "203.0.113.7 extra",
            "[203.0.113.7]",
            "2401:4900::1%eth0",
        ] {
            assert_eq!(of(&[("x-forwarded-for", wrong)]), None, "{wrong}: not known, and not the proxy's own");
        }
        assert_eq!(of(&[("x-real-ip", "203.0.113.7")]), None, "another header");
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn another_sites_page_is_told_by_the_browser() {
        let foreign = |pairs: &[(&'static str, &str)]| is_foreign(&headers(pairs), &settings(""));
        for own in [
            &[][..],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://elsewhere.example")],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://127.0.0.1:8090"), ("host", "127.0.0.1:8090")],
            &[("origin", "https://shop.example.com:8443"), ("host", "inner:8090")],
        ] {
            assert!(!foreign(own), "{own:?}");
        }
        for other in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example.com:8443")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://elsewhere.example"), ("host", "127.0.0.1:8090")],
            &[("origin", "null"), ("host", "127.0.0.1:8090")],
            &[("origin", "https://shop.example.com"), ("host", "inner:8090")],
        ] {
            assert!(foreign(other), "{other:?}");
        }
        assert!(is_https(&headers(&[]), &settings("")) && !is_https(&headers(&[("origin", "http://127.0.0.1:8090")]), &settings("")));
    }
}

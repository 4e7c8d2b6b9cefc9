//! Where `Url` decides otherwise than SQLAlchemy, why, and what holds instead.
//!
//! Only what the record covers stands here. Deviations that no recorded case shows are asserted in
//! `url_messages.rs`: a second `@` (it comes from a password), a text with two readings (it would
//! connect to the wrong host), a `?` that ends the user name (as in every other URL), bytes that
//! are not UTF-8 (a replacement character would be a wrong password), text after `]`, empty entries
//! in a list of hosts, line breaks in a query (SQLAlchemy drops what follows), and the limit of
//! length (a URL from outside must not cost more than it is worth).

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) instead: Instead,
}

pub(crate) enum Instead {
    /// The text is refused with this message.
    Refused(&'static str),
    /// A URL with this text (password shown) and these hosts, which also round-trips.
    Gives(&'static str, &'static [&'static str]),
    /// All is as recorded, but rendering and parsing give an equal URL.
    RoundTrips,
    /// The type system refuses the argument.
    Untyped,
}

use Instead::{Gives, Refused, RoundTrips, Untyped};

const fn deviation(id: &'static str, reason: &'static str, instead: Instead) -> Deviation {
    Deviation { id, reason, instead }
}

const BLANK: &str = "blank query values are kept: losing an option that somebody wrote hides a mistake, \
    and rendering and parsing agree";
const TYPED: &str = "the parameter's type takes no other value, so the mistake does not compile";
const SEVERAL: &str = "hosts may be listed before the `/`, as libpq and JDBC users write them";
const NO_VALUES: &str =
    "an option without values is no option, so that rendering and parsing agree";

pub(crate) const DEVIATIONS: &[Deviation] = &[
    deviation(
        "url-107",
        "TCP has no port above 65535; refused where it is written instead of at the first connect",
        Refused("the port at character 11 of the URL is not a number from 0 to 65535"),
    ),
    deviation(
        "url-111",
        "spaces in a port are an accident of Python's int(); only ASCII digits are taken, with \
         leading zeros",
        Refused("the port at character 11 of the URL is not a number from 0 to 65535"),
    ),
    deviation("url-127", SEVERAL, Gives("db://host1,host2/d", &["host1", "host2"])),
    deviation(
        "url-129",
        SEVERAL,
        Gives("db://u:p@host1:123,host2:456/d", &["host1:123", "host2:456"]),
    ),
    deviation("url-155", BLANK, Gives("db://h/d?a=", &["h"])),
    deviation("url-199", BLANK, RoundTrips),
    deviation("url-201", BLANK, RoundTrips),
    deviation("url-215", TYPED, Untyped),
    deviation("url-223", NO_VALUES, Gives("db://", &[])),
    deviation("url-225", BLANK, RoundTrips),
    deviation("url-227", TYPED, Untyped),
    deviation("url-229", TYPED, Untyped),
    deviation("url-231", TYPED, Untyped),
    deviation("url-233", TYPED, Untyped),
    deviation(
        "url-235",
        "an empty host is no host, so that rendering and parsing agree",
        Gives("db://", &[]),
    ),
    deviation("url-245", TYPED, Untyped),
    deviation("url-253", NO_VALUES, Gives("db+drv://u:p@h:1/d?b=2&b=3", &["h:1"])),
    deviation("url-257", BLANK, RoundTrips),
];

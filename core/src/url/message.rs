//! The texts of URL errors; none repeats any of the URL, which can hold a password anywhere.

use super::Url;
use super::hosts::{HostFault, HostFaultKind};
use crate::Error;

const SHAPE: &str = "a URL looks like `dialect[+driver]://user:password@host:port/database?name=value`, \
    for example `sqlite:///file.db`";

/// Why the text before `://` is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemeFault {
    EmptyText,
    NoSeparator,
    EmptyName,
    /// The byte at which a character stands that a name cannot have.
    BadCharacter(usize),
}

/// The number, from 1, of the character at this byte.
fn character(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(start, _)| *start < byte).count() + 1
}

#[cold]
pub(super) fn too_long(length: usize) -> Error {
    let limit = Url::MAX_LEN;
    Error::url(format!("the URL is {length} bytes long, the limit is {limit}"))
        .with_help("keep long values such as certificates in files and give their names")
}

#[cold]
pub(super) fn bad_scheme(text: &str, fault: SchemeFault) -> Error {
    let message = match fault {
        SchemeFault::EmptyText => "the URL is empty".to_owned(),
        SchemeFault::NoSeparator => "the URL has no `://`".to_owned(),
        SchemeFault::EmptyName => "the URL has no dialect name before `://`".to_owned(),
        SchemeFault::BadCharacter(at) => format!(
            "the dialect name before `://` has something other than letters, digits, `_`, `-` and `+` \
             at character {}",
            character(text, at)
        ),
    };
    let error = Error::url(message).with_help(SHAPE);
    match fault {
        // As `plugin::code::BAD_SCHEME`, which stands above this module.
        SchemeFault::EmptyName | SchemeFault::BadCharacter(_) => error.with_code("P11"),
        SchemeFault::EmptyText | SchemeFault::NoSeparator => error,
    }
}

#[cold]
pub(super) fn bad_drivername_argument() -> Error {
    Error::argument("a dialect name is made of letters, digits, `_`, `-` and `+`, and is not empty")
        .with_help("pass only what stands before `://`; `Url::parse` reads the text of a whole URL")
}

#[cold]
pub(super) fn second_at_sign(text: &str, first: usize) -> Error {
    let at = character(text, first);
    Error::url(format!("the password seems to contain an `@`, at character {at} of the URL"))
        .with_help(
            "write `@` in a password as `%40`; the only plain `@` is the one before the host",
        )
}

#[cold]
pub(super) fn two_readings(text: &str, at_sign: usize) -> Error {
    let at = character(text, at_sign);
    Error::url(format!(
        "what stands before the `@` at character {at} of the URL reads both as a user with a \
         password and as a host with a database or options"
    ))
    .with_help(
        "in a password write `/` as `%2F` and `?` as `%3F`; after the host write `@` as `%40`",
    )
}

#[cold]
pub(super) fn bad_host(text: &str, start: usize, fault: HostFault) -> Error {
    let at = character(text, start + fault.at);
    let (message, help) = match fault.kind {
        HostFaultKind::Port => (
            format!("the port at character {at} of the URL is not a number from 0 to 65535"),
            "for the default port leave out the `:` too; if this is `user:password`, the `@host` \
             after it is missing",
        ),
        HostFaultKind::PortWithColon => (
            format!("the port at character {at} of the URL is not a number from 0 to 65535"),
            "write an IPv6 address in brackets, as in `[::1]:5432`",
        ),
        HostFaultKind::AfterBracket => (
            format!("the host's `]` has text after it at character {at} of the URL"),
            "after an IPv6 address in brackets comes `:port`, `,`, `/`, `?` or nothing",
        ),
        HostFaultKind::Empty => (
            format!("the list of hosts has an empty entry at character {at} of the URL"),
            "write the hosts as in `h1:5432,h2:5432`",
        ),
    };
    Error::url(message).with_help(help)
}

#[cold]
pub(super) fn bad_host_argument() -> Error {
    Error::argument("a host cannot contain any of `/?@,[]`")
        .with_help("give an IPv6 address without brackets, a socket directory as the option `host`")
}

#[cold]
pub(super) fn empty_host_argument(number: usize) -> Error {
    Error::argument(format!("host {number} of the list is empty"))
        .with_help("only a single host can be left out")
}

#[cold]
pub(super) fn not_utf8(part: &str) -> Error {
    Error::url(format!("the {part} of the URL is not UTF-8 after percent-decoding"))
        .with_help("percent-encode the UTF-8 bytes of the text, for example `%C3%A9` for `é`")
}

#[cold]
pub(super) fn mixed_hosts() -> Error {
    Error::url("the URL names its hosts and ports in more than one way").with_help(
        "use one of `h1:p1,h2:p2` before the `/`, `?host=h1:p1&host=h2:p2`, \
             and `?host=h1,h2&port=p1,p2`",
    )
}

#[cold]
pub(super) fn unequal_hosts(hosts: usize, ports: usize) -> Error {
    Error::url(format!("the numbers of hosts ({hosts}) and ports ({ports}) differ"))
        .with_help("give a port for each host, or none; an empty one stands for the default")
}

#[cold]
pub(super) fn bad_query_host(number: usize, fault: HostFaultKind) -> Error {
    let message = match fault {
        HostFaultKind::Empty => format!("host {number} of the option `host` is empty"),
        HostFaultKind::AfterBracket => {
            format!("host {number} of the option `host` has text after its `]`")
        }
        HostFaultKind::Port | HostFaultKind::PortWithColon => {
            format!(
                "the port of host {number} of the option `host` is not a number from 0 to 65535"
            )
        }
    };
    Error::url(message).with_help("hosts look like `h1`, `h1:5432`, `[::1]:5432` or `/directory`")
}

#[cold]
pub(super) fn bad_query_port(number: usize) -> Error {
    Error::url(format!("port {number} of the option `port` is not a number from 0 to 65535"))
        .with_help("separate several ports by commas; an empty one stands for the default")
}

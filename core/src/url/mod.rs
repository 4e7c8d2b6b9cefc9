//! Database URLs: `dialect[+driver]://user:password@host:port/database?name=value`.
//!
//! [`Url`] is an immutable value that is parsed from text ([`Url::parse`], [`str::parse`]) or put
//! together from plain values ([`Url::create`] and the `with_` methods). Printing it hides the
//! password; [`Url::render_as_string`] can show it.
//!
//! The grammar is SQLAlchemy's:
//!
//! - The name before `://` is made of letters, digits, `_`, `-` and `+`.
//! - The user name ends at the first `:`, `/` or `?`, the password at the next `@`. User name,
//!   password, database and query are percent-decoded (a malformed `%zz` stays as it is), a host is
//!   not. In a password every character but `@` may stand as itself; `@` is written `%40`.
//! - An IPv6 address stands in brackets. There are no fragments: `#` is an ordinary character.
//! - The database is everything from the first `/` to the `?`. `db://h/` has the database `""`,
//!   `db://h` has none, `db://h//x` has `/x`.
//! - The query is separated by `&`; `+` is a space there, and a name may be repeated.
//!
//! It differs where SQLAlchemy's reading loses or misreads something:
//!
//! - Several hosts may stand where one does: `h1:1,h2:2`, `[::1]:1,h2`. See [`Url::multi_hosts`].
//! - Blank query values are kept: `?a=` gives the option `a` with an empty value.
//! - A port is made of ASCII digits and at most 65535, the largest that TCP has.
//! - A second `@` where only a host can be is an error that explains `%40`, because it comes from a
//!   password far more often than from a host.
//! - Text such as `h:5432/a@b`, which is a host with a database as well as a user with a password,
//!   is an error that names both readings.
//! - A `?` ends the user name, so that `db://h?mail=a@b` has a host and an option.
//! - Bytes that are not UTF-8 after percent-decoding are an error.
//! - Text after the `]` of a host, and a query after a line break, are not dropped silently.
//!
//! No error message contains any part of the text that it refuses, because a mistyped URL can hold
//! the password anywhere.
//!
//! ```
//! use aludel::Url;
//!
//! let url: Url = "postgresql://scott:tiger@db1:5432/orders?connect_timeout=3".parse()?;
//! assert_eq!(url.host(), Some("db1"));
//! assert_eq!(url.query().get("connect_timeout"), Some("3"));
//! assert_eq!(url.to_string(), "postgresql://scott:***@db1:5432/orders?connect_timeout=3");
//! # Ok::<(), aludel::Error>(())
//! ```

mod connect_args;
mod hosts;
mod message;
mod multi_hosts;
mod parse;
mod password;
mod query;
mod render;
mod value;

pub use connect_args::ConnectArg;
pub use hosts::HostPort;
pub use query::Query;
pub use value::Url;

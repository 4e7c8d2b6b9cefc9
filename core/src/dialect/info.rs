//! A dialect's data: everything that can be known without connecting.

use super::{Capability, SqlRules};
use crate::dbapi::{IsolationLevel, TypeKind};

/// Everything a dialect says about itself. Made once as a constant, with
/// [`DialectInfo::new`] for what is usual:
///
/// ```
/// use aludel::dialect::{Capability, DialectInfo};
///
/// const INFO: DialectInfo = DialectInfo {
///     capabilities: &[Capability::Streaming],
///     ..DialectInfo::new("toy", "0.1.0")
/// };
/// assert!(INFO.has(Capability::Streaming));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DialectInfo {
    /// Name: lower case letters, digits and `_`; also its scheme in URLs and part of its file name.
    pub name: &'static str,
    /// Version of the dialect.
    pub version: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// Further schemes, for example `postgres`, and pairs with a driver (`sqlite+pysqlite`).
    pub aliases: &'static [&'static str],
    /// Drivers that it is made of, for people.
    pub drivers: &'static [&'static str],
    /// Port when the URL names none; 0 where ports have no meaning.
    pub default_port: u16,
    /// Rules of its SQL.
    pub rules: SqlRules,
    /// What it can do.
    pub capabilities: &'static [Capability],
    /// Isolation levels that `begin` accepts.
    pub isolation_levels: &'static [IsolationLevel],
    /// Words that must be quoted as identifiers, lower case, sorted.
    pub reserved_words: &'static [&'static str],
    /// What neutral types are called in DDL.
    pub type_names: &'static [TypeName],
    /// A cheap query for connections that cannot be pinged otherwise.
    pub ping_statement: &'static str,
    /// URL options.
    pub options: &'static [OptionInfo],
    /// Native libraries that must be installed.
    pub native_libraries: &'static [NativeLibrary],
    /// What its connections need of threads.
    pub threading: Threading,
    /// SPDX expression.
    pub license: &'static str,
    /// Where to read more.
    pub homepage: &'static str,
}

impl DialectInfo {
    /// A dialect of this name and version, with standard SQL and no capability.
    pub const fn new(name: &'static str, version: &'static str) -> Self {
        DialectInfo {
            name,
            version,
            description: "",
            aliases: &[],
            drivers: &[],
            default_port: 0,
            rules: SqlRules::STANDARD,
            capabilities: &[],
            isolation_levels: &[],
            reserved_words: &[],
            type_names: &[],
            ping_statement: "select 1",
            options: &[],
            native_libraries: &[],
            threading: Threading::Connection,
            license: "",
            homepage: "",
        }
    }

    /// True when the dialect declares this capability.
    pub fn has(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// The URL option of this name.
    pub fn option(&self, name: &str) -> Option<&OptionInfo> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// What a neutral type is called in DDL.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypeName {
    /// The neutral kind.
    pub kind: TypeKind,
    /// Its name; `{length}`, `{precision}` and `{scale}` stand for the parameters.
    pub name: &'static str,
}

/// A URL option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionInfo {
    /// Name as it stands in the URL.
    pub name: &'static str,
    /// What values it takes.
    pub kind: OptionType,
    /// Default as text; empty when there is none.
    pub default: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// True when values must not be shown.
    pub secret: bool,
    /// True when it may be given more than once; else a second value is an error.
    pub repeatable: bool,
    /// How dangerous it is in the hands of a stranger.
    pub class: OptionClass,
}

impl OptionInfo {
    /// A plain option of this name, type, default and documentation.
    pub const fn new(
        name: &'static str,
        kind: OptionType,
        default: &'static str,
        doc: &'static str,
    ) -> Self {
        OptionInfo {
            name,
            kind,
            default,
            doc,
            secret: false,
            repeatable: false,
            class: OptionClass::Plain,
        }
    }

    /// The same option, with values that are not shown.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The same option, which may be given more than once.
    #[must_use]
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// The same option in another class.
    #[must_use]
    pub const fn class(mut self, class: OptionClass) -> Self {
        self.class = class;
        self
    }
}

/// What values a URL option takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionType {
    /// Any text.
    Text,
    /// `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`.
    Bool,
    /// A whole number.
    Integer,
    /// Seconds, with a fraction if need be.
    Seconds,
    /// One of these words, without case.
    OneOf(&'static [&'static str]),
}

/// How dangerous a URL option is in the hands of a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionClass {
    /// Harmless.
    Plain,
    /// Names a file that is read; refused where the program says that the URL is a stranger's.
    File,
    /// Can run code or write files; refused from a URL unless the program allows it by name.
    Code,
}

impl OptionClass {
    /// The name in notes.
    pub const fn name(self) -> &'static str {
        match self {
            OptionClass::Plain => "plain",
            OptionClass::File => "file",
            OptionClass::Code => "code",
        }
    }
}

/// A native library that the plugin needs, and the packages that bring it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NativeLibrary {
    /// Name that the loader looks for, for example `libodbc.so.2`.
    pub soname: &'static str,
    /// Debian's and Ubuntu's package.
    pub debian: &'static str,
    /// Fedora's package.
    pub fedora: &'static str,
    /// Homebrew's formula.
    pub brew: &'static str,
}

/// What connections need of threads (a closed list: others are refused).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threading {
    /// A connection may move between threads and is used by one at a time.
    Connection,
    /// A connection must stay on the thread that opened it. Refused for now.
    ThreadAffine,
}

impl Threading {
    /// The name in notes.
    pub const fn name(self) -> &'static str {
        match self {
            Threading::Connection => "connection",
            Threading::ThreadAffine => "thread_affine",
        }
    }
}

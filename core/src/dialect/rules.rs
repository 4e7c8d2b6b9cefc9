//! The rules of a database's SQL that text must follow: placeholders, quoting, lexical form.

/// How placeholders are written (PEP 249 `paramstyle`, and SQLAlchemy's `numeric_dollar`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamStyle {
    /// `?`
    Qmark,
    /// `:1`
    Numeric,
    /// `:name`
    Named,
    /// `%s`
    Format,
    /// `%(name)s`
    Pyformat,
    /// `$1`
    NumericDollar,
}

impl ParamStyle {
    const ALL: [(ParamStyle, &'static str); 6] = [
        (ParamStyle::Qmark, "qmark"),
        (ParamStyle::Numeric, "numeric"),
        (ParamStyle::Named, "named"),
        (ParamStyle::Format, "format"),
        (ParamStyle::Pyformat, "pyformat"),
        (ParamStyle::NumericDollar, "numeric_dollar"),
    ];

    /// PEP 249's name.
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The style of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(style, _)| style)
    }
}

/// What a database does with the case of unquoted identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierCase {
    /// Kept, and compared without case.
    Preserved,
    /// Folded to lower case.
    Lower,
    /// Folded to upper case.
    Upper,
    /// Kept, and compared with case.
    Sensitive,
}

impl IdentifierCase {
    const ALL: [(IdentifierCase, &'static str); 4] = [
        (IdentifierCase::Preserved, "preserved"),
        (IdentifierCase::Lower, "lower"),
        (IdentifierCase::Upper, "upper"),
        (IdentifierCase::Sensitive, "sensitive"),
    ];

    /// The name in notes.
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The rule of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(case, _)| case)
    }
}

/// How "in an empty list" is written, which standard SQL cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmptyIn {
    /// `x IN (SELECT 1 … WHERE 1 != 1)`, for databases that compare values of any types.
    Subquery,
    /// `x IN ()`
    Parentheses,
    /// `x = ANY ('{}')`, `x <> ALL ('{}')`: an array of the type of `x`.
    Any,
}

impl EmptyIn {
    const ALL: [(EmptyIn, &'static str); 3] = [
        (EmptyIn::Subquery, "subquery"),
        (EmptyIn::Parentheses, "parentheses"),
        (EmptyIn::Any, "any"),
    ];

    /// The name in notes.
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The form of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(form, _)| form)
    }
}

/// Rules of the SQL text. A connection may [override](crate::dbapi::ServerInfo::rules) them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqlRules {
    /// How placeholders are written.
    pub paramstyle: ParamStyle,
    /// Opening quote of an identifier.
    pub identifier_quote_open: char,
    /// Closing quote of an identifier; doubled inside.
    pub identifier_quote_close: char,
    /// What happens to unquoted identifiers.
    pub identifier_case: IdentifierCase,
    /// Longest identifier; 0 for no limit. Bytes or characters as the database counts.
    pub max_identifier: u32,
    /// Most parameters of a statement; 0 for no limit.
    pub max_parameters: u32,
    /// `\` escapes inside ordinary string literals.
    pub backslash_escapes: bool,
    /// `E'…'` literals, in which `\` escapes, as PostgreSQL's scanner reads them: they go on after
    /// a line break, and a `--` comment ends at a carriage return too.
    pub escape_strings: bool,
    /// `$tag$ … $tag$` literals.
    pub dollar_quotes: bool,
    /// `/* /* */ */`
    pub nested_comments: bool,
    /// `#` begins a comment.
    pub hash_comments: bool,
    /// `` `…` `` quotes.
    pub backtick_quotes: bool,
    /// `[…]` quotes.
    pub bracket_quotes: bool,
    /// `"…"` is a string, not an identifier.
    pub double_quoted_strings: bool,
    /// How "in an empty list" is written.
    pub empty_in: EmptyIn,
    /// A list of rows is written `IN (VALUES (1, 2), (3, 4))`, and not `IN ((1, 2), (3, 4))`.
    pub tuple_in_values: bool,
}

impl SqlRules {
    /// ISO/IEC 9075-2: qmark placeholders, `"` quotes, identifiers folded to upper case, no escapes.
    pub const STANDARD: SqlRules = SqlRules {
        paramstyle: ParamStyle::Qmark,
        identifier_quote_open: '"',
        identifier_quote_close: '"',
        identifier_case: IdentifierCase::Upper,
        max_identifier: 128,
        max_parameters: 0,
        backslash_escapes: false,
        escape_strings: false,
        dollar_quotes: false,
        nested_comments: false,
        hash_comments: false,
        backtick_quotes: false,
        bracket_quotes: false,
        double_quoted_strings: false,
        empty_in: EmptyIn::Subquery,
        tuple_in_values: false,
    };

    /// The identifier in quotes, quotes inside doubled.
    ///
    /// ```
    /// use aludel::dialect::SqlRules;
    ///
    /// assert_eq!(SqlRules::STANDARD.quote_identifier("a\"b"), "\"a\"\"b\"");
    /// ```
    pub fn quote_identifier(&self, identifier: &str) -> String {
        let close = self.identifier_quote_close;
        let mut quoted = String::with_capacity(identifier.len() + 2);
        quoted.push(self.identifier_quote_open);
        for character in identifier.chars() {
            if character == close {
                quoted.push(close);
            }
            quoted.push(character);
        }
        quoted.push(close);
        quoted
    }
}

//! Rules of a server that differ from those of its dialect, by the name of the field.

use super::{EmptyIn, IdentifierCase, ParamStyle, SqlRules};
use crate::error::{Error, Result};

impl SqlRules {
    /// Sets the rule of this name, as a server [says](crate::dbapi::ServerInfo::rules). A name that
    /// is not known, of a dialect that is newer than the host, changes nothing.
    ///
    /// # Errors
    /// `Interface` for a value that the rule cannot have.
    pub(crate) fn overrule(&mut self, name: &str, value: &str) -> Result<()> {
        let wrong = || {
            Error::interface(format!("the server's dialect says that `{name}` is {value:?}"))
                .with_help("the rule cannot have this value: report it to the dialect's authors")
        };
        let quote = || {
            let mut characters = value.chars();
            characters.next().filter(|_| characters.next().is_none()).ok_or_else(wrong)
        };
        match name {
            "paramstyle" => self.paramstyle = ParamStyle::from_name(value).ok_or_else(wrong)?,
            "identifier_case" => {
                self.identifier_case = IdentifierCase::from_name(value).ok_or_else(wrong)?;
            }
            "empty_in" => self.empty_in = EmptyIn::from_name(value).ok_or_else(wrong)?,
            "identifier_quote_open" => self.identifier_quote_open = quote()?,
            "identifier_quote_close" => self.identifier_quote_close = quote()?,
            "max_identifier" => self.max_identifier = value.parse().map_err(|_| wrong())?,
            "max_parameters" => self.max_parameters = value.parse().map_err(|_| wrong())?,
            _ => {
                if let Some(flag) = self.flag(name) {
                    *flag = value.parse().map_err(|_| wrong())?;
                }
            }
        }
        Ok(())
    }

    fn flag(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "backslash_escapes" => &mut self.backslash_escapes,
            "escape_strings" => &mut self.escape_strings,
            "dollar_quotes" => &mut self.dollar_quotes,
            "nested_comments" => &mut self.nested_comments,
            "hash_comments" => &mut self.hash_comments,
            "backtick_quotes" => &mut self.backtick_quotes,
            "bracket_quotes" => &mut self.bracket_quotes,
            "double_quoted_strings" => &mut self.double_quoted_strings,
            "tuple_in_values" => &mut self.tuple_in_values,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::{ParamStyle, SqlRules};

    #[test]
    fn a_server_overrules_its_dialect_by_the_names_of_the_fields() {
        let mut rules = SqlRules::STANDARD;
        for (name, value) in [
            ("backslash_escapes", "true"),
            ("paramstyle", "format"),
            ("identifier_quote_open", "`"),
            ("max_identifier", "64"),
            ("of_a_newer_dialect", "whatever"),
        ] {
            rules.overrule(name, value).unwrap();
        }
        let expected = SqlRules {
            backslash_escapes: true,
            paramstyle: ParamStyle::Format,
            identifier_quote_open: '`',
            max_identifier: 64,
            ..SqlRules::STANDARD
        };
        assert_eq!(rules, expected);
    }

    #[test]
    fn a_value_that_a_rule_cannot_have_is_an_error_that_names_it() {
        for (name, value) in [
            ("backslash_escapes", "perhaps"),
            ("paramstyle", "morse"),
            ("identifier_quote_close", "``"),
            ("identifier_quote_open", ""),
            ("max_parameters", "-1"),
            ("identifier_case", "camel"),
            ("empty_in", "never"),
        ] {
            let mut rules = SqlRules::STANDARD;
            let error = rules.overrule(name, value).unwrap_err();
            assert!(error.message().contains(name) && error.message().contains(value), "{error}");
            assert_eq!(rules, SqlRules::STANDARD);
        }
    }
}

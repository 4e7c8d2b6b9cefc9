//! The rules of PostgreSQL's SQL.

use aludel::dialect::{EmptyIn, IdentifierCase, ParamStyle, SqlRules};

pub(crate) const RULES: SqlRules = {
    let mut rules = SqlRules::STANDARD;
    rules.paramstyle = ParamStyle::NumericDollar;
    rules.identifier_case = IdentifierCase::Lower;
    // In bytes, and what is longer is cut off without an error.
    rules.max_identifier = 63;
    // The protocol counts them in 16 bits.
    rules.max_parameters = 65_535;
    rules.escape_strings = true;
    rules.dollar_quotes = true;
    rules.nested_comments = true;
    // Values of the other forms have types, which are not those of what is compared.
    rules.empty_in = EmptyIn::Any;
    rules
};

//! From a URL to what a dialect gets, with every option checked against what the dialect declares.

use std::borrow::Cow;

use super::url_rules::UrlRules;
use crate::dialect::{ConnectArgs, DialectInfo, OptionInfo, OptionType, malformed, parse_bool};
use crate::error::{Error, Result};
use crate::url::Url;

/// Options that the program gives in code, beside those of the URL.
pub(super) type ProgramOptions = Vec<(String, String)>;

/// The arguments for a dialect.
///
/// # Errors
/// `Argument` for options that the dialect does not have, or values that are not of their type;
/// `Plugin` for options that a URL may not give.
pub(super) fn connect_args<'a>(
    url: &'a Url,
    rules: &UrlRules,
    program: &'a ProgramOptions,
    info: &DialectInfo,
    engine: u64,
) -> Result<ConnectArgs<'a>> {
    let mut options = Vec::new();
    for (name, values) in url.query().iter() {
        let option = known(info, name)?;
        rules.check_option(info, option)?;
        if values.len() > 1 && !option.repeatable {
            return Err(repeated(info, name));
        }
        for value in values {
            check(option, value)?;
            options.push((Cow::Borrowed(name), Cow::Borrowed(value.as_str())));
        }
    }
    for (name, value) in program {
        check(known(info, name)?, value)?;
        options.push((Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str())));
    }
    Ok(ConnectArgs {
        scheme: url.drivername(),
        hosts: url.hosts().to_vec(),
        username: url.username(),
        password: url.password(),
        database: url.database(),
        options,
        is_untrusted: rules.is_untrusted,
        engine,
    })
}

fn known<'i>(info: &'i DialectInfo, name: &str) -> Result<&'i OptionInfo> {
    info.option(name).ok_or_else(|| unknown(info, name))
}

/// The error for an option that the dialect does not have, with the nearest that it has.
#[cold]
pub(super) fn unknown(info: &DialectInfo, name: &str) -> Error {
    let names: Vec<&str> = info.options.iter().map(|option| option.name).collect();
    let nearest = names
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), *known))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let help = match nearest {
        Some((_, nearest)) => format!("did you mean `{nearest}`?"),
        None if names.is_empty() => "this dialect has no options".to_owned(),
        None => format!("options of this dialect: {}", names.join(", ")),
    };
    Error::argument(format!("dialect `{}` has no option `{name}`", info.name)).with_help(help)
}

#[cold]
fn repeated(info: &DialectInfo, name: &str) -> Error {
    Error::argument(format!("option `{name}` of dialect `{}` is given more than once", info.name))
        .with_help(format!("leave one {name}=… in the URL"))
}

fn check(option: &OptionInfo, value: &str) -> Result<()> {
    let name = option.name;
    let shown = if option.secret { "***" } else { value };
    match option.kind {
        OptionType::Text => Ok(()),
        OptionType::Bool => {
            parse_bool(name, value).map(drop).map_err(|_| malformed(name, shown, "true or false"))
        }
        OptionType::Integer => match value.parse::<i64>() {
            Ok(_) => Ok(()),
            Err(_) => Err(malformed(name, shown, "a whole number")),
        },
        OptionType::Seconds => match value.parse::<f64>() {
            Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok(()),
            _ => Err(malformed(name, shown, "a number of seconds")),
        },
        OptionType::OneOf(words) if words.iter().any(|word| word.eq_ignore_ascii_case(value)) => {
            Ok(())
        }
        OptionType::OneOf(words) => Err(Error::argument(format!(
            "option `{name}` must be one of {}, not {shown:?}",
            words.join(", ")
        ))
        .with_help(format!("write {name}={}", words.first().unwrap_or(&"")))),
    }
}

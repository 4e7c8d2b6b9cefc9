//! What a URL may ask for: which schemes, and which options that read files or run code.

use crate::dialect::{DialectInfo, OptionClass, OptionInfo};
use crate::error::{Error, Result};
use crate::plugin::{Scheme, code};
use crate::url::Url;

/// What a program accepts from a URL.
#[derive(Debug, Clone, Default)]
pub(super) struct UrlRules {
    /// The URL comes from somebody whom the program does not trust.
    pub(super) is_untrusted: bool,
    /// Options that are accepted whatever their class, as `dialect.option`.
    pub(super) allowed: Vec<String>,
    /// The only schemes that are accepted, where the program names some.
    pub(super) schemes: Option<Vec<String>>,
}

impl UrlRules {
    /// Checks the scheme, before anything is looked for.
    ///
    /// # Errors
    /// `SCHEME_NOT_ALLOWED` when the program accepts others only; `BAD_SCHEME` for a malformed one.
    pub(super) fn check_scheme(&self, url: &Url) -> Result<()> {
        let Some(accepted) = &self.schemes else { return Ok(()) };
        let written = Scheme::parse(url.drivername())?;
        let listed: Vec<Scheme> =
            accepted.iter().map(|text| Scheme::parse(text)).collect::<Result<_>>()?;
        if listed.iter().any(|listed| accepts(listed, &written)) {
            return Ok(());
        }
        let help = match accepted.is_empty() {
            true => "it accepts no URL at all".to_owned(),
            false => format!("accepted: {}", accepted.join(", ")),
        };
        Err(Error::plugin(format!("scheme `{}` is not accepted here", written.as_str()))
            .with_code(code::SCHEME_NOT_ALLOWED)
            .with_help(help)
            .with_note("url", url.masked_whole()))
    }

    /// Checks the names of the options that are allowed for this dialect.
    ///
    /// # Errors
    /// `Argument` for one that the dialect does not have: it would allow nothing.
    pub(super) fn check_allowed(&self, info: &DialectInfo) -> Result<()> {
        for allowed in &self.allowed {
            let Some((dialect, option)) = allowed.split_once('.') else {
                let message = format!("`{allowed}` names no option to allow");
                return Err(Error::argument(message).with_help("write it as dialect.option"));
            };
            if dialect == info.name && info.option(option).is_none() {
                return Err(super::connect_args::unknown(info, option));
            }
        }
        Ok(())
    }

    /// Checks that a URL may give this option.
    ///
    /// # Errors
    /// `DANGEROUS_OPTION` and `UNTRUSTED_OPTION`, with the line of code that allows it.
    pub(super) fn check_option(&self, info: &DialectInfo, option: &OptionInfo) -> Result<()> {
        let (why, code) = match option.class {
            OptionClass::Plain => return Ok(()),
            OptionClass::File if !self.is_untrusted => return Ok(()),
            OptionClass::File => ("names a file and is", code::UNTRUSTED_OPTION),
            OptionClass::Code => ("is dangerous and", code::DANGEROUS_OPTION),
        };
        let OptionInfo { name, .. } = option;
        let full_name = format!("{}.{name}", info.name);
        if self.allowed.contains(&full_name) {
            return Ok(());
        }
        let whose = if code == code::UNTRUSTED_OPTION { "an untrusted URL" } else { "a URL" };
        Err(Error::plugin(format!("option `{name}` {why} not accepted from {whose}"))
            .with_code(code)
            .with_help(format!("allow it in code: .allow_option({full_name:?})")))
    }
}

/// True for the scheme itself, and for a driver that is known to be one of the listed dialect's:
/// `<name>+<driver>` can also mean another dialect.
fn accepts(listed: &Scheme, written: &Scheme) -> bool {
    let is_known_driver = || {
        let dialect = written.known_dialect();
        dialect.is_some() && dialect == listed.known_dialect()
    };
    listed == written
        || listed.driver().is_none() && listed.dialect() == written.dialect() && is_known_driver()
}

#[cfg(test)]
mod tests {
    use super::UrlRules;
    use crate::dialect::{DialectInfo, OptionClass, OptionInfo, OptionType};
    use crate::url::Url;

    const OPTIONS: &[OptionInfo] = &[
        OptionInfo::new("plain", OptionType::Text, "", ""),
        OptionInfo::new("file", OptionType::Text, "", "").class(OptionClass::File),
        OptionInfo::new("code", OptionType::Text, "", "").class(OptionClass::Code),
    ];
    const INFO: DialectInfo = DialectInfo { options: OPTIONS, ..DialectInfo::new("toy", "1") };

    fn option(rules: &UrlRules, name: &str) -> Option<String> {
        let option = INFO.option(name).unwrap();
        rules.check_option(&INFO, option).err().map(|error| error.to_string())
    }

    fn scheme(accepted: &[&str], url: &str) -> Option<String> {
        let schemes = Some(accepted.iter().map(|text| (*text).to_owned()).collect());
        let rules = UrlRules { schemes, ..UrlRules::default() };
        rules.check_scheme(&Url::parse(url).unwrap()).err().map(|error| error.to_string())
    }

    #[test]
    fn a_class_decides_what_a_url_may_give() {
        let trusted = UrlRules::default();
        assert_eq!((option(&trusted, "plain"), option(&trusted, "file")), (None, None));
        assert_eq!(
            option(&trusted, "code").unwrap(),
            "error[P09]: option `code` is dangerous and not accepted from a URL\n  \
             help: allow it in code: .allow_option(\"toy.code\")"
        );
        let untrusted = UrlRules { is_untrusted: true, ..UrlRules::default() };
        assert_eq!(option(&untrusted, "plain"), None);
        assert_eq!(
            option(&untrusted, "file").unwrap(),
            "error[P24]: option `file` names a file and is not accepted from an untrusted URL\n  \
             help: allow it in code: .allow_option(\"toy.file\")"
        );
    }

    #[test]
    fn an_option_is_allowed_for_its_dialect_alone() {
        let allowed = vec!["toy.code".to_owned(), "other.file".to_owned()];
        let rules = UrlRules { is_untrusted: true, allowed, ..UrlRules::default() };
        assert_eq!(option(&rules, "code"), None);
        assert!(option(&rules, "file").is_some());
        assert!(rules.check_allowed(&INFO).is_ok());
    }

    #[test]
    fn an_option_that_is_not_there_cannot_be_allowed() {
        for (name, message) in [
            ("toy.cod", "dialect `toy` has no option `cod`\n  help: did you mean `code`?"),
            ("code", "`code` names no option to allow\n  help: write it as dialect.option"),
        ] {
            let rules = UrlRules { allowed: vec![name.to_owned()], ..UrlRules::default() };
            let error = rules.check_allowed(&INFO).unwrap_err().to_string();
            assert!(error.ends_with(message), "{error}");
        }
    }

    #[test]
    fn a_scheme_is_accepted_as_it_is_listed() {
        let accepted = ["postgresql", "mysql+pymysql"];
        for url in ["postgresql://h/d", "PostgreSQL+psycopg://h/d", "mysql+pymysql://h/d"] {
            assert_eq!(scheme(&accepted, url), None, "{url}");
        }
        for url in ["postgres://h/d", "mysql://h/d", "mysql+asyncmy://h/d", "sqlite://"]
            .into_iter()
            .chain(["postgresql+pyodbc://h/d", "postgresql+unknown://h/d"])
        {
            assert!(scheme(&accepted, url).is_some(), "{url}");
        }
        assert_eq!(
            scheme(&accepted, "sqlite:///etc/passwd").unwrap(),
            "error[P22]: scheme `sqlite` is not accepted here\n  \
             help: accepted: postgresql, mysql+pymysql\n  url: sqlite:///etc/passwd"
        );
        assert!(scheme(&[], "sqlite://").unwrap().contains("it accepts no URL at all"));
        assert!(scheme(&["sqlite", "no scheme"], "sqlite://").unwrap().starts_with("error[P11]"));
    }
}

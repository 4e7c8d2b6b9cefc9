//! The text of a note read back: the inverse of what the compiler wrote from `Dialect::INFO`.
//!
//! Notes of newer plugins may hold more: unknown members, capabilities, levels and type kinds are
//! skipped. What is missing has the value of [`DialectInfo::new`], except for the members by which
//! a plugin is recognised, which are required. What is there has its type.

use serde_json::Value;

use super::fields::{self, Fields, missing};
use crate::dbapi::{IsolationLevel, TypeKind};
use crate::dialect::json::NOTE_VERSION;
use crate::dialect::{
    Capability, DialectInfo, EmptyIn, IdentifierCase, NativeLibrary, OptionClass, OptionInfo,
    OptionType, ParamStyle, SqlRules, Threading, TypeName,
};
use crate::plugin::find::scheme::{Scheme, is_name};

/// Longest text that is shown in messages: version, target.
const MAX_SHORT: usize = 100;

/// What has to be known to choose and check a plugin.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plugin) struct Head {
    pub(in crate::plugin) name: String,
    pub(in crate::plugin) version: String,
    /// Those that are schemes; others could never be asked for.
    pub(in crate::plugin) aliases: Vec<String>,
    pub(in crate::plugin) abi: (u16, u16),
    pub(in crate::plugin) layout: u64,
    pub(in crate::plugin) target: String,
    pub(in crate::plugin) panic: String,
    pub(in crate::plugin) threading: Threading,
    /// The libraries that the dialect needs, and the packages that hold them.
    pub(in crate::plugin) requires: Vec<Requirement>,
}

/// A library that has to be installed, and the packages that hold it, where they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) struct Requirement {
    pub(in crate::plugin) soname: String,
    pub(in crate::plugin) debian: Option<String>,
    pub(in crate::plugin) fedora: Option<String>,
    pub(in crate::plugin) brew: Option<String>,
}

impl Head {
    /// True when the plugin declares this scheme as its name or an alias.
    pub(in crate::plugin) fn declares(&self, scheme: &str) -> bool {
        self.name == scheme || self.aliases.iter().any(|alias| alias == scheme)
    }
}

/// Reads what is needed to choose a plugin, and checks all the rest.
///
/// # Errors
/// What is wrong, naming the member.
pub(in crate::plugin) fn head(note: &[u8]) -> Result<Head, String> {
    head_of(&fields::parse(note)?)
}

/// The same for a note that was parsed.
pub(super) fn head_of(value: &Value) -> Result<Head, String> {
    let fields = Fields::new(value)?;
    let info = dialect(&fields, &Check)?;
    let version = fields.number("aludel")?.ok_or_else(|| missing("aludel"))?;
    if version != u64::from(NOTE_VERSION) {
        return Err(format!("form {version} of the note is unknown, {NOTE_VERSION} is known"));
    }
    let name = fields.required("name")?;
    if !is_name(name) {
        return Err("`name` is no name of a dialect".into());
    }
    let layout = u64::from_str_radix(fields.required("layout")?, 16);
    Ok(Head {
        name: name.to_owned(),
        version: short(&fields, "version")?,
        aliases: fields
            .texts("aliases")?
            .into_iter()
            .filter_map(|alias| Scheme::parse(alias).ok())
            .map(|alias| alias.as_str().to_owned())
            .collect(),
        abi: abi(&fields)?,
        layout: layout.map_err(|_| "`layout` is no hexadecimal number")?,
        target: short(&fields, "target")?,
        panic: short(&fields, "panic")?,
        threading: info.threading,
        requires: requirements(&fields)?,
    })
}

/// What a note says that the plugin was built for, also where the rest of it is of no use here.
pub(in crate::plugin) fn target(note: &[u8]) -> Option<String> {
    let value = fields::parse(note).ok()?;
    let fields = Fields::new(&value).ok()?;
    short(&fields, "target").ok()
}

/// Reads the dialect's data and leaks it: called once for a plugin, which is never unloaded.
///
/// # Errors
/// As [`head`], which has accepted the same bytes before.
pub(in crate::plugin) fn leak(note: &[u8]) -> Result<&'static DialectInfo, String> {
    let value = fields::parse(note)?;
    let info = dialect(&Fields::new(&value)?, &Leak)?;
    Ok(Box::leak(Box::new(info)))
}

fn short(fields: &Fields<'_>, key: &'static str) -> Result<String, String> {
    let text = fields.required(key)?;
    let is_shown = text.len() <= MAX_SHORT && !text.chars().any(char::is_control);
    is_shown.then(|| text.to_owned()).ok_or_else(|| format!("`{key}` cannot be shown"))
}

fn abi(fields: &Fields<'_>) -> Result<(u16, u16), String> {
    let value = fields.object.get("abi").ok_or_else(|| missing("abi"))?;
    let part = |index: usize| value.get(index)?.as_u64()?.try_into().ok();
    part(0).zip(part(1)).ok_or_else(|| "`abi` is no pair of numbers".into())
}

/// Turns borrowed data into `'static` data, or only checks that it could.
trait Keep {
    fn text(&self, text: &str) -> &'static str;
    fn list<T>(&self, list: Vec<T>) -> &'static [T];
}

struct Check;

impl Keep for Check {
    fn text(&self, _: &str) -> &'static str {
        ""
    }

    fn list<T>(&self, _: Vec<T>) -> &'static [T] {
        &[]
    }
}

struct Leak;

impl Keep for Leak {
    fn text(&self, text: &str) -> &'static str {
        if text.is_empty() { "" } else { Box::leak(text.into()) }
    }

    fn list<T>(&self, list: Vec<T>) -> &'static [T] {
        if list.is_empty() { &[] } else { Vec::leak(list) }
    }
}

fn dialect(fields: &Fields<'_>, keep: &impl Keep) -> Result<DialectInfo, String> {
    let texts = |key| -> Result<&'static [&'static str], String> {
        Ok(keep.list(fields.texts(key)?.into_iter().map(|text| keep.text(text)).collect()))
    };
    let text = |key| fields.text(key).map(|text| keep.text(text.unwrap_or_default()));
    let usual = DialectInfo::new(
        keep.text(fields.required("name")?),
        keep.text(fields.required("version")?),
    );
    Ok(DialectInfo {
        description: text("description")?,
        aliases: texts("aliases")?,
        drivers: texts("drivers")?,
        default_port: fields.small("default_port")?.unwrap_or(0),
        rules: rules(fields)?,
        capabilities: keep.list(known(fields.texts("capabilities")?, Capability::from_name)),
        isolation_levels: keep.list(known(fields.texts("isolation_levels")?, isolation_level)),
        reserved_words: texts("reserved_words")?,
        type_names: keep.list(type_names(fields, keep)?),
        ping_statement: match fields.text("ping_statement")? {
            Some(statement) => keep.text(statement),
            None => usual.ping_statement,
        },
        options: keep.list(options(fields, keep)?),
        native_libraries: keep.list(libraries(fields, keep)?),
        threading: threading(fields)?,
        license: text("license")?,
        homepage: text("homepage")?,
        ..usual
    })
}

fn known<T>(names: Vec<&str>, find: impl Fn(&str) -> Option<T>) -> Vec<T> {
    names.into_iter().filter_map(find).collect()
}

fn isolation_level(name: &str) -> Option<IsolationLevel> {
    (1..).map_while(IsolationLevel::from_code).find(|level| level.name() == name)
}

fn threading(fields: &Fields<'_>) -> Result<Threading, String> {
    match fields.text("threading")? {
        None => Ok(Threading::Connection),
        Some(name) => [Threading::Connection, Threading::ThreadAffine]
            .into_iter()
            .find(|threading| threading.name() == name)
            .ok_or_else(|| "`threading` is of an unknown kind".into()),
    }
}

fn rules(fields: &Fields<'_>) -> Result<SqlRules, String> {
    let mut rules = SqlRules::STANDARD;
    let Some(fields) = fields.object("rules")? else { return Ok(rules) };
    // How text is read cannot be guessed, so an unknown word here is an error and not skipped.
    if let Some(name) = fields.text("paramstyle")? {
        rules.paramstyle = ParamStyle::from_name(name).ok_or("`rules.paramstyle` is unknown")?;
    }
    if let Some(name) = fields.text("identifier_case")? {
        let case = IdentifierCase::from_name(name);
        rules.identifier_case = case.ok_or("`rules.identifier_case` is unknown")?;
    }
    if let Some(name) = fields.text("empty_in")? {
        rules.empty_in = EmptyIn::from_name(name).ok_or("`rules.empty_in` is unknown")?;
    }
    for (key, rule) in [
        ("identifier_quote_open", &mut rules.identifier_quote_open),
        ("identifier_quote_close", &mut rules.identifier_quote_close),
    ] {
        if let Some(text) = fields.text(key)? {
            let mut characters = text.chars();
            *rule = match (characters.next(), characters.next()) {
                (Some(character), None) => character,
                _ => return Err(format!("`rules.{key}` is no character")),
            };
        }
    }
    for (key, rule) in [
        ("max_identifier", &mut rules.max_identifier),
        ("max_parameters", &mut rules.max_parameters),
    ] {
        *rule = fields.small(key)?.unwrap_or(*rule);
    }
    for (key, rule) in [
        ("backslash_escapes", &mut rules.backslash_escapes),
        ("escape_strings", &mut rules.escape_strings),
        ("dollar_quotes", &mut rules.dollar_quotes),
        ("nested_comments", &mut rules.nested_comments),
        ("hash_comments", &mut rules.hash_comments),
        ("backtick_quotes", &mut rules.backtick_quotes),
        ("bracket_quotes", &mut rules.bracket_quotes),
        ("double_quoted_strings", &mut rules.double_quoted_strings),
        ("tuple_in_values", &mut rules.tuple_in_values),
    ] {
        *rule = fields.flag(key)?.unwrap_or(*rule);
    }
    Ok(rules)
}

fn type_names(fields: &Fields<'_>, keep: &impl Keep) -> Result<Vec<TypeName>, String> {
    let mut names = Vec::new();
    for fields in fields.objects("type_names")? {
        let code: u32 = fields.small("kind")?.unwrap_or(0);
        let kind = TypeKind::from_code(code);
        if kind.code() == code {
            names.push(TypeName { kind, name: keep.text(fields.required("name")?) });
        }
    }
    Ok(names)
}

fn options(fields: &Fields<'_>, keep: &impl Keep) -> Result<Vec<OptionInfo>, String> {
    let read = |fields: Fields<'_>| {
        let text = |key| fields.text(key).map(|text| keep.text(text.unwrap_or_default()));
        let values = fields.texts("values")?.into_iter().map(|text| keep.text(text)).collect();
        Ok(OptionInfo {
            name: keep.text(fields.required("name")?),
            kind: match fields.text("type")? {
                Some("bool") => OptionType::Bool,
                Some("integer") => OptionType::Integer,
                Some("seconds") => OptionType::Seconds,
                Some("one_of") => OptionType::OneOf(keep.list(values)),
                // The dialect checks what the host cannot.
                _ => OptionType::Text,
            },
            default: text("default")?,
            doc: text("doc")?,
            secret: fields.flag("secret")?.unwrap_or(false),
            repeatable: fields.flag("repeatable")?.unwrap_or(false),
            class: class(&fields)?,
        })
    };
    fields.objects("options")?.into_iter().map(read).collect()
}

/// The class of an option.
pub(super) fn class(fields: &Fields<'_>) -> Result<OptionClass, String> {
    Ok(match fields.text("class")? {
        None | Some("plain") => OptionClass::Plain,
        Some("file") => OptionClass::File,
        // A class of a newer plugin is taken for the most dangerous one.
        Some(_) => OptionClass::Code,
    })
}

fn requirements(fields: &Fields<'_>) -> Result<Vec<Requirement>, String> {
    // The names become part of a command line that people copy.
    let is_package = |c: char| c.is_ascii_alphanumeric() || "+-._@/:".contains(c);
    let read = |fields: Fields<'_>| {
        let package = |key| -> Result<Option<String>, String> {
            let name = fields.text(key)?.unwrap_or_default();
            let is_shown = (1..=MAX_SHORT).contains(&name.len())
                && !name.starts_with('-')
                && name.chars().all(is_package);
            Ok(is_shown.then(|| name.to_owned()))
        };
        Ok(Requirement {
            soname: fields.required("soname")?.to_owned(),
            debian: package("debian")?,
            fedora: package("fedora")?,
            brew: package("brew")?,
        })
    };
    fields.objects("requires")?.into_iter().map(read).collect()
}

fn libraries(fields: &Fields<'_>, keep: &impl Keep) -> Result<Vec<NativeLibrary>, String> {
    let read = |fields: Fields<'_>| {
        let text = |key| fields.text(key).map(|text| keep.text(text.unwrap_or_default()));
        Ok(NativeLibrary {
            soname: keep.text(fields.required("soname")?),
            debian: text("debian")?,
            fedora: text("fedora")?,
            brew: text("brew")?,
        })
    };
    fields.objects("requires")?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests;

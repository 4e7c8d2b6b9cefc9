//! `aludel verify`: the checks that a plugin passes before it is loaded.

use std::ffi::OsStr;

use aludel::Result;
use aludel::abi::StaticDialect;
use aludel::plugin::{Policy, Resolved, Search, Verified, plan_of_file, resolve, verify};
use serde_json::{Value, json};

use super::subject::Subject;
use crate::answer::Answer;
use crate::columns::aligned;
use crate::escape::escaped;
use crate::path;

pub(super) fn answer(subject: &OsStr, search: &Search, policy: &Policy) -> Result<Answer> {
    let plan = match Subject::of(subject)? {
        Subject::File(file) => plan_of_file(&file, search)?,
        Subject::Url(url) | Subject::Name(url) => match resolve(&url, search)? {
            Resolved::File(plan) => plan,
            Resolved::Static(dialect) => return Ok(linked(dialect)),
        },
    };
    let verified = verify(plan, policy)?;
    let sum = verified.sha256()?;
    let warnings = verified.warnings().to_vec();
    Ok(Answer { warnings, ..Answer::new(text(&verified, &sum), json(&verified, &sum)) })
}

fn text(verified: &Verified, sum: &str) -> String {
    let checks = verified.checks().iter().map(|check| (check.name, check.found.as_str()));
    let rows: Vec<Vec<String>> = checks
        .chain([("sha256", sum)])
        .map(|(name, found)| vec![format!("  {name}"), escaped(found).into_owned()])
        .collect();
    let path = path::text(verified.path());
    let (name, version) = (verified.name(), escaped(verified.version()));
    format!(
        "{name} {version} may be loaded from {path} (level {})\n{}\n",
        verified.level(),
        aligned(&rows).join("\n")
    )
}

fn json(verified: &Verified, sum: &str) -> Value {
    let mut answer = path::object("path", Some(verified.path()));
    answer.insert("name".into(), verified.name().into());
    answer.insert("version".into(), verified.version().into());
    answer.insert("level".into(), verified.level().name().into());
    answer.insert("sha256".into(), sum.into());
    answer.insert("warnings".into(), verified.warnings().into());
    let checks = verified.checks().iter();
    let checks = checks.map(|check| json!({"name": check.name, "found": check.found}));
    answer.insert("checks".into(), checks.collect());
    answer.into()
}

/// There is no file to check.
fn linked(dialect: StaticDialect) -> Answer {
    let info = dialect.info();
    let text = format!("{} {} is linked into this program\n", info.name, info.version);
    let json = json!({
        "path": null, "name": info.name, "version": info.version, "level": "static",
        "sha256": null, "warnings": [], "checks": [],
    });
    Answer::new(text, json)
}

//! `aludel which`: what serves a URL, what declared its scheme, and where it was looked for.

use aludel::plugin::{DeclaredBy, Level, Rejection, Resolved, Search, Searched, Which, which};
use aludel::{Result, Url};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::escape::escaped;
use crate::path;

pub(super) fn answer(url: &str, search: &Search) -> Result<Answer> {
    let url: Url = url.parse()?;
    let found = which(&url, search)?;
    Ok(Answer::new(text(&found, url.drivername()), json(&found)))
}

fn text(found: &Which, scheme: &str) -> String {
    let mut lines = Vec::new();
    match &found.resolved {
        Resolved::Static(dialect) => {
            lines.push(format!("{}, linked into this program", dialect.info().name));
        }
        Resolved::File(plan) => {
            lines.push(path::text(plan.path()));
            lines.push(format!("  dialect: {}", plan.name()));
            lines.push(format!("  level: {}", plan.level()));
        }
    }
    let why = match found.declared_by {
        DeclaredBy::Name => "the dialect's name",
        DeclaredBy::Alias => "an alias that the dialect declares",
        DeclaredBy::Table => "in the built-in table of names",
    };
    lines.push(format!("  scheme: `{}` is {why}", escaped(scheme)));
    lines.push("  searched:".to_owned());
    lines.extend(found.searched.iter().map(|place| format!("    {}", escaped(&place.to_string()))));
    let rejections = rejections(found);
    if !rejections.is_empty() {
        lines.push("  rejected:".to_owned());
        lines.extend(
            rejections.iter().map(|one| format!("    {} [{}]", escaped(&one.reason), one.code)),
        );
    }
    lines.join("\n") + "\n"
}

fn rejections(found: &Which) -> Vec<Rejection> {
    match &found.resolved {
        Resolved::Static(_) => Vec::new(),
        Resolved::File(plan) => plan.rejections(),
    }
}

fn json(found: &Which) -> Value {
    let (dialect, level, file) = match &found.resolved {
        Resolved::Static(dialect) => (dialect.info().name, Level::Static, None),
        Resolved::File(plan) => (plan.name(), plan.level(), Some(plan.path())),
    };
    let mut answer = path::object("path", file);
    answer.insert("url".into(), found.url.as_str().into());
    answer.insert("dialect".into(), dialect.into());
    answer.insert("level".into(), level.name().into());
    answer.insert("declared_by".into(), found.declared_by.name().into());
    answer.insert("searched".into(), found.searched.iter().map(place).collect());
    answer.insert("rejected".into(), rejections(found).iter().map(rejection).collect());
    answer.into()
}

fn place(place: &Searched) -> Value {
    let mut object = path::object("dir", place.dir.as_deref());
    object.insert("level".into(), place.level.name().into());
    object.insert("held".into(), place.held.as_str().into());
    object.into()
}

fn rejection(rejection: &Rejection) -> Value {
    let mut object = path::object("path", Some(&rejection.path));
    object.insert("code".into(), rejection.code.into());
    object.insert("reason".into(), json!(rejection.reason));
    object.into()
}

//! `ALUDEL_PLUGIN_TRACE=1`: what was searched, checked and loaded for a URL, on standard error.
//!
//! ```text
//! aludel: sqlite:///shop.db (policy standard)
//!   searched: static: none · api: not set · env ALUDEL_PLUGIN_PATH: not set · app …/deps: sqlite
//!   chosen: /srv/app/lib/aludel/libaludel_sqlite.so (level app)
//!   file: /srv/app/lib/aludel/libaludel_sqlite.so, 1714136 bytes
//!   …
//!   loaded: sqlite 0.1.0 in 1.21ms
//! ```

use std::fmt::Display;
use std::io::Write;
use std::time::{Duration, Instant};

use super::{Found, Origin, Plan, Policy, Search, Verified};
use crate::error::Result;
use crate::url::Url;

/// The target of everything that is told of plugins.
const TARGET: &str = "aludel::plugin";

/// The lines for one URL; nothing is collected unless they are wanted.
pub(super) struct Trace {
    lines: Option<String>,
    start: Instant,
}

impl Trace {
    pub(super) fn begin(url: &Url, search: &Search, policy: &Policy) -> Trace {
        let environment = search.environment();
        let lines = environment.plugin_trace.then(|| {
            let tightened = match &environment.plugin_policy {
                Some(words) => format!(", ALUDEL_PLUGIN_POLICY {words:?}"),
                None => String::new(),
            };
            format!("aludel: {} (policy {policy}{tightened})\n", url.masked_whole())
        });
        Trace { lines, start: Instant::now() }
    }

    fn add(&mut self, label: &str, text: impl Display) {
        if let Some(lines) = &mut self.lines {
            let text = shown(&text.to_string()).replace('\n', "\n    ");
            *lines += &format!("  {label}: {text}\n");
        }
    }

    /// The file that claims the scheme.
    pub(super) fn planned(&mut self, plan: &Plan) {
        if self.lines.is_some() {
            self.add("searched", plan.searched());
            for rejection in plan.rejections() {
                self.add("rejected", format_args!("{} [{}]", rejection.reason, rejection.code));
            }
            self.add("chosen", format_args!("{} (level {})", plan.path().display(), plan.level()));
        }
    }

    /// The checks that it passed.
    pub(super) fn verified(&mut self, verified: &Verified) {
        for check in verified.checks() {
            self.add(check.name, &check.found);
        }
    }

    /// Writes the lines, ended by what came of it.
    pub(super) fn end(mut self, outcome: &Result<Found>) {
        let took = self.start.elapsed();
        tell(outcome, took);
        #[cfg(feature = "metrics")]
        count(outcome);
        match outcome {
            Ok(found) => {
                let info = found.dialect.info();
                let how = if found.origin == Origin::Static { "linked" } else { "loaded" };
                self.add(how, format_args!("{} {} in {took:.2?}", info.name, info.version));
            }
            Err(error) => self.add("failed", error),
        }
        if let Some(lines) = self.lines {
            // Nothing can be told to somebody who does not listen.
            let _ = std::io::stderr().write_all(lines.as_bytes());
        }
    }
}

/// The same for a subscriber of the program, as events.
fn tell(outcome: &Result<Found>, took: Duration) {
    let elapsed = took.as_secs_f64();
    match outcome {
        Ok(found) => {
            let info = found.dialect.info();
            let (dialect, version) = (info.name, info.version);
            let linked = found.origin == Origin::Static;
            tracing::debug!(target: TARGET, dialect, version, linked, elapsed, "dialect found");
        }
        Err(error) => tracing::debug!(target: TARGET, %error, elapsed, "no dialect found"),
    }
}

/// The same for a recorder of metrics.
#[cfg(feature = "metrics")]
fn count(outcome: &Result<Found>) {
    use crate::metrics::list::{OUTCOME, PLUGINS, SYSTEM};
    use ::metrics::{Key, Label};

    if !crate::metrics::is_on() {
        return;
    }
    let (outcome, dialect) = match outcome {
        Ok(found) if found.origin == Origin::Static => ("linked", Some(found.dialect.info().name)),
        Ok(found) => ("loaded", Some(found.dialect.info().name)),
        Err(_) => ("failed", None),
    };
    let mut labels = vec![Label::from_static_parts(OUTCOME, outcome)];
    labels.extend(dialect.map(|name| Label::new(SYSTEM, name.to_owned())));
    crate::metrics::counter(&Key::from_parts(PLUGINS, labels)).increment(1);
}

/// Text that cannot steer a terminal: names of files and texts of plugins are anybody's.
fn shown(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_of_a_name_reaches_the_terminal_as_a_command() {
        assert_eq!(super::shown("a\u{1b}]0;x\u{7}\n\u{202e}b"), "a\\u{1b}]0;x\\u{7}\n\\u{202e}b");
    }
}

//! The report for continuous integration: JUnit's XML, as Jenkins, GitLab and GitHub read it.

use std::fmt::Write as _;

use crate::outcome::{Outcome, Run, Verdict};

/// The run as a `testsuites` document: a suite for each group, unsupported cases as skipped,
/// underclaims as output of a passed case.
pub fn junit(run: &Run) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = escaped(&format!("{} {}", run.dialect, run.version));
    let _ = writeln!(out, "<testsuites name=\"{name}\"{}>", numbers(run.verdicts.iter()));
    for group in run.groups() {
        let of_group = || run.verdicts.iter().filter(|verdict| verdict.case.group == group);
        let name = escaped(group.name());
        let _ = writeln!(out, "  <testsuite name=\"{name}\"{}>", numbers(of_group()));
        for verdict in of_group() {
            case(&mut out, run, verdict);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn numbers<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> String {
    let (mut tests, mut failures, mut skipped, mut seconds) = (0, 0, 0, 0.0);
    for verdict in verdicts {
        tests += 1;
        failures += u32::from(verdict.outcome.is_failure());
        skipped += u32::from(verdict.outcome == Outcome::Unsupported);
        seconds += verdict.elapsed.as_secs_f64();
    }
    format!(
        " tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" \
         time=\"{seconds:.3}\""
    )
}

fn case(out: &mut String, run: &Run, verdict: &Verdict) {
    let class = escaped(&format!("{}.{}", run.dialect, verdict.case.group.name()));
    let title = verdict.case.title;
    let seconds = verdict.elapsed.as_secs_f64();
    let _ =
        write!(out, "    <testcase classname=\"{class}\" name=\"{title}\" time=\"{seconds:.3}\"");
    let notes = escaped(&verdict.notes.join("\n"));
    match (&verdict.failure, verdict.outcome) {
        (Some(failure), outcome) => {
            let rule = &verdict.case.rule;
            let body = format!(
                "where: {}\nSQL: {}\nparameters: {}\nexpected: {}\ngot: {}\nrule: {} ({})",
                failure.what,
                failure.sql,
                failure.params.join(", "),
                failure.expected,
                failure.got,
                rule.text,
                rule.source
            );
            let message = escaped(&failure.got);
            let _ = writeln!(
                out,
                ">\n      <failure type=\"{}\" message=\"{message}\">{}</failure>\n    </testcase>",
                outcome.name(),
                escaped(&body)
            );
        }
        (None, Outcome::Unsupported) => {
            let _ = writeln!(out, ">\n      <skipped message=\"{notes}\"/>\n    </testcase>");
        }
        (None, _) if !notes.is_empty() => {
            let _ = writeln!(
                out,
                ">\n      <system-out>{}: {notes}</system-out>\n    </testcase>",
                verdict.outcome.name()
            );
        }
        (None, _) => out.push_str("/>\n"),
    }
}

/// Text for XML 1.0: markup escaped, and characters that XML cannot hold replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // As references, because a parser makes spaces of those in attributes.
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_what_xml_cannot_hold_are_escaped() {
        assert_eq!(escaped("a<b & \"c\" 'd'>"), "a&lt;b &amp; &quot;c&quot; &apos;d&apos;&gt;");
        assert_eq!(escaped("x\0\u{1b}\ny\t"), "x\u{fffd}\u{fffd}&#10;y&#9;");
        assert_eq!(escaped("]]> ů 🐎"), "]]&gt; ů 🐎");
    }
}

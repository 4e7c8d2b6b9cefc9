//! The longer texts of `--help` and `--version`.

use aludel::abi::{ABI_MAJOR, ABI_MINOR};
use aludel::plugin::registered;

/// What stands below the options.
pub(crate) const AFTER: &str = "\
Examples:
  aludel sqlite:///:memory: \"select 1\"
  aludel sqlite:///shop.db \"select * from orders limit 5\"        relative: three slashes
  aludel sqlite:////srv/shop.db --format csv < report.sql        absolute: four slashes
  aludel sqlite:///shop.db --format jsonl \"select * from orders\" | jq .total

Each statement that succeeds commits itself. A BEGIN in the SQL is respected: what it begins is
rolled back unless a COMMIT follows. The first statement that fails ends the run.

Rows go to standard output, everything else to standard error. Rows stream: memory does not grow
with their number. A table's widths are those of its first rows.

  table     for people: cells that do not fit a terminal end in `…`, control characters are escaped
  csv       with a header (RFC 4180, lines end in LF); give --null to tell NULL from empty text
  json      one array of objects for each result
  jsonl     one object for each row, a line each
  markdown  a table of GitHub's Markdown

In JSON, integers are numbers of any size and floats the shortest numbers that read back the same;
decimals are strings, so that no digit is lost, and so are NaN, Infinity and -Infinity. Bytes are
`\\x` and hexadecimal digits in every format. Of columns with the same name the second becomes
name_2, the third name_3.

Verbs tell about plugins and run none of their code; `aludel help <VERB>` describes one. What holds
`://` is a URL and never a verb.

Exit codes: 0 ok, 1 failed (doctor: something is wrong), 2 wrong usage, 3 no dialect for the URL,
4 dialect or option refused.
When the reader of the output goes away (as in `| head -1`) the run ends with 0 if nothing is left
to execute, else with 1.";

/// What `--version` prints.
pub(crate) fn version() -> String {
    let linked: Vec<&str> = registered().iter().map(|dialect| dialect.info().name).collect();
    format!(
        "aludel {}\nABI: {ABI_MAJOR}.{ABI_MINOR}\ntarget: {}\nlinked dialects: {}\n",
        aludel::VERSION,
        env!("ALUDEL_CLI_TARGET"),
        if linked.is_empty() { "none".to_owned() } else { linked.join(", ") },
    )
}

//! Documentation as comments of at most 100 columns.

const WIDTH: usize = 100;

/// What Rust calls differently.
const WORDS: &[(&str, &str)] = &[
    ("`u64::MAX`", "UINT64_MAX"),
    ("`INT32_MIN`", "INT32_MIN"),
    ("`ConnectionVt`,", "aludel_connection_vt,"),
    ("`StatementVt`,", "aludel_statement_vt,"),
    ("`CancelVt`,", "aludel_cancel_vt,"),
];

/// A comment of these lines, a line break after it; nothing for no lines.
pub(super) fn comment(indentation: &str, docs: &[&str]) -> String {
    let mut words: Vec<&str> =
        docs.iter().flat_map(|line| line.split_whitespace()).map(in_c).collect();
    let Some(last) = words.pop() else { return String::new() };
    // The end of the comment does not stand alone on a line.
    let end = format!("{last} */");
    words.push(&end);
    let mut lines = vec![format!("{indentation}/*")];
    for word in words {
        let last = lines.last_mut().expect("invariant: there is a first line");
        if last.len() + 1 + word.len() <= WIDTH {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(format!("{indentation}   {word}"));
        }
    }
    lines.join("\n") + "\n"
}

fn in_c(word: &str) -> &str {
    let found = WORDS.iter().find(|(rust, _)| *rust == word);
    found.map_or(word, |(_, c)| c)
}

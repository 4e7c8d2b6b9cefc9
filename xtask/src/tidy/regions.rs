//! Which parts of a file are compiled for tests only, and where a block ends.

use super::source::Source;
use std::ops::Range;

/// The blocks that follow `#[cfg(test)]`.
pub(crate) fn test_regions(source: &Source<'_>) -> Vec<Range<usize>> {
    source
        .code
        .match_indices("#[cfg(")
        .filter_map(|(start, _)| {
            let open = start + "#[".len() - 1;
            let attribute = block(&source.code, open)?;
            let condition = &source.code[attribute.clone()];
            let for_tests = condition.split(|c: char| !c.is_alphanumeric() && c != '_');
            if condition.contains("not(") || !for_tests.into_iter().any(|word| word == "test") {
                return None;
            }
            let body = attribute.end + source.code[attribute.end..].find(['{', ';'])?;
            block(&source.code, body)
        })
        .collect()
}

/// From the bracket at `open` to behind the one that closes it.
pub(crate) fn block(code: &str, open: usize) -> Option<Range<usize>> {
    let (opening, closing) = match code.as_bytes().get(open)? {
        b'{' => (b'{', b'}'),
        b'(' => (b'(', b')'),
        b'[' => (b'[', b']'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        if byte == opening {
            depth += 1;
        } else if byte == closing {
            depth -= 1;
        }
        if depth == 0 {
            return Some(open..at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_of_tests_is_a_region_and_other_conditions_are_not() {
        let text = "fn a() {}\n#[cfg(all(test, unix))]\nmod tests { fn b() { {} } }\nfn c() {}\n\
                    #[cfg(not(test))] mod d {}\n#[cfg(feature = \"test\")] mod e {}\n\
                    #[cfg(test)]\nmod tests;\nfn f() {}";
        let source = Source::new(text);
        let regions = test_regions(&source);
        assert_eq!(regions.len(), 1);
        assert_eq!(&text[regions[0].clone()], "{ fn b() { {} } }");
    }
}

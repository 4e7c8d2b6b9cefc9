//! A Rust file split into code, comments and literals, without parsing it.
//!
//! Invariant: [`Source::code`] has the length and the line breaks of the text, so that an offset
//! means the same place in both.

use std::ops::Range;

/// A text that the compiler reads as a string.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal<'t> {
    pub(crate) content: &'t str,
    pub(crate) range: Range<usize>,
}

/// One comment, up to the end of its line or of its block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comment<'t> {
    pub(crate) text: &'t str,
    pub(crate) first_line: usize,
    pub(crate) last_line: usize,
}

/// A Rust file, taken apart.
pub(crate) struct Source<'t> {
    /// The text with comments, and what stands in literals, turned into spaces.
    pub(crate) code: String,
    pub(crate) literals: Vec<Literal<'t>>,
    pub(crate) comments: Vec<Comment<'t>>,
    line_starts: Vec<usize>,
}

impl<'t> Source<'t> {
    /// Takes a text apart; text that is not Rust gives something, and never a panic.
    pub(crate) fn new(text: &'t str) -> Self {
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1),
            )
            .collect();
        let mut source =
            Self { code: String::new(), literals: Vec::new(), comments: Vec::new(), line_starts };
        source.split(text);
        source
    }

    /// The line of an offset, counted from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// Where `word` stands in the code as a whole identifier.
    pub(crate) fn words(&self, word: &str) -> Vec<usize> {
        let code = self.code.as_bytes();
        let alone = |at: usize| {
            let before = at.checked_sub(1).map(|before| code[before]);
            let after = code.get(at + word.len()).copied();
            !before.is_some_and(is_identifier) && !after.is_some_and(is_identifier)
        };
        self.code.match_indices(word).map(|(at, _)| at).filter(|at| alone(*at)).collect()
    }

    fn split(&mut self, text: &'t str) {
        let mut masked = text.as_bytes().to_vec();
        let mut at = 0;
        while at < text.len() {
            at = match token(text, at) {
                Token::Comment(end) => {
                    blank(&mut masked, at..end);
                    self.comments.push(Comment {
                        text: &text[at..end],
                        first_line: self.line(at),
                        last_line: self.line(end - 1),
                    });
                    end
                }
                Token::Literal(content, end) => {
                    blank(&mut masked, content.clone());
                    self.literals.push(Literal { content: &text[content.clone()], range: content });
                    end
                }
                Token::Character(content, end) => {
                    blank(&mut masked, content);
                    end
                }
                Token::Code(end) => end,
            };
        }
        self.code = String::from_utf8(masked).unwrap_or_default();
    }
}

enum Token {
    Comment(usize),
    /// What stands between the quotes, and where the literal ends.
    Literal(Range<usize>, usize),
    Character(Range<usize>, usize),
    Code(usize),
}

fn token(text: &str, at: usize) -> Token {
    let rest = &text[at..];
    if rest.starts_with("//") {
        return Token::Comment(at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Token::Comment(at + block_comment(rest));
    }
    if rest.starts_with('"') {
        let end = quoted(rest, b'"');
        return Token::Literal(at + 1..at + inner_end(&rest[..end]), at + end);
    }
    if rest.starts_with('\'') {
        return match character(rest) {
            Some(end) => Token::Character(at + 1..at + inner_end(&rest[..end]), at + end),
            None => Token::Code(at + 1),
        };
    }
    let word = rest.bytes().take_while(|byte| is_identifier(*byte)).count();
    if matches!(&rest[..word], "r" | "br" | "cr")
        && let Some((content, end)) = raw(rest, word)
    {
        return Token::Literal(at + content.start..at + content.end, at + end);
    }
    Token::Code(at + word.max(rest.chars().next().map_or(1, char::len_utf8)))
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match rest.as_bytes().get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &str, quote: u8) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Where the closing quote stands; a text may end without it.
fn inner_end(quoted: &str) -> usize {
    match quoted.len() > 1 && quoted.ends_with(['"', '\'']) {
        true => quoted.len() - 1,
        false => quoted.len(),
    }
}

/// The end of a character literal; a lifetime has none.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest[1..].chars();
    match chars.next()? {
        '\\' => Some(quoted(rest, b'\'')),
        first => chars.as_str().starts_with('\'').then(|| 2 + first.len_utf8()),
    }
}

fn raw(rest: &str, prefix: usize) -> Option<(Range<usize>, usize)> {
    let hashes = rest[prefix..].bytes().take_while(|byte| *byte == b'#').count();
    let start = prefix + hashes + 1;
    if rest.as_bytes().get(start - 1) != Some(&b'"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let end = rest[start..].find(&close).map_or(rest.len(), |length| start + length);
    Some((start..end, (end + close.len()).min(rest.len())))
}

fn blank(masked: &mut [u8], range: Range<usize>) {
    for byte in &mut masked[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents<'t>(source: &Source<'t>) -> Vec<&'t str> {
        source.literals.iter().map(|literal| literal.content).collect()
    }

    #[test]
    fn comments_are_blanked_even_when_they_nest() {
        let source = Source::new("a /* b /* c */ d */ e // f\ng");
        assert_eq!(source.code.split_whitespace().collect::<Vec<_>>(), ["a", "e", "g"]);
        assert_eq!(source.comments.len(), 2);
        assert_eq!((source.comments[1].first_line, source.comments[1].text), (1, "// f"));
    }

    #[test]
    fn strings_of_every_kind_are_blanked_and_kept() {
        let text = r####"f("a\"b", r"c\", r#"d"e"#, b"f", br##"g"#h"##, c"i") // "no""####;
        let source = Source::new(text);
        assert_eq!(contents(&source), ["a\\\"b", "c\\", "d\"e", "f", "g\"#h", "i"]);
        assert_eq!(source.code.len(), text.len());
        assert!(!source.code.contains('g'));
    }

    #[test]
    fn a_quote_character_opens_no_string_and_a_lifetime_no_character() {
        let source = Source::new("f('\"', '\\'', b'\"', 'ü', &'a str, \"s\", r#type)");
        assert_eq!(contents(&source), ["s"]);
        assert!(source.code.contains("&'a str"));
        assert!(source.code.contains("r#type"));
    }

    #[test]
    fn text_that_ends_early_is_read_to_its_end() {
        for text in [
            "\"", "\"\\", "r#\"x", "/* x", "'", "'\\", "b'", "r#", "ü", "\"ü", "'\\ü", "r\"ü",
            "/*ü",
        ] {
            assert_eq!(Source::new(text).code.len(), text.len(), "{text}");
        }
    }

    #[test]
    fn words_are_whole_identifiers_in_code() {
        let source = Source::new("unsafe_code\nunsafe {} // unsafe\n\"unsafe\"");
        let words = source.words("unsafe");
        assert_eq!(words.len(), 1);
        assert_eq!(source.line(words[0]), 2);
    }
}

//! What of a page is Rust.

use crate::table::Table;

/// A page of documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it is, from the root of the repository.
    pub path: String,
    /// Its Rust, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of Rust in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The line in which it begins, from 1.
    pub line: usize,
    /// What it is for.
    pub kind: Kind,
    /// The code.
    pub code: String,
}

/// What a piece of Rust is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A part of the page's own scope.
    Page,
    /// A scope of its own.
    Snippet,
    /// What each cell below begins with.
    Setup,
    /// The code of a cell.
    Cell,
}

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// The place and the reason, when a block has no end, or a cell holds neither code nor the
    /// reason why it holds none.
    pub fn parse(path: &str, text: &str) -> Result<Page, String> {
        let mut pieces = Vec::new();
        let mut lines = text.lines().enumerate().peekable();
        let mut table = Table::default();
        while let Some((index, line)) = lines.next() {
            let place = index + 1;
            if let Some((kind, end)) = begins(line) {
                let code = until(&mut lines, end)
                    .ok_or_else(|| format!("{path}:{place}: the block has no end"))?;
                pieces.extend(kind.map(|kind| Piece { line: place, kind, code }));
                continue;
            }
            let codes = table.read(line).map_err(|reason| format!("{path}:{place}: {reason}"))?;
            let cell = |code| Piece { line: place, kind: Kind::Cell, code };
            pieces.extend(codes.into_iter().map(cell));
        }
        Ok(Page { path: path.into(), pieces })
    }
}

/// The end of the block that begins here, and what it is for; `None` inside for what is no Rust.
fn begins(line: &str) -> Option<(Option<Kind>, &'static str)> {
    if let Some(words) = line.trim_start().strip_prefix("```") {
        let kind = match words.trim() {
            "rust" => Some(Kind::Snippet),
            "rust,page" => Some(Kind::Page),
            _ => None,
        };
        return Some((kind, "```"));
    }
    match line.strip_prefix("<!-- rust,")?.trim() {
        "page" => Some((Some(Kind::Page), "-->")),
        "line" => Some((Some(Kind::Setup), "-->")),
        _ => None,
    }
}

/// The lines before `end`, which is used up; `None` when it does not come.
fn until<'t>(lines: &mut impl Iterator<Item = (usize, &'t str)>, end: &str) -> Option<String> {
    let mut code = String::new();
    for (_, line) in lines {
        if line.trim() == end {
            return Some(code);
        }
        code.push_str(line);
        code.push('\n');
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(usize, Kind, String)> {
        let page = Page::parse("a.md", text).unwrap();
        page.pieces.into_iter().map(|piece| (piece.line, piece.kind, piece.code)).collect()
    }

    #[test]
    fn blocks_are_told_apart_by_the_words_beside_them() {
        let text = "Text\n```rust\na();\n```\n```sh\nls\n```\n```rust,page\nb();\n\nc();\n```\n\
                    ```rust,ignore\nd();\n```\n```\n|x|\n```\n";
        let expected =
            [(2, Kind::Snippet, "a();\n".into()), (8, Kind::Page, "b();\n\nc();\n".into())];
        assert_eq!(pieces(text), expected);
    }

    #[test]
    fn comments_hold_what_readers_need_not_see() {
        let text = "<!-- rust,page\nuse a;\n-->\n<!-- a remark -->\n<!-- rust,line\nlet b;\n-->\n";
        let expected = [(1, Kind::Page, "use a;\n".into()), (5, Kind::Setup, "let b;\n".into())];
        assert_eq!(pieces(text), expected);
    }

    #[test]
    fn the_column_aludel_of_a_table_is_code() {
        let text = "| name | aludel |\n| --- | --- |\n| `x` | `f(\\|a\\| a)`, or `g()` |\n\
                    | y | not yet |\n\n| name | other |\n| --- | --- |\n| z | `h()` |\n";
        let expected = [(3, Kind::Cell, "f(|a| a)".into()), (3, Kind::Cell, "g()".into())];
        assert_eq!(pieces(text), expected);
    }

    #[test]
    fn what_is_left_open_is_told_with_its_place() {
        let error = Page::parse("a.md", "\n```rust\na();\n").unwrap_err();
        assert_eq!(error, "a.md:2: the block has no end");
        let error = Page::parse("a.md", "| aludel |\n| --- |\n| soon |\n").unwrap_err();
        assert_eq!(error, "a.md:3: `soon` is neither code nor `not yet` nor `–`");
    }
}

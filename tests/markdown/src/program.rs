//! The tests that pages become.

use std::fmt::Write;

use crate::page::{Kind, Page, Piece};

/// The source of one test for each page, named after it. They call
/// `runs(place, || -> Outcome { … })` for each piece; whoever includes them has it in scope.
pub fn tests_of(pages: &[Page]) -> String {
    pages.iter().map(test_of).collect()
}

fn test_of(page: &Page) -> String {
    let mut source =
        format!("#[test]\n#[allow(unused, clippy::all)]\nfn {}() -> Outcome {{\n", name(page));
    let mut setup = "";
    for piece in &page.pieces {
        let place = format!("{}:{}", page.path, piece.line);
        match piece.kind {
            Kind::Page => push(&mut source, format_args!("// {place}\n{}", piece.code)),
            Kind::Setup => setup = &piece.code,
            Kind::Snippet => scope(&mut source, &place, &piece.code),
            Kind::Cell => scope(&mut source, &place, &format!("{setup}{}", statement(piece))),
        }
    }
    source.push_str("Ok(())\n}\n");
    source
}

fn scope(source: &mut String, place: &str, code: &str) {
    push(source, format_args!("runs({place:?}, || {{\n{code}Ok(())\n}});\n"));
}

fn push(source: &mut String, text: std::fmt::Arguments<'_>) {
    source.write_fmt(text).expect("invariant: a String takes any text");
}

/// The code of a cell as a statement: an expression is one whose value nobody wants.
fn statement(piece: &Piece) -> String {
    let code = piece.code.trim();
    if code.ends_with([';', '}']) { format!("{code}\n") } else { format!("let _ = {code};\n") }
}

/// `docs/guide/1-engine.md` is `docs_guide_1_engine`.
fn name(page: &Page) -> String {
    let path = page.path.trim_end_matches(".md").to_lowercase();
    path.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_stand_in_their_order_each_with_its_place() {
        let text = "```rust,page\nlet a = 1;\n```\n<!-- rust,line\nlet b = a;\n-->\n\
                    | aludel |\n| --- |\n| `b + 1` |\n| `let c = b;` |\n\n```rust\nd();\n```\n";
        let page = Page::parse("docs/1-a.md", text).unwrap();
        let expected = "#[test]\n#[allow(unused, clippy::all)]\nfn docs_1_a() -> Outcome {\n\
                        // docs/1-a.md:1\nlet a = 1;\n\
                        runs(\"docs/1-a.md:9\", || {\nlet b = a;\nlet _ = b + 1;\nOk(())\n});\n\
                        runs(\"docs/1-a.md:10\", || {\nlet b = a;\nlet c = b;\nOk(())\n});\n\
                        runs(\"docs/1-a.md:12\", || {\nd();\nOk(())\n});\nOk(())\n}\n";
        assert_eq!(tests_of(&[page]), expected);
    }
}

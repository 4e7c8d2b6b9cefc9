//! Styles of names, for `rename_all`.

/// A style that names can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const STYLES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The style that is written in its own style; the message lists them.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        let found = STYLES.iter().find(|(style, _)| *style == name);
        found.map(|(_, case)| *case).ok_or_else(|| {
            let styles: Vec<String> =
                STYLES.iter().map(|(style, _)| format!("`{style}`")).collect();
            format!("`{name}` is no style of names; there are {}", styles.join(", "))
        })
    }

    /// The name of a field (`snake_case`) or variant (`PascalCase`) in this style.
    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        let lower = || words.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>();
        let upper = || words.iter().map(|word| word.to_uppercase()).collect::<Vec<_>>();
        let capitalized = || words.iter().map(|word| capitalize(word)).collect::<String>();
        match self {
            Case::Lower => lower().concat(),
            Case::Upper => upper().concat(),
            Case::Pascal => capitalized(),
            Case::Camel => {
                let name = capitalized();
                let first = name.chars().next().map_or(0, char::len_utf8);
                name[..first].to_lowercase() + &name[first..]
            }
            Case::Snake => lower().join("_"),
            Case::ScreamingSnake => upper().join("_"),
            Case::Kebab => lower().join("-"),
            Case::ScreamingKebab => upper().join("-"),
        }
    }
}

/// The words of a name: between underscores, and before each capital letter.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut begins = true;
    for character in name.chars() {
        if character == '_' {
            begins = true;
            continue;
        }
        if begins || character.is_uppercase() {
            words.push(String::new());
        }
        begins = false;
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words
}

fn capitalize(word: &str) -> String {
    let first = word.chars().next().map_or(0, char::len_utf8);
    word[..first].to_uppercase() + &word[first..].to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Case, STYLES};

    #[test]
    fn names_of_fields_and_variants_have_each_style() {
        let expected = [
            "unitprice",
            "UNITPRICE",
            "UnitPrice",
            "unitPrice",
            "unit_price",
            "UNIT_PRICE",
            "unit-price",
            "UNIT-PRICE",
        ];
        for ((style, case), expected) in STYLES.iter().zip(expected) {
            assert_eq!(Case::parse(style), Ok(*case));
            assert_eq!(case.apply("unit_price"), expected);
            assert_eq!(case.apply("UnitPrice"), expected);
        }
        assert_eq!(Case::Snake.apply("_a__b"), "a_b");
        assert_eq!(Case::Camel.apply("Übung_1"), "übung1");
        assert_eq!(Case::Pascal.apply(""), "");
    }

    #[test]
    fn a_style_that_is_none_is_told_with_those_that_are() {
        let message = Case::parse("snakecase").expect_err("no style");
        assert!(message.starts_with("`snakecase` is no style of names; there are `lowercase`,"));
    }
}

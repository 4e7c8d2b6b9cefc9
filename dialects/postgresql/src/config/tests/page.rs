//! The page for users tells every option and every variable as the code has them.

use aludel::dialect::{OptionClass, OptionInfo, OptionType};

use crate::config::OPTIONS;
use crate::config::environment::VARIABLES;

const PAGE: &str = include_str!("../../../../../docs/postgresql.md");

fn row(option: &OptionInfo) -> String {
    let values = match option.kind {
        OptionType::Text => "text".to_owned(),
        OptionType::Bool => "`true`, `false`".to_owned(),
        OptionType::Integer => "whole number".to_owned(),
        OptionType::Seconds => "seconds".to_owned(),
        OptionType::OneOf(words) => {
            words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        }
    };
    let default = match option.default {
        "" => String::new(),
        default => format!("`{default}`"),
    };
    let class = match option.class {
        OptionClass::File => "file",
        _ if option.secret => "secret",
        _ => "",
    };
    let meaning = option.doc.trim_end_matches('.');
    let cells =
        [format!("`{}`", option.name), values, default, class.to_owned(), meaning.to_owned()];
    let cells =
        cells.map(|cell| if cell.is_empty() { " ".to_owned() } else { format!(" {cell} ") });
    format!("|{}|", cells.join("|"))
}

#[test]
fn every_option_stands_in_the_page_with_its_values_default_and_class() {
    let rows: Vec<String> = OPTIONS.iter().map(row).collect();
    let table = rows.join("\n");
    assert!(PAGE.contains(&table), "the table of options must be\n{table}");
}

#[test]
fn every_variable_stands_in_the_page_beside_its_setting() {
    for (setting, variable) in VARIABLES {
        assert!(PAGE.contains(&format!("`{variable}`")), "{variable}, for {setting}");
    }
}

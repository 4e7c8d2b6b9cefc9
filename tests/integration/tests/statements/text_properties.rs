//! Texts of known fragments in the SQL of each dialect: binds are replaced, and nothing else is.

use aludel::dialect::{Dialect, ParamStyle, SqlRules};
use aludel::text::text;
use aludel_dialect_postgresql::Postgresql;
use aludel_dialect_sqlite::Sqlite;
use proptest::prelude::*;

/// A piece of a statement, and what it is.
#[derive(Debug, Clone)]
enum Fragment {
    /// Goes to the database as it is.
    Verbatim(String),
    /// A bind of this name, and what follows it without a blank.
    Bind(String, &'static str),
    /// `\:` and what follows, which loses its backslash.
    Escaped(String),
}

/// The rules of MySQL, whose dialect is not there yet: other quotes, other comments.
fn mysql() -> SqlRules {
    let mut rules = SqlRules::STANDARD;
    rules.backslash_escapes = true;
    rules.hash_comments = true;
    rules.backtick_quotes = true;
    rules.double_quoted_strings = true;
    rules
}

/// What hides binds in this dialect, beside what does in every one.
fn hidden(rules: &SqlRules) -> Vec<&'static str> {
    let mut all = vec![
        "':a'",
        "'it''s :a'",
        "\":a\"\"\"",
        "'100%s'",
        "-- :a 'x\n",
        "/* :a ' \" */",
        "'{\"k\":true}'",
        "''",
        "9:a",
        "x::int",
        "a:b",
    ];
    let own: [(bool, &[&str]); 7] = [
        (rules.dollar_quotes, &["$$ :a ' $$", "$x$ :a $$ $x$", "a$b$"]),
        (
            rules.escape_strings,
            &[
                r"E'\' :a'",
                r"e'\\'",
                r"E'it''s \' :a'",
                "E'a'\n'\\' :a'",
                "E'a' -- '\n  '\\' :a'",
                "-- :a '\r",
                r"$$ ' $$E'\' :a'",
            ],
        ),
        (rules.nested_comments, &["/* /* :a */ :b */"]),
        (rules.hash_comments, &["# :a ' \n"]),
        (rules.backtick_quotes, &["` :a '`"]),
        (rules.bracket_quotes, &["[ :a ']"]),
        (rules.backslash_escapes, &[r"'\' :a'", r"'\\'"]),
    ];
    own.iter().filter(|(has, _)| *has).for_each(|(_, some)| all.extend(*some));
    if !rules.backslash_escapes {
        all.push(r"'\'");
    }
    all
}

fn fragments(rules: &SqlRules) -> impl Strategy<Value = Vec<Fragment>> + use<> {
    let verbatim = prop_oneof![
        prop::sample::select(hidden(rules)).prop_map(str::to_owned),
        "[a-zé_][a-z0-9é_]{0,6}"
            .prop_filter("it would make a list of the bind", |word| word != "in"),
        "[-+*/=<>(),.;%?@!~^&|]",
        "[0-9]{1,5}",
    ]
    // Two of them together would be a comment.
    .prop_filter("a comment", |text| !matches!(text.as_str(), "--" | "/*"));
    let bind =
        ("[a-zA-Z_é0-9]{1,4}", prop::sample::select(vec!["", ",", ")", "::text", " ::int", "||"]));
    prop::collection::vec(
        prop_oneof![
            4 => verbatim.prop_map(Fragment::Verbatim),
            3 => bind.prop_map(|(name, after)| Fragment::Bind(name, after)),
            1 => "[a-z]{0,3}".prop_map(Fragment::Escaped),
        ],
        0..25,
    )
}

/// The statement, and what a database with this paramstyle gets of it.
fn both(fragments: &[Fragment], style: ParamStyle) -> (String, String, Vec<String>) {
    let (mut sql, mut sent) = (String::new(), String::new());
    let mut names: Vec<String> = Vec::new();
    let percent = matches!(style, ParamStyle::Format | ParamStyle::Pyformat);
    let verbatim = |text: &str| if percent { text.replace('%', "%%") } else { text.to_owned() };
    for fragment in fragments {
        match fragment {
            Fragment::Verbatim(text) => {
                sql += text;
                sent += &verbatim(text);
            }
            Fragment::Escaped(word) => {
                sql += &format!("\\:{word}");
                sent += &format!(":{word}");
            }
            Fragment::Bind(name, after) => {
                let known = names.iter().position(|known| known == name);
                let number = known.unwrap_or(names.len()) + 1;
                if known.is_none() {
                    names.push(name.clone());
                }
                sql += &format!(":{name}{after}");
                sent += &match style {
                    ParamStyle::Qmark => format!("?{after}"),
                    ParamStyle::Format => format!("%s{after}"),
                    ParamStyle::Numeric => format!(":{number}{after}"),
                    ParamStyle::NumericDollar => format!("${number}{after}"),
                    ParamStyle::Named => format!(":{name}{after}"),
                    ParamStyle::Pyformat => format!("%({name})s{after}"),
                };
            }
        }
        // What stands together could be something else.
        sql.push(' ');
        sent.push(' ');
    }
    (sql, sent, names)
}

const STYLES: [ParamStyle; 6] = [
    ParamStyle::Qmark,
    ParamStyle::Numeric,
    ParamStyle::NumericDollar,
    ParamStyle::Named,
    ParamStyle::Format,
    ParamStyle::Pyformat,
];

fn check(fragments: &[Fragment], rules: &SqlRules) -> Result<(), TestCaseError> {
    for style in STYLES {
        let mut rules = *rules;
        rules.paramstyle = style;
        let (sql, sent, names) = both(fragments, style);
        let compiled = text(&sql).compile(&rules);
        prop_assert_eq!(compiled.names().collect::<Vec<_>>(), names, "{}", &sql);
        let assembled = compiled.assemble(&[]).expect("binds that do not expand");
        prop_assert_eq!(&assembled.sql, &sent);
        let found: Vec<usize> = assembled.slots.iter().map(|slot| slot.bind()).collect();
        let repeats = matches!(style, ParamStyle::Qmark | ParamStyle::Format);
        if !repeats {
            prop_assert_eq!(found, (0..compiled.names().len()).collect::<Vec<_>>());
        }
    }
    Ok(())
}

macro_rules! dialects {
    ($($name:ident: $rules:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]
            $(
                #[test]
                fn $name(fragments in fragments(&$rules)) {
                    check(&fragments, &$rules)?;
                }
            )*
        }
    };
}

dialects! {
    binding_changes_nothing_but_binds_in_sqlites_sql: Sqlite::INFO.rules;
    binding_changes_nothing_but_binds_in_postgresqls_sql: Postgresql::INFO.rules;
    binding_changes_nothing_but_binds_in_mysqls_sql: mysql();
    binding_changes_nothing_but_binds_in_standard_sql: SqlRules::STANDARD;
}

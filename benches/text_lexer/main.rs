//! How long it takes to find the binds of a text, by its length.
//!
//! Texts are made of one piece again and again, also of pieces that make a careless lexer look
//! twice. Nanoseconds a byte that grow by more than the budget from the short text to the long one
//! make the exit code 1.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use aludel::dialect::{ParamStyle, SqlRules};
use aludel::text::text;
use aludel_benches::{Args, spread};

/// Bytes of the short text and of the long one, both short enough that their memory need not come
/// from the system each time.
const LENGTHS: [usize; 2] = [4_000, 100_000];

/// How much more a byte of the long text may cost. Looking at everything again for each piece would
/// be 25 times as much.
const BUDGET: f64 = 2.0;

/// Measurements of a round: short ones, of which some are not disturbed by other programs.
const SLICES: usize = 10;

const DIALECTS: [&str; 3] = ["PostgreSQL", "MySQL", "SQLite"];

/// What the texts are made of; `#` is a number that is another one each time.
const PIECES: [(&str, &str); 17] = [
    ("plain", "select a, b from t where x = 1 and y is null "),
    ("binds", ":a, :b, :a "),
    ("new binds", ":a#, "),
    ("quotes", "'it''s :a', \":b\", "),
    ("open quotes", "x''' "),
    ("casts", "x::int, :a::text, "),
    ("colons", ":::::"),
    ("glued", ":a:b"),
    ("escapes", "\\:a, \\::b "),
    ("comments", "-- :a\n/* :b */ "),
    ("open comments", "/* "),
    ("dollars", "$a$ $ab$ "),
    ("open dollars", "$aaaa"),
    ("escape strings", "E'it''s \\' :a'\n'b', "),
    ("open escapes", "E'a' \n "),
    ("returns", "-- :a\r"),
    ("lists", "x in :xs and "),
];

fn main() -> ExitCode {
    let args = Args::parse();
    let mut exit = ExitCode::SUCCESS;
    for (name, piece) in PIECES.iter().filter(|(name, _)| args.wants(name)) {
        let rounds = if args.test { 1 } else { args.rounds * SLICES };
        let [short, long] = LENGTHS.map(|length| {
            let sql = repeated(piece, if args.test { length / 100 } else { length });
            dialects().map(|rules| {
                let times = (0..=rounds).map(|_| nanos_a_byte(&sql, &rules)).skip(1);
                spread(&times.collect::<Vec<_>>()).min
            })
        });
        if args.test {
            println!("{name}: read");
            continue;
        }
        for ((short, long), dialect) in short.into_iter().zip(long).zip(DIALECTS) {
            let growth = long / short;
            println!(
                "  {name:<14} {dialect:<10} {short:.2} ns a byte, {long:.2}, growth {growth:.2}"
            );
            if growth > BUDGET {
                eprintln!("{name}: grows by more than {BUDGET}");
                exit = ExitCode::FAILURE;
            }
        }
    }
    exit
}

fn repeated(piece: &str, length: usize) -> String {
    let mut sql = String::with_capacity(length + piece.len() + 8);
    let mut number = 0;
    while sql.len() < length {
        sql.push_str(&piece.replace('#', &number.to_string()));
        number += 1;
    }
    sql
}

/// The rules of the dialects.
fn dialects() -> [SqlRules; 3] {
    let mut postgresql = SqlRules::STANDARD;
    postgresql.paramstyle = ParamStyle::NumericDollar;
    postgresql.dollar_quotes = true;
    postgresql.nested_comments = true;
    postgresql.escape_strings = true;
    let mut mysql = SqlRules::STANDARD;
    mysql.backslash_escapes = true;
    mysql.hash_comments = true;
    mysql.backtick_quotes = true;
    mysql.double_quoted_strings = true;
    let mut sqlite = SqlRules::STANDARD;
    sqlite.backtick_quotes = true;
    sqlite.bracket_quotes = true;
    [postgresql, mysql, sqlite]
}

fn nanos_a_byte(sql: &str, rules: &SqlRules) -> f64 {
    let statement = text(sql);
    let start = Instant::now();
    let compiled = statement.compile(black_box(rules));
    let elapsed = start.elapsed().as_secs_f64();
    black_box(compiled.names().len());
    elapsed * 1e9 / sql.len() as f64
}

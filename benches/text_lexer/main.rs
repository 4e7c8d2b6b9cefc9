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

/// Bytes of the short text and of the long one.
const LENGTHS: [usize; 2] = [20_000, 500_000];

/// How much more a byte of the long text may cost: its memory comes from the system and is in no
/// cache. Looking at everything again for each piece would be 25 times as much.
const BUDGET: f64 = 8.0;

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
        let rounds = if args.test { 1 } else { args.rounds };
        let [short, long] = LENGTHS.map(|length| {
            let sql = repeated(piece, if args.test { length / 100 } else { length });
            let times: Vec<f64> = (0..=rounds).map(|_| nanos_a_byte(&sql)).skip(1).collect();
            spread(&times).min
        });
        if args.test {
            println!("{name}: read");
            continue;
        }
        let growth = long / short;
        println!("  {name:<14} {short:.2} ns a byte, long {long:.2}, growth {growth:.2}");
        if growth > BUDGET {
            eprintln!("{name}: grows by more than {BUDGET}");
            exit = ExitCode::FAILURE;
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

fn nanos_a_byte(sql: &str) -> f64 {
    let mut rules = SqlRules::STANDARD;
    rules.paramstyle = ParamStyle::NumericDollar;
    rules.dollar_quotes = true;
    rules.nested_comments = true;
    rules.escape_strings = true;
    let statement = text(sql);
    let start = Instant::now();
    let compiled = statement.compile(black_box(&rules));
    let elapsed = start.elapsed().as_secs_f64();
    black_box(compiled.names().len());
    elapsed * 1e9 / sql.len() as f64
}

//! Parameters that are large, many, or look like something else.

use aludel::Value;

use crate::case;
use crate::case::Case;
use crate::compare::rows_alike;
use crate::flaw::Step;
use crate::show;
use crate::sql::marks;
use crate::trial::{ROUNDS, Trial};

/// Ten megabytes.
const LARGE: usize = 10 * 1024 * 1024;

pub(super) const CASES: &[Case] = &[
    case!(
        Parameters,
        text_is_data_whatever_it_looks_like,
        [],
        "Quotes, placeholders, comments and escapes in a parameter are text and never SQL.",
        "PEP 249, paramstyle; CWE-89"
    ),
    case!(
        Parameters,
        ten_megabytes_of_text_arrive_whole,
        [],
        "Large text goes in and comes out whole.",
        "aludel: conformance, hostile input"
    ),
    case!(
        Parameters,
        ten_megabytes_of_bytes_arrive_whole,
        [],
        "Large bytes go in and come out whole.",
        "aludel: conformance, hostile input"
    ),
    case!(
        Parameters,
        a_nul_in_text_arrives_or_is_refused,
        [],
        "Text with U+0000 arrives whole or is refused; it is never cut there.",
        "aludel: conformance, hostile input"
    ),
    case!(
        Parameters,
        a_statement_takes_as_many_parameters_as_are_declared,
        [],
        "A statement with as many parameters as the rules allow (1,000 where they know no limit).",
        "aludel: SqlRules::max_parameters"
    ),
];

fn text_is_data_whatever_it_looks_like(trial: &mut Trial) -> Step<()> {
    let table = trial.table("id {integer}, s {text}")?;
    let mut session = trial.connect()?;
    let insert = session.prepare(&format!("insert into {table} (id, s) values (?, ?)"))?;
    let texts = [
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\'",
        "?",
        "$1 :x @y %s %(z)s",
        "'); delete from t; --",
        "/* comment */ -- comment",
        "{text}",
        "\u{0001}\t\r\n",
        "100 %",
        "𝄞 ů \u{202e}",
    ];
    for (id, text) in texts.iter().enumerate() {
        trial.tried();
        let params = [(id as i64).into(), (*text).into()];
        session.execute(&insert, &params)?;
        let select = format!("select id, s from {table} where s = ?");
        session.expect_rows(&select, &[(*text).into()], &vec![params.to_vec()])?;
    }
    session.expect(&format!("select count(*) from {table}"), texts.len() as i64)
}

fn ten_megabytes_of_text_arrive_whole(trial: &mut Trial) -> Step<()> {
    let text: String = "0123456789abcdefů".chars().cycle().take(LARGE).collect();
    large_values_arrive(trial, "{text}", text.into())
}

fn ten_megabytes_of_bytes_arrive_whole(trial: &mut Trial) -> Step<()> {
    let bytes: Vec<u8> = (0..LARGE).map(|n| (n % 251) as u8).collect();
    large_values_arrive(trial, "{blob}", Value::Bytes(bytes))
}

fn large_values_arrive(trial: &mut Trial, ddl: &str, value: Value) -> Step<()> {
    let table = trial.table(&format!("id {{integer}}, x {ddl}"))?;
    let mut session = trial.connect()?;
    for id in 0..2 {
        let insert = format!("insert into {table} (id, x) values (?, ?)");
        session.run(&insert, &[id.into(), value.clone()])?;
    }
    let expected = vec![vec![0.into(), value.clone()], vec![1.into(), value]];
    session.expect_rows(&format!("select id, x from {table} order by id"), &[], &expected)
}

fn a_nul_in_text_arrives_or_is_refused(trial: &mut Trial) -> Step<()> {
    let table = trial.table("id {integer}, s {text}")?;
    let may_hold = trial.quirks().nul_in_text;
    let mut session = trial.connect()?;
    let insert = format!("insert into {table} (id, s) values (?, ?)");
    let texts = ["a\0b", "\0", "end\0"].into_iter().cycle().take(ROUNDS as usize);
    for (id, text) in texts.enumerate() {
        trial.tried();
        let id = id as i64;
        let params = [id.into(), text.into()];
        let stored = match may_hold {
            Some(true) => session.run(&insert, &params).map(|_| true)?,
            Some(false) => session.refusal(&insert, &params).map(|_| false)?,
            None => session.is_accepted(&insert, &params)?,
        };
        if stored {
            session.expect(&format!("select s from {table} where id = {id}"), text)?;
        } else if id < 3 {
            trial.cannot_represent(format!("{text:?} is refused"));
        }
    }
    session.run(&insert, &[100.into(), "plain".into()])?;
    session.expect(&format!("select s from {table} where id = 100"), "plain")
}

fn a_statement_takes_as_many_parameters_as_are_declared(trial: &mut Trial) -> Step<()> {
    let declared = trial.target().info().rules.max_parameters;
    let most = if declared == 0 { 1000 } else { i64::from(declared.min(65_535)) };
    let table = trial.filled_table(3)?;
    let mut session = trial.connect()?;
    for number in [1, 255, 256, 999, most] {
        let number = number.min(most);
        trial.tried();
        // The one that is found stands last.
        let params: Vec<Value> = (1..=number).map(|n| (2 + number - n).into()).collect();
        let text = format!("select n from {table} where n in ({})", marks(params.len()));
        let found = session.query(&text, &params)?;
        let mut expected = vec![vec![2.into()]];
        if number >= 2 {
            expected.push(vec![3.into()]);
        }
        if !rows_alike(&found.rows, &expected) {
            let (expected, got) = (show::rows(&expected), show::rows(&found.rows));
            return Err(session.wrong(&text, &params[..3.min(params.len())], &expected, &got));
        }
    }
    Ok(())
}

//! Texts that hold no statement, one, or several, and names in quotes.

use aludel::abi::host::Limits;
use aludel::dbapi::{PrepareOptions, ScriptOutcome};

use super::execute::expect_answer;
use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::{Prepared, done, is_refusal};
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Execute,
        quoted_names_hold_anything,
        [],
        "A quoted identifier may be a reserved word and may hold spaces, quotes and any letter.",
        "ISO/IEC 9075-2, 5.2 <delimited identifier>; aludel: SqlRules::quote_identifier"
    ),
    case!(
        Execute,
        a_text_without_a_statement_prepares_nothing,
        [],
        "White space holds no statement: it is neither executed nor an error.",
        "aludel: Prepared::statement"
    ),
    case!(
        Execute,
        the_statements_of_a_text_are_prepared_in_turn,
        [],
        "Preparing takes the first statement of a text and tells where the next one begins.",
        "aludel: Connection::prepare, Prepared::consumed"
    ),
    case!(
        Execute,
        a_script_runs_to_its_end_or_tells_how_far_it_came,
        [],
        "A script executes every statement; after an error it tells where the last good one ends.",
        "aludel: Connection::execute_script"
    ),
];

fn quoted_names_hold_anything(trial: &mut Trial) -> Step<()> {
    let rules = trial.target().info().rules;
    let integer = trial.quirks().words.integer.clone();
    let mut session = trial.connect()?;
    let base = trial.name();
    let close = rules.identifier_quote_close;
    for suffix in [" a b", "-ů", ".x", " select", &format!("q{close}q"), "; --", "%s", "Upper"] {
        trial.tried();
        let table = rules.quote_identifier(&format!("{base}{suffix}"));
        let column = rules.quote_identifier(&format!("order{suffix}"));
        trial.will_drop(&table);
        session.run(&format!("create table {table} ({column} {integer})"), &[])?;
        session.run(&format!("insert into {table} ({column}) values (?)"), &[7.into()])?;
        let text = format!("select {column} from {table}");
        let answer = session.query(&text, &[])?;
        let name = format!("order{suffix}");
        if answer.names() != [name.as_str()] {
            return Err(session.wrong(&text, &[], &name, &answer.names().join(", ")));
        }
        session.expect(&text, 7)?;
    }
    Ok(())
}

fn a_text_without_a_statement_prepares_nothing(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for text in ["", " ", "\n\t "] {
        let prepared = session.raw().prepare(text, PrepareOptions::default(), Limits::NONE);
        let (statement, consumed) = done("prepare white space", prepared)?;
        let got = format!("{statement:?}, {consumed} bytes");
        let holds = statement.is_none() && consumed == text.len();
        ensure(holds, "prepare white space", "no statement, all bytes taken", got)?;
        session.expect(&query, 42)?;
    }
    Ok(())
}

fn the_statements_of_a_text_are_prepared_in_turn(trial: &mut Trial) -> Step<()> {
    let nothing = trial.quirks().from_nothing;
    let statements = [
        format!("select 'a;b'{nothing};"),
        format!(" select 2{nothing} ; "),
        format!("\nselect 'ů'{nothing}"),
    ];
    let (text, expected) = (statements.concat(), ["a;b".into(), 2.into(), "ů".into()]);
    let mut session = trial.connect()?;
    session.note(&text);
    let mut at = 0;
    for value in expected {
        let rest = text.get(at..).unwrap_or("");
        let prepared = session.raw().prepare(rest, PrepareOptions::default(), Limits::NONE);
        let (statement, consumed) = done("prepare the rest of a text", prepared)?;
        let Some(statement) = statement else {
            return Err(session.wrong(rest, &[], "a statement", "nothing"));
        };
        let prepared = Prepared { statement, sql: rest.to_owned() };
        let answer = session.execute(&prepared, &[])?;
        expect_answer(&session, rest, &answer.rows, &[vec![value]])?;
        at += consumed;
    }
    ensure(at == text.len(), "prepare", format!("{} bytes taken", text.len()), at.to_string())
}

fn a_script_runs_to_its_end_or_tells_how_far_it_came(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let good = format!("insert into {table} (n) values ({round});");
        let script = format!("{good}\n{good}");
        let mut outcome = ScriptOutcome::default();
        session.note(&script);
        done("script", session.raw().execute_script(&script, &mut outcome, Limits::NONE))?;
        let whole = outcome.consumed == script.len();
        ensure(whole, "script", format!("{} bytes", script.len()), outcome.consumed.to_string())?;
        let broken = format!("{good} no such statement; {good}");
        session.note(&broken);
        let result = session.raw().execute_script(&broken, &mut outcome, Limits::NONE);
        let failed = result.as_ref().err().is_some_and(is_refusal);
        ensure(failed, "script", "the error of its second statement", format!("{result:?}"))?;
        let (end, got) = (good.len(), outcome.consumed);
        // White space after the statement may belong to it.
        let told = got == end || got == end + 1;
        ensure(told, "script", format!("good until byte {end}"), format!("{got}"))?;
        session.expect(&format!("select count(*) from {table}"), 3 * round)?;
    }
    Ok(())
}

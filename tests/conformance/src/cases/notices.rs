//! Notices: what the server says beside its answers.

use aludel::dbapi::Notice;

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::quirks::Notices;
use crate::session::Session;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Notices,
        a_notice_tells_its_message_its_severity_and_its_sqlstate,
        [Notices],
        "A notice carries the server's message, its severity, and an SQLSTATE where there is one.",
        "PEP 249, Connection.messages; PostgreSQL manual, 55.8; ISO/IEC 9075-2, SQLSTATE class 01"
    ),
    case!(
        Notices,
        each_notice_is_told_once,
        [Notices],
        "A notice that was taken does not come again, and statements without one bring none.",
        "aludel: Connection::next_notice"
    ),
    case!(
        Notices,
        notices_come_in_their_order,
        [Notices],
        "Notices of a statement, and those of several, come in the order of the server.",
        "PEP 249, Connection.messages"
    ),
    case!(
        Notices,
        notices_are_those_of_their_own_connection,
        [Notices],
        "A connection hears what the server said to it, not what it said to others.",
        "PEP 249, Connection.messages"
    ),
    case!(
        Notices,
        a_message_arrives_whole,
        [Notices],
        "Long messages, quotes, line breaks and every character arrive as they were sent.",
        "aludel: Notice::message"
    ),
    case!(
        Notices,
        a_notice_survives_the_error_of_the_next_statement,
        [Notices],
        "What was said before an error is still there after it.",
        "PEP 249, Connection.messages; aludel: Connection::next_notice"
    ),
];

fn words(trial: &Trial) -> Step<Notices> {
    let words = trial.quirks().notices;
    words.ok_or_else(|| trial.unsupported("the quirks know nothing that sends a notice"))
}

fn send(session: &mut Session, words: &Notices, text: &str) -> Step<()> {
    let statement = fill(words.send, &[("text", &text.replace('\'', "''"))]);
    session.run(&statement, &[]).map(drop)
}

/// Fails unless these messages have come, in this order, and no others.
fn expect(session: &mut Session, messages: &[String]) -> Step<()> {
    let notices = session.notices()?;
    let got: Vec<&str> = notices.iter().map(|notice| notice.message.as_str()).collect();
    ensure(got == messages, "the notices", format!("{messages:?}"), format!("{got:?}"))
}

fn a_notice_tells_its_message_its_severity_and_its_sqlstate(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let text = format!("notice {round}");
        send(&mut session, &words, &text)?;
        let notices = session.notices()?;
        let holds = |notice: &Notice| {
            notice.message == text
                && notice.severity.eq_ignore_ascii_case(words.severity)
                && notice.sqlstate.as_deref() == words.sqlstate
        };
        let expected = format!("{} {:?} {text}", words.severity, words.sqlstate);
        let all = notices.len() == 1 && notices.iter().all(holds);
        ensure(all, "the notice", expected, format!("{notices:?}"))?;
    }
    Ok(())
}

fn each_notice_is_told_once(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    // What the server says of a connection is not what this is about.
    session.notices()?;
    for round in 0..ROUNDS {
        session.expect(&format!("select n from {table}"), 1)?;
        expect(&mut session, &[])?;
        let text = format!("once {round}");
        send(&mut session, &words, &text)?;
        expect(&mut session, &[text])?;
        expect(&mut session, &[])?;
        session.expect(&format!("select count(*) from {table}"), 1)?;
        expect(&mut session, &[])?;
    }
    Ok(())
}

fn notices_come_in_their_order(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let count = 3 * round;
        send(&mut session, &words, "before")?;
        session.run(&fill(words.send_many, &[("count", &count.to_string())]), &[])?;
        send(&mut session, &words, "after")?;
        let numbers = (1..=count).map(|number| number.to_string());
        let expected: Vec<String> =
            ["before".to_owned()].into_iter().chain(numbers).chain(["after".to_owned()]).collect();
        expect(&mut session, &expected)?;
    }
    Ok(())
}

fn notices_are_those_of_their_own_connection(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let (mut one, mut other) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        let (first, second) = (format!("first {round}"), format!("second {round}"));
        send(&mut one, &words, &first)?;
        send(&mut other, &words, &second)?;
        expect(&mut one, &[first])?;
        expect(&mut other, &[second])?;
    }
    Ok(())
}

fn a_message_arrives_whole(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let mut session = trial.connect()?;
    for text in [
        "it's \"quoted\"",
        "100 % %s",
        "line\nbreak\ttab",
        "příliš žluťoučký kůň 🐎",
        "back\\slash \\n",
        &"long ".repeat(words.longest.min(20_000) / 5),
        "a",
        " spaces around ",
    ] {
        trial.tried();
        send(&mut session, &words, text)?;
        expect(&mut session, &[text.to_owned()])?;
    }
    Ok(())
}

fn a_notice_survives_the_error_of_the_next_statement(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.name();
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let text = format!("before the error {round}");
        send(&mut session, &words, &text)?;
        session.refusal(&format!("select n from {table}"), &[])?;
        expect(&mut session, &[text])?;
    }
    session.expect_alive()
}

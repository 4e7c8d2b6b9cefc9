//! Two-phase commit: what is prepared stays, until any connection ends it.

use aludel::dbapi::{TransactionState, TwoPhase};

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::Session;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        TwoPhase,
        a_prepared_transaction_is_kept_until_it_is_committed,
        [TwoPhase],
        "What is prepared is seen by nobody, and by everybody once it is committed.",
        "PEP 249, Connection.tpc_prepare, tpc_commit; X/Open XA, xa_prepare"
    ),
    case!(
        TwoPhase,
        another_connection_commits_what_was_prepared,
        [TwoPhase],
        "A prepared transaction outlives its connection, and another one commits it.",
        "PEP 249, Connection.tpc_recover; X/Open XA, xa_recover"
    ),
    case!(
        TwoPhase,
        a_prepared_transaction_is_rolled_back,
        [TwoPhase],
        "Rolling back a prepared transaction undoes it, also from another connection.",
        "PEP 249, Connection.tpc_rollback"
    ),
    case!(
        TwoPhase,
        prepared_transactions_are_recovered_by_their_identifiers,
        [TwoPhase],
        "The identifiers of what is prepared are told as they were given, and no others.",
        "PEP 249, Connection.tpc_recover"
    ),
    case!(
        TwoPhase,
        an_identifier_is_taken_while_its_transaction_is_prepared,
        [TwoPhase],
        "A second transaction of the same identifier is refused, and the first one stays.",
        "X/Open XA, XAER_DUPID; PostgreSQL manual, PREPARE TRANSACTION"
    ),
    case!(
        TwoPhase,
        an_unknown_identifier_is_refused,
        [TwoPhase],
        "Committing or rolling back what nobody prepared is an error.",
        "X/Open XA, XAER_NOTA; PEP 249, Connection.tpc_commit"
    ),
    case!(
        TwoPhase,
        what_is_not_prepared_yet_is_rolled_back_as_any_transaction,
        [TwoPhase],
        "Rolling back before the first phase leaves nothing, and nothing to recover.",
        "PEP 249, Connection.tpc_rollback"
    ),
    case!(
        TwoPhase,
        a_connection_is_free_after_the_first_phase,
        [TwoPhase],
        "After preparing the connection is in no transaction, and begins others.",
        "X/Open XA, 2.3: associations of threads; PostgreSQL manual, PREPARE TRANSACTION"
    ),
    case!(
        TwoPhase,
        an_identifier_is_any_text,
        [TwoPhase],
        "Identifiers are quoted: they may hold quotes, spaces and any character.",
        "PEP 249, Connection.xid; aludel: Connection::two_phase"
    ),
];

/// Begins a two-phase transaction that inserts `n`, and ends its first phase.
fn prepare(session: &mut Session, xid: &str, table: &str, n: i64) -> Step<()> {
    session.two_phase(TwoPhase::Begin, xid)?;
    session.run(&format!("insert into {table} (n) values ({n})"), &[])?;
    session.two_phase(TwoPhase::Prepare, xid)
}

fn expect_recovered(session: &mut Session, xid: &str, there: bool) -> Step<()> {
    let recovered = session.recover()?;
    let found = recovered.iter().filter(|known| *known == xid).count();
    let expected = format!("{xid} {}", if there { "once" } else { "not" });
    ensure(found == usize::from(there), "recover", expected, format!("{recovered:?}"))
}

fn a_prepared_transaction_is_kept_until_it_is_committed(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut session, mut reader) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        let xid = trial.xid();
        prepare(&mut session, &xid, &table, round)?;
        reader.expect(&count, round)?;
        session.expect(&count, round)?;
        session.two_phase(TwoPhase::Commit, &xid)?;
        reader.expect(&count, round + 1)?;
        session.expect(&format!("select max(n) from {table}"), round)?;
    }
    Ok(())
}

fn another_connection_commits_what_was_prepared(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    for round in 0..ROUNDS {
        let xid = trial.xid();
        let mut first = trial.connect()?;
        prepare(&mut first, &xid, &table, round)?;
        match round % 2 {
            0 => first.close()?,
            _ => drop(first),
        }
        let mut second = trial.connect()?;
        second.expect(&count, round)?;
        expect_recovered(&mut second, &xid, true)?;
        second.two_phase(TwoPhase::Commit, &xid)?;
        second.expect(&count, round + 1)?;
        expect_recovered(&mut second, &xid, false)?;
    }
    Ok(())
}

fn a_prepared_transaction_is_rolled_back(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut session, mut other) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        for from_other in [false, true] {
            let xid = trial.xid();
            prepare(&mut session, &xid, &table, round)?;
            let ending = if from_other { &mut other } else { &mut session };
            ending.two_phase(TwoPhase::Rollback, &xid)?;
            ending.expect(&count, round)?;
            expect_recovered(ending, &xid, false)?;
        }
        // The control: the same with a commit.
        let xid = trial.xid();
        prepare(&mut session, &xid, &table, round)?;
        session.two_phase(TwoPhase::Commit, &xid)?;
        other.expect(&count, round + 1)?;
    }
    Ok(())
}

fn prepared_transactions_are_recovered_by_their_identifiers(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let (mut session, mut other) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        let xids = [trial.xid(), trial.xid()];
        expect_recovered(&mut other, &xids[0], false)?;
        for xid in &xids {
            prepare(&mut session, xid, &table, round)?;
        }
        for xid in &xids {
            expect_recovered(&mut other, xid, true)?;
            expect_recovered(&mut session, xid, true)?;
        }
        other.two_phase(TwoPhase::Commit, &xids[0])?;
        expect_recovered(&mut session, &xids[0], false)?;
        expect_recovered(&mut session, &xids[1], true)?;
        other.two_phase(TwoPhase::Rollback, &xids[1])?;
        expect_recovered(&mut session, &xids[1], false)?;
        session.expect(&format!("select count(*) from {table}"), round + 1)?;
    }
    Ok(())
}

fn an_identifier_is_taken_while_its_transaction_is_prepared(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut session, mut other) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        let xid = trial.xid();
        prepare(&mut session, &xid, &table, 1)?;
        // Databases look at the identifier at the beginning or at the end of the first phase.
        other.note("begin of the same identifier");
        let limits = aludel::abi::host::Limits::NONE;
        if other.raw().two_phase(TwoPhase::Begin, &xid, limits).is_ok() {
            other.run(&format!("insert into {table} (n) values (2)"), &[])?;
            other.refusal_of_two_phase(TwoPhase::Prepare, &xid)?;
        }
        other.rollback()?;
        other.expect(&count, round)?;
        other.two_phase(TwoPhase::Commit, &xid)?;
        other.expect(&count, round + 1)?;
        other.expect(&format!("select max(n) from {table}"), 1)?;
    }
    Ok(())
}

fn an_unknown_identifier_is_refused(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let xid = trial.xid();
        session.refusal_of_two_phase(TwoPhase::Commit, &xid)?;
        session.refusal_of_two_phase(TwoPhase::Rollback, &xid)?;
        // The control: one that is known, once.
        prepare(&mut session, &xid, &table, round)?;
        session.two_phase(TwoPhase::Commit, &xid)?;
        session.refusal_of_two_phase(TwoPhase::Commit, &xid)?;
        session.expect(&format!("select count(*) from {table}"), round + 1)?;
    }
    Ok(())
}

fn what_is_not_prepared_yet_is_rolled_back_as_any_transaction(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let (mut session, mut reader) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        let xid = trial.xid();
        session.two_phase(TwoPhase::Begin, &xid)?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.expect(&count, round + 1)?;
        session.rollback()?;
        reader.expect(&count, round)?;
        expect_recovered(&mut reader, &xid, false)?;
        // The control: the identifier is free.
        prepare(&mut session, &xid, &table, round)?;
        session.two_phase(TwoPhase::Commit, &xid)?;
        reader.expect(&count, round + 1)?;
    }
    Ok(())
}

fn a_connection_is_free_after_the_first_phase(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let xid = trial.xid();
        prepare(&mut session, &xid, &table, 1)?;
        let state = session.raw().transaction_state();
        let free = matches!(state, TransactionState::Idle | TransactionState::Unknown);
        ensure(free, "transaction_state after prepare", "Idle", format!("{state:?}"))?;
        session.begin()?;
        session.expect(&count, 2 * round)?;
        session.run(&format!("insert into {table} (n) values (2)"), &[])?;
        session.commit()?;
        session.expect(&count, 2 * round + 1)?;
        session.two_phase(TwoPhase::Commit, &xid)?;
        session.expect(&count, 2 * round + 2)?;
    }
    Ok(())
}

fn an_identifier_is_any_text(trial: &mut Trial) -> Step<()> {
    let longest = trial.quirks().xid_length;
    let table = trial.table("n {integer}")?;
    let (mut session, mut other) = (trial.connect()?, trial.connect()?);
    let mut rows = 0;
    for odd in ["two words", "it's", "a\"b", "back\\slash", "$$", "x'; drop table y; --", "ůž", ""]
    {
        trial.tried();
        let mut xid = format!("{}{odd}", trial.xid());
        if odd.is_empty() {
            xid.push_str(&"x".repeat(longest.saturating_sub(xid.len())));
        }
        trial.will_end(&xid);
        prepare(&mut session, &xid, &table, 1)?;
        expect_recovered(&mut other, &xid, true)?;
        other.two_phase(TwoPhase::Commit, &xid)?;
        rows += 1;
        other.expect(&format!("select count(*) from {table}"), rows)?;
    }
    Ok(())
}

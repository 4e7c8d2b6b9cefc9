//! Notifications: what connections tell one another through the server.

use std::thread;
use std::time::{Duration, Instant};

use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::quirks::Notifications;
use crate::session::Session;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Notifications,
        another_connection_hears_what_is_sent,
        [Notifications],
        "Who listens to a channel hears its payload, once, and knows the channel.",
        "PostgreSQL manual, NOTIFY, LISTEN; aludel: Connection::next_notification"
    ),
    case!(
        Notifications,
        only_who_listens_hears,
        [Notifications],
        "Nobody hears a channel before listening to it, nor after ceasing to, nor another channel.",
        "PostgreSQL manual, LISTEN, UNLISTEN"
    ),
    case!(
        Notifications,
        notifications_come_in_their_order,
        [Notifications],
        "What one connection sends is heard in the order in which it was sent.",
        "PostgreSQL manual, NOTIFY"
    ),
    case!(
        Notifications,
        what_a_transaction_sends_is_heard_when_it_commits,
        [Notifications, Transactions],
        "Nothing is heard of a transaction before it commits, and never of one that rolls back.",
        "PostgreSQL manual, NOTIFY"
    ),
    case!(
        Notifications,
        a_payload_arrives_whole,
        [Notifications],
        "Payloads arrive as they were sent, up to the longest.",
        "PostgreSQL manual, NOTIFY: shorter than 8000 bytes"
    ),
    case!(
        Notifications,
        waiting_ends_at_its_deadline_or_soon_after_something_came,
        [Notifications],
        "Who waits is woken by what comes, and else at the deadline, with nothing.",
        "aludel: Connection::next_notification, Call::remaining"
    ),
    case!(
        Notifications,
        statements_and_notifications_do_not_disturb_one_another,
        [Notifications],
        "What comes while statements are executed is kept until it is asked for.",
        "PostgreSQL manual, 55.2.7 Asynchronous Operations"
    ),
];

/// Time for what must come; it is used up only when it does not.
const LONG: Duration = Duration::from_secs(10);
/// Time in which what must not come would have come.
const SHORT: Duration = Duration::from_millis(40);

fn words(trial: &Trial) -> Step<Notifications> {
    let words = trial.quirks().notifications;
    words.ok_or_else(|| trial.unsupported("the quirks know nothing that notifies"))
}

fn tell(session: &mut Session, template: &str, channel: &str, payload: &str) -> Step<()> {
    let payload = payload.replace('\'', "''");
    let statement = fill(template, &[("channel", channel), ("payload", &payload)]);
    session.run(&statement, &[]).map(drop)
}

fn expect(session: &mut Session, channel: &str, payload: &str) -> Step<()> {
    let heard = session.notification(LONG)?;
    let holds =
        heard.as_ref().is_some_and(|heard| heard.channel == channel && heard.payload == payload);
    let expected = format!("{payload:.100} on {channel}");
    let got = heard
        .map_or("nothing".into(), |heard| format!("{:.100} on {}", heard.payload, heard.channel));
    ensure(holds, "the notification", expected, got)
}

fn expect_nothing(session: &mut Session) -> Step<()> {
    let heard = session.notification(SHORT)?;
    ensure(heard.is_none(), "the notification", "nothing", format!("{heard:?}"))
}

fn another_connection_hears_what_is_sent(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let channel = trial.name();
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    tell(&mut listener, words.listen, &channel, "")?;
    for round in 0..ROUNDS {
        let payload = format!("payload {round}");
        tell(&mut sender, words.notify, &channel, &payload)?;
        expect(&mut listener, &channel, &payload)?;
        expect_nothing(&mut listener)?;
    }
    Ok(())
}

fn only_who_listens_hears(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        let (channel, other) = (trial.name(), trial.name());
        let payload = round.to_string();
        tell(&mut sender, words.notify, &channel, &payload)?;
        expect_nothing(&mut listener)?;
        tell(&mut listener, words.listen, &channel, "")?;
        tell(&mut sender, words.notify, &other, &payload)?;
        expect_nothing(&mut listener)?;
        // The control: what it listens to.
        tell(&mut sender, words.notify, &channel, &payload)?;
        expect(&mut listener, &channel, &payload)?;
        tell(&mut listener, words.unlisten, &channel, "")?;
        tell(&mut sender, words.notify, &channel, &payload)?;
        expect_nothing(&mut listener)?;
    }
    Ok(())
}

fn notifications_come_in_their_order(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let channels = [trial.name(), trial.name()];
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    for channel in &channels {
        tell(&mut listener, words.listen, channel, "")?;
    }
    for round in 1..=ROUNDS as usize {
        let count = 2 + round;
        for number in 0..count {
            tell(&mut sender, words.notify, &channels[number % 2], &number.to_string())?;
        }
        for number in 0..count {
            expect(&mut listener, &channels[number % 2], &number.to_string())?;
        }
    }
    expect_nothing(&mut listener)
}

fn what_a_transaction_sends_is_heard_when_it_commits(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let channel = trial.name();
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    tell(&mut listener, words.listen, &channel, "")?;
    for round in 0..ROUNDS {
        sender.begin()?;
        tell(&mut sender, words.notify, &channel, "undone")?;
        expect_nothing(&mut listener)?;
        sender.rollback()?;
        sender.begin()?;
        let payload = format!("done {round}");
        tell(&mut sender, words.notify, &channel, &payload)?;
        expect_nothing(&mut listener)?;
        sender.commit()?;
        expect(&mut listener, &channel, &payload)?;
    }
    Ok(())
}

fn a_payload_arrives_whole(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let channel = trial.name();
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    tell(&mut listener, words.listen, &channel, "")?;
    for payload in [
        "a",
        "it's \"quoted\"",
        "line\nbreak\ttab",
        "příliš žluťoučký kůň 🐎",
        "back\\slash \\n",
        " spaces around ",
        "100 % %s ? $1",
        &"x".repeat(words.longest.min(100_000)),
    ] {
        trial.tried();
        tell(&mut sender, words.notify, &channel, payload)?;
        expect(&mut listener, &channel, payload)?;
    }
    Ok(())
}

fn waiting_ends_at_its_deadline_or_soon_after_something_came(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let channel = trial.name();
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    tell(&mut listener, words.listen, &channel, "")?;
    for round in 0..ROUNDS {
        let begun = Instant::now();
        expect_nothing(&mut listener)?;
        let elapsed = begun.elapsed();
        let what = "waiting for nothing";
        ensure(elapsed >= SHORT, what, format!("{SHORT:?} at least"), format!("{elapsed:?}"))?;
        let payload = round.to_string();
        let begun = Instant::now();
        thread::scope(|scope| {
            let sending = scope.spawn(|| {
                thread::sleep(SHORT);
                tell(&mut sender, words.notify, &channel, &payload)
            });
            let heard = expect(&mut listener, &channel, &payload);
            let panicked = |_| Err(Flaw::mismatch("notify", "no panic", "a panic"));
            sending.join().unwrap_or_else(panicked).and(heard)
        })?;
        let elapsed = begun.elapsed();
        ensure(elapsed < LONG / 2, "waiting for something", "to be woken", format!("{elapsed:?}"))?;
    }
    Ok(())
}

fn statements_and_notifications_do_not_disturb_one_another(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let channel = trial.name();
    let table = trial.filled_table(300)?;
    let (mut listener, mut sender) = (trial.connect()?, trial.connect()?);
    tell(&mut listener, words.listen, &channel, "")?;
    for round in 0..ROUNDS {
        let payload = round.to_string();
        tell(&mut sender, words.notify, &channel, &payload)?;
        listener.expect(&format!("select count(*) from {table}"), 300)?;
        listener.refusal(&format!("select n from {table}_missing"), &[])?;
        listener.expect(&format!("select max(n) from {table}"), 300)?;
        expect(&mut listener, &channel, &payload)?;
        expect_nothing(&mut listener)?;
    }
    Ok(())
}

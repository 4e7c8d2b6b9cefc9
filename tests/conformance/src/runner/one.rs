//! One case, on a thread of its own, until its deadline.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::case::Case;
use crate::flaw::{Failure, Flaw, Step};
use crate::journal::Journal;
use crate::outcome::{Outcome, Verdict};
use crate::quirks::Quirks;
use crate::target::Target;
use crate::trial::Trial;

/// What a case gave and noted.
struct Gave {
    result: Step<()>,
    notes: Vec<String>,
    expansions: usize,
    is_partial: bool,
    /// What it had done by its end.
    history: Vec<String>,
}

/// Runs a case. A case that does not end in time is left behind with its thread.
pub(super) fn run(
    case: &Case,
    target: &Arc<Target>,
    quirks: &Arc<Quirks>,
    deadline: Duration,
) -> Verdict {
    let info = target.info();
    let missing: Vec<&str> =
        case.needs.iter().filter(|need| !info.has(**need)).map(|need| need.name()).collect();
    let begun = Instant::now();
    if !missing.is_empty() && !case.tried_undeclared {
        let why = format!("not declared: {}", missing.join(", "));
        return verdict(case, begun, Outcome::Unsupported, vec![why]);
    }
    let journal = Journal::default();
    let gave = on_a_thread(case, target, quirks, &journal, deadline);
    let is_declared = missing.is_empty() && !declares_nothing(target);
    judge(case, gave, &missing, is_declared, begun)
}

/// True for a dialect that says nothing of what it can do.
fn declares_nothing(target: &Target) -> bool {
    let info = target.info();
    info.capabilities.is_empty() && info.type_names.is_empty() && info.isolation_levels.is_empty()
}

fn on_a_thread(
    case: &Case,
    target: &Arc<Target>,
    quirks: &Arc<Quirks>,
    journal: &Journal,
    deadline: Duration,
) -> Gave {
    let (sender, receiver) = channel();
    let (check, name) = (case.check, case.name());
    let (target, quirks, written) = (Arc::clone(target), Arc::clone(quirks), journal.clone());
    let spawned = thread::Builder::new().name(name).spawn(move || {
        let mut trial = Trial::new(target, quirks, written.clone());
        let result = catch_unwind(AssertUnwindSafe(|| check(&mut trial)));
        let result = result.unwrap_or_else(|panic| {
            Err(Flaw::mismatch("the case", "no panic", message_of(panic.as_ref())))
        });
        let history = written.history();
        // A panic while cleaning up has nothing to add to the result.
        let _ = catch_unwind(AssertUnwindSafe(|| trial.clean_up()));
        let (notes, expansions) = (std::mem::take(&mut trial.notes), trial.expansions);
        // The runner has gone on when nobody listens.
        let is_partial = trial.is_partial;
        let _ = sender.send(Gave { result, notes, expansions, is_partial, history });
    });
    let lost = |got: String| Gave {
        result: Err(Flaw::mismatch("the case", "an end in time", got)),
        notes: Vec::new(),
        expansions: 0,
        is_partial: false,
        history: journal.history(),
    };
    if let Err(error) = spawned {
        return lost(format!("no thread: {error}"));
    }
    match receiver.recv_timeout(deadline) {
        Ok(gave) => gave,
        Err(RecvTimeoutError::Timeout) => {
            lost(format!("it still runs after {} s", deadline.as_secs_f64()))
        }
        Err(RecvTimeoutError::Disconnected) => lost("its thread ended without a word".into()),
    }
}

fn judge(case: &Case, gave: Gave, missing: &[&str], is_declared: bool, begun: Instant) -> Verdict {
    let mut notes = gave.notes;
    let not_declared = match missing.is_empty() {
        true => "the dialect declares nothing".to_owned(),
        false => format!("not declared: {}", missing.join(", ")),
    };
    let (outcome, failure) = match gave.result {
        Ok(()) if !is_declared => {
            notes.push(format!("{not_declared}; it works all the same"));
            (Outcome::Underclaim, None)
        }
        Ok(()) if gave.is_partial => (Outcome::Partial, None),
        Ok(()) => (Outcome::Pass, None),
        Err(Flaw::Unsupported(why)) => {
            notes.push(why);
            (Outcome::Unsupported, None)
        }
        Err(Flaw::Failed(_)) if !missing.is_empty() => {
            notes.push(not_declared);
            (Outcome::Unsupported, None)
        }
        Err(Flaw::Failed(failure)) => {
            let is_claimed = failure.absent && !case.needs.is_empty();
            let failure = Failure { history: gave.history, ..*failure };
            (if is_claimed { Outcome::Overclaim } else { Outcome::Fail }, Some(failure))
        }
    };
    let verdict = verdict(case, begun, outcome, notes);
    Verdict { failure, expansions: gave.expansions, ..verdict }
}

fn verdict(case: &Case, begun: Instant, outcome: Outcome, notes: Vec<String>) -> Verdict {
    let elapsed = begun.elapsed();
    Verdict { case: *case, outcome, failure: None, notes, expansions: 0, elapsed }
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a panic: {}", text.unwrap_or_else(|| "without a message".into()))
}

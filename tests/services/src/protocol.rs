//! What the front and the keeper of one start have agreed on: files, and lines on two pipes.

/// The line on the keeper's standard input after which the servers outlive the front.
pub const DETACH: &str = "detach";

/// The socket on which a keeper can be asked to end.
pub const SOCKET: &str = "keeper.sock";

/// The file of variables that a keeper writes when all is up.
pub const VARIABLES: &str = "env";

/// The file of what came of each server that a keeper writes when all is up.
pub const REPORTS: &str = "reports";

/// What a front can have done to one of its servers. [`crate::Server`] says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ends all its processes at once.
    Kill,
    /// Ends one process that serves a session.
    KillBackend(u32),
    /// Stops all its processes in their tracks.
    Pause,
    /// Lets them go on.
    Resume,
    /// Ends it as an administrator would.
    Stop,
    /// Starts it again.
    Start,
    /// Makes a standby a primary.
    Promote,
    /// Asks for its process.
    Pid,
    /// Asks for the processes that serve sessions.
    Backends,
}

impl Action {
    /// The words for it, to which [`Action::parse`] is the way back.
    pub fn words(self) -> String {
        match self {
            Self::Kill => "kill".into(),
            Self::KillBackend(pid) => format!("kill-backend {pid}"),
            Self::Pause => "pause".into(),
            Self::Resume => "resume".into(),
            Self::Stop => "stop".into(),
            Self::Start => "start".into(),
            Self::Promote => "promote".into(),
            Self::Pid => "pid".into(),
            Self::Backends => "backends".into(),
        }
    }

    /// The action that `words` stand for.
    pub fn parse(words: &str) -> Option<Self> {
        let plain = [
            Self::Kill,
            Self::Pause,
            Self::Resume,
            Self::Stop,
            Self::Start,
            Self::Promote,
            Self::Pid,
            Self::Backends,
        ];
        let backend = || words.strip_prefix("kill-backend ")?.parse().ok().map(Self::KillBackend);
        plain.into_iter().find(|action| action.words() == words).or_else(backend)
    }
}

/// The line by which a front asks for `action` on the server called `server`.
pub fn request(server: &str, action: Action) -> String {
    format!("{server}\t{}", action.words())
}

/// Reads a line of [`request`].
pub fn parse_request(line: &str) -> Option<(&str, Action)> {
    let (server, words) = line.split_once('\t')?;
    Some((server, Action::parse(words)?))
}

/// The line with which a keeper answers.
pub fn answer(result: &Result<String, String>) -> String {
    let (word, text) = match result {
        Ok(text) => ("done", text),
        Err(message) => ("refused", message),
    };
    format!("{word}\t{}", text.replace(['\t', '\n', '\r'], " "))
}

/// Reads a line of [`answer`].
///
/// # Errors
///
/// What the keeper said, or that it said something else.
pub fn parse_answer(line: &str) -> Result<String, String> {
    match line.split_once('\t') {
        Some(("done", text)) => Ok(text.into()),
        Some(("refused", message)) => Err(message.into()),
        _ => Err(format!("the keeper answers {line:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_its_line() {
        for action in [Action::Kill, Action::Promote, Action::KillBackend(17)] {
            let line = request("pg-ha-standby", action);
            assert_eq!(parse_request(&line), Some(("pg-ha-standby", action)));
        }
        for line in ["", "detach", "pg\tburn", "pg\tkill-backend", "pg\tkill-backend x"] {
            assert_eq!(parse_request(line), None, "{line:?}");
        }
    }

    #[test]
    fn an_answer_is_one_line_and_says_whether_it_was_done() {
        for result in [Ok("17".to_owned()), Err("it runs".to_owned())] {
            assert_eq!(parse_answer(&answer(&result)), result);
        }
        assert_eq!(answer(&Err("a\nb".into())), "refused\ta b");
        assert!(parse_answer("ready").is_err());
    }
}

//! A server of a test's own, which the test kills, pauses, restarts or promotes.

use crate::kind::Kind;
use crate::protocol::Action;
use crate::services::Services;

/// One server of [`Services`], for tests of what happens when it fails.
///
/// Every call waits until what it is about has happened, and is an error when that cannot be done:
/// the server is not up, the keeper has ended, a server that is to start runs already. The address,
/// the users and the data directory stay the same whatever is done.
///
/// ```no_run
/// use aludel_test_services::{Kind, Profile, Services};
///
/// let services = Services::start(&[Kind::Pg], Profile::Durable)?;
/// let server = services.server(Kind::Pg);
/// server.kill()?; // every acknowledged commit is in the data directory
/// server.start()?; // recovers, on the same port
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy)]
pub struct Server<'a> {
    services: &'a Services,
    name: &'static str,
}

impl Services {
    /// The server of `kind`: of [`Kind::PgHa`] the one that was started as the primary, of
    /// [`Kind::Odbc`] Virtuoso.
    pub fn server(&self, kind: Kind) -> Server<'_> {
        let name = if kind == Kind::PgHa { "pg-ha-primary" } else { kind.server() };
        Server { services: self, name }
    }

    /// The server of [`Kind::PgHa`] that was started as the standby.
    pub fn standby(&self) -> Server<'_> {
        Server { services: self, name: "pg-ha-standby" }
    }
}

impl Server<'_> {
    /// The name by which the keeper knows it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// SIGKILL to the server and to all processes that it started, as when the kernel runs out of
    /// memory. Connections are reset or end without a word. Also of a server that is paused.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn kill(&self) -> Result<(), String> {
        self.ask(Action::Kill).map(drop)
    }

    /// SIGKILL to one of [`Server::backends`]. PostgreSQL then ends every other session too
    /// (57P02) and recovers, while the server's process stays the same.
    ///
    /// # Errors
    ///
    /// When `backend` is none of this server's.
    pub fn kill_backend(&self, backend: u32) -> Result<(), String> {
        self.ask(Action::KillBackend(backend)).map(drop)
    }

    /// SIGSTOP to the server and to all processes that it started: connections stay, new ones are
    /// accepted by the kernel, and nothing is answered.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn pause(&self) -> Result<(), String> {
        self.ask(Action::Pause).map(drop)
    }

    /// SIGCONT after [`Server::pause`]: what arrived in between is answered now.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn resume(&self) -> Result<(), String> {
        self.ask(Action::Resume).map(drop)
    }

    /// Ends it as an administrator would, without waiting for clients: PostgreSQL tells its
    /// sessions 57P01 before it closes them. What does not end within 10 s is killed.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn stop(&self) -> Result<(), String> {
        self.ask(Action::Stop).map(drop)
    }

    /// Starts it again on its port and its data, and waits until it has recovered and answers, at
    /// most 60 s.
    ///
    /// # Errors
    ///
    /// When it runs, or gives up; then its log's last lines are the reason.
    pub fn start(&self) -> Result<(), String> {
        self.ask(Action::Start).map(drop)
    }

    /// [`Server::stop`] and [`Server::start`].
    ///
    /// # Errors
    ///
    /// Those of both.
    pub fn restart(&self) -> Result<(), String> {
        self.stop()?;
        self.start()
    }

    /// Makes the standby a primary, and waits until it takes writes. It waits for no standby
    /// itself. The variables keep the names that the two were started under, and a former primary
    /// that is started again is a second one: its commits wait for a standby that never comes.
    ///
    /// # Errors
    ///
    /// When it is no standby.
    pub fn promote(&self) -> Result<(), String> {
        self.ask(Action::Promote).map(drop)
    }

    /// Its process. Another one after a new start, when `ALUDEL_…_PID` is of the past.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn pid(&self) -> Result<u32, String> {
        self.ask(Action::Pid)?.parse().map_err(|_| "the keeper answers without a number".into())
    }

    /// The processes that serve sessions, in rising order. PostgreSQL alone has them, those that a
    /// standby or PgBouncer opened included; the sessions of the others are threads.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn backends(&self) -> Result<Vec<u32>, String> {
        let text = self.ask(Action::Backends)?;
        Ok(text.split(' ').filter_map(|pid| pid.parse().ok()).collect())
    }

    fn ask(&self, action: Action) -> Result<String, String> {
        self.services
            .ask(self.name, action)
            .map_err(|message| format!("cannot {} {}: {message}", action.words(), self.name))
    }
}

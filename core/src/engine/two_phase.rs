//! Two-phase commit: transactions of several databases that end alike.

use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};

use super::commit::has_begun;
use super::connection::Connection;
use super::events::Interest;
use super::phase::Phase;
use crate::abi::host::Limits;
use crate::dbapi::TwoPhase;
use crate::dialect::Capability;
use crate::error::{Error, Result};

/// A transaction in two phases. It is used like its connection until it is prepared.
///
/// [`prepare`](TwoPhaseTransaction::prepare) makes the database promise that the commit will
/// succeed. Once every database has promised, each transaction is
/// [committed](TwoPhaseTransaction::commit). Dropping it rolls back, prepared or not;
/// [`leave_prepared`](TwoPhaseTransaction::leave_prepared) leaves the decision to somebody else.
///
/// ```no_run
/// # fn main() -> aludel::Result<()> {
/// # let orders = aludel::create_engine("postgresql://localhost/orders")?;
/// # let stock = aludel::create_engine("postgresql://localhost/stock")?;
/// let (mut orders, mut stock) = (orders.connect()?, stock.connect()?);
/// let mut order = orders.begin_twophase(None)?;
/// let mut item = stock.begin_twophase(None)?;
/// order.execute("insert into orders (item) values (7)", ())?;
/// item.execute("update items set left = left - 1 where id = 7", ())?;
/// order.prepare()?;
/// item.prepare()?; // an error here rolls both back
/// order.commit()?;
/// item.commit()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a transaction that is dropped is rolled back"]
pub struct TwoPhaseTransaction<'c> {
    connection: &'c mut Connection,
    xid: Box<str>,
    serial: u64,
}

impl Connection {
    /// Begins a two-phase transaction of this identifier, or of one that is made up. The identifier
    /// is to be different from those of all transactions that are prepared.
    ///
    /// # Errors
    /// `NotSupported` for a database without two-phase commit; `InvalidRequest` when a transaction
    /// has begun, and with options of the connection that change how transactions begin
    /// (`isolation_level`, `read_only`, `deferrable`).
    pub fn begin_twophase(&mut self, xid: Option<&str>) -> Result<TwoPhaseTransaction<'_>> {
        if self.transaction.is_open() {
            return Err(has_begun("begin_twophase() is not possible now"));
        }
        self.check_two_phase()?;
        if let Some(option) = self.options.of_transactions() {
            return Err(Error::invalid_request(format!(
                "a two-phase transaction begins without options, and the connection has \
                 `{option}` set"
            )));
        }
        self.ready()?;
        if self.transaction.phase == Phase::Ended {
            return Err(self.transaction.refusal());
        }
        let xid: Box<str> = xid.map_or_else(made_up, Into::into);
        self.tell_step(format_args!("BEGIN TWOPHASE (implicit)"));
        let limits = self.own_limits()?;
        let begun = self.lease.driver().two_phase(TwoPhase::Begin, &xid, limits);
        begun.map_err(|error| self.failed_step("BEGIN TWOPHASE", error))?;
        self.transaction.begin();
        self.count_transaction("begun");
        self.transaction.xid = Some(xid.clone());
        let told = self.tell_twophase(Interest::BEGIN_TWOPHASE).and_then(|()| self.still_begun());
        told.inspect_err(|_| self.undo_begin())?;
        self.transaction.enter();
        let serial = self.transaction.serial;
        Ok(TwoPhaseTransaction { connection: self, xid, serial })
    }

    /// Identifiers of the transactions that are prepared in this database and not decided, the
    /// oldest first where the database knows.
    ///
    /// # Errors
    /// `NotSupported` for a database without two-phase commit; what the database reports.
    pub fn recover_twophase(&mut self) -> Result<Vec<String>> {
        self.check_two_phase()?;
        self.ready()?;
        let limits = self.own_limits()?;
        let recovered = self.lease.driver().recover(limits);
        recovered.map_err(|error| self.failed(error))
    }

    /// Commits a prepared transaction, whoever prepared it.
    ///
    /// # Errors
    /// `NotSupported` for a database without two-phase commit; `InvalidRequest` inside a
    /// transaction; what the database reports, as for an unknown identifier.
    pub fn commit_prepared(&mut self, xid: &str) -> Result<()> {
        self.decide(TwoPhase::Commit, xid)
    }

    /// Rolls a prepared transaction back, whoever prepared it.
    ///
    /// # Errors
    /// As [`commit_prepared`](Connection::commit_prepared).
    pub fn rollback_prepared(&mut self, xid: &str) -> Result<()> {
        self.decide(TwoPhase::Rollback, xid)
    }

    fn decide(&mut self, decision: TwoPhase, xid: &str) -> Result<()> {
        self.check_two_phase()?;
        if self.transaction.is_open() {
            return Err(has_begun("a prepared transaction cannot be decided now"));
        }
        let interest = match decision {
            TwoPhase::Commit => Interest::COMMIT_TWOPHASE,
            _ => Interest::ROLLBACK_TWOPHASE,
        };
        self.tell_decision(interest, xid)?;
        self.ready()?;
        let step = match decision {
            TwoPhase::Commit => "COMMIT TWOPHASE",
            _ => "ROLLBACK TWOPHASE",
        };
        self.tell_phase(step, xid);
        let limits = self.own_limits()?;
        let decided = self.lease.driver().two_phase(decision, xid, limits);
        decided.map_err(|error| self.failed_step(step, error))
    }

    fn check_two_phase(&self) -> Result<()> {
        let info = self.dialect();
        if info.has(Capability::TwoPhase) {
            return Ok(());
        }
        Err(Error::not_supported("this database has no two-phase commit").with_dialect(info.name))
    }

    fn prepare_two_phase(&mut self, xid: &str) -> Result<()> {
        if self.transaction.phase != Phase::Open || !self.lease.is_usable() {
            return Err(self.transaction.refusal());
        }
        self.tell_twophase(Interest::PREPARE_TWOPHASE)?;
        if self.transaction.phase != Phase::Open || !self.lease.is_usable() {
            return Err(self.transaction.refusal());
        }
        self.tell_phase("PREPARE TWOPHASE", xid);
        let limits: Limits = self.own_limits()?;
        let prepared = self.lease.driver().two_phase(TwoPhase::Prepare, xid, limits);
        if prepared.is_ok() {
            self.transaction.phase = Phase::Prepared;
        } else if self.lease.is_usable() && self.has_ended() {
            // The database has rolled back what it could not promise to commit.
            self.transaction.end();
        } else if !self.lease.is_usable() {
            // The promise may have been made: nobody here can say that it was not.
            self.transaction.phase = Phase::Prepared;
        }
        prepared.map_err(|error| self.failed_step("PREPARE TWOPHASE", error))
    }
}

impl TwoPhaseTransaction<'_> {
    /// The identifier.
    pub fn xid(&self) -> &str {
        &self.xid
    }

    /// The first phase: the database writes down what was done, and promises to be able to commit
    /// it. Nothing more is executed before the second phase.
    ///
    /// # Errors
    /// What the database reports, which may have rolled the transaction back then, as
    /// [`is_active`](TwoPhaseTransaction::is_active) tells. After a
    /// [disconnect](crate::Error::is_disconnect) nobody knows whether it is prepared:
    /// [`recover_twophase`](Connection::recover_twophase) shows it. `InvalidRequest` when it is
    /// prepared, lost or ended already.
    pub fn prepare(&mut self) -> Result<()> {
        if !self.is_active() {
            return Err(inactive());
        }
        self.connection.prepare_two_phase(&self.xid)
    }

    /// True between [`prepare`](TwoPhaseTransaction::prepare) and the second phase, and where nobody
    /// knows because the connection was lost meanwhile.
    pub fn is_prepared(&self) -> bool {
        self.is_active() && self.connection.transaction.phase == Phase::Prepared
    }

    /// The second phase: commits. What was not prepared is committed in one phase.
    ///
    /// # Errors
    /// What the database reports. What is prepared stays so after an error, and waits for
    /// [`commit_prepared`](Connection::commit_prepared).
    pub fn commit(self) -> Result<()> {
        if !self.is_active() {
            return Err(inactive());
        }
        let committed = self.connection.commit();
        if committed.is_err() && self.is_prepared() {
            // The promise was made: what becomes of it is not decided by an error on the way.
            self.connection.transaction.end();
        }
        committed
    }

    /// Rolls back, prepared or not, as dropping it does.
    ///
    /// # Errors
    /// What the database reports, which dropping would not tell.
    pub fn rollback(self) -> Result<()> {
        if self.is_active() { self.connection.rollback() } else { Ok(()) }
    }

    /// Leaves the prepared transaction to whoever decides it by its identifier, which is returned,
    /// on this or another connection.
    ///
    /// # Errors
    /// `InvalidRequest` when it is not prepared; it is rolled back then.
    pub fn leave_prepared(self) -> Result<String> {
        if !self.is_prepared() {
            return Err(Error::invalid_request("this transaction is not prepared")
                .with_help("call prepare() first"));
        }
        self.connection.transaction.end();
        Ok(self.xid.to_string())
    }

    /// False when it has been ended on its connection.
    pub fn is_active(&self) -> bool {
        let transaction = &self.connection.transaction;
        transaction.serial == self.serial && transaction.is_open()
    }
}

impl Drop for TwoPhaseTransaction<'_> {
    fn drop(&mut self) {
        if self.is_active()
            && let Err(error) = self.connection.rollback()
        {
            let xid = &*self.xid;
            tracing::warn!(%error, xid, "a two-phase transaction could not be rolled back");
            if self.is_prepared() {
                self.connection.transaction.end();
            }
        }
        self.connection.transaction.leave();
    }
}

impl Deref for TwoPhaseTransaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl DerefMut for TwoPhaseTransaction<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection
    }
}

impl std::fmt::Debug for TwoPhaseTransaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwoPhaseTransaction")
            .field("xid", &self.xid)
            .field("is_active", &self.is_active())
            .field("is_prepared", &self.is_prepared())
            .finish()
    }
}

#[cold]
fn inactive() -> Error {
    Error::invalid_request("this two-phase transaction is inactive")
        .with_help("it was committed or rolled back on its connection")
}

/// An identifier that no other transaction has: 128 random bits.
fn made_up() -> Box<str> {
    let random = RandomState::new();
    format!("_sa_{:016x}{:016x}", random.hash_one(0_u8), RandomState::new().hash_one(1_u8)).into()
}

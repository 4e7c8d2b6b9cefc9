//! Dialects that do nothing: one kind refuses every call, the other accepts them all.

use aludel::dbapi::{
    Call, Column, Connection, IsolationLevel, ParamRows, Params, PrepareOptions, Prepared,
    RowWriter, Savepoint, ScriptOutcome, Statement, TransactionOptions, TransactionState, TypeKind,
};
use aludel::dialect::{Capability, ConnectArgs, Dialect, DialectInfo, TypeName};
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};

/// A dialect that does nothing. `ACCEPTS`: every call succeeds (else all but connecting are
/// refused); `CLAIMS`: it declares that it can do everything (else nothing).
#[derive(Debug, Clone, Copy)]
pub struct Null<const ACCEPTS: bool, const CLAIMS: bool>;

/// A connection to nothing.
#[derive(Debug)]
pub struct NullConnection<const ACCEPTS: bool>;

/// A statement that does nothing.
#[derive(Debug)]
pub struct NullStatement<const ACCEPTS: bool>;

const EVERYTHING: DialectInfo = DialectInfo {
    capabilities: Capability::ALL,
    isolation_levels: &[IsolationLevel::Serializable, IsolationLevel::Autocommit],
    type_names: &[
        TypeName { kind: TypeKind::BigInteger, name: "bigint" },
        TypeName { kind: TypeKind::Text, name: "text" },
    ],
    ..DialectInfo::new("null", "1.0.0")
};

impl<const ACCEPTS: bool, const CLAIMS: bool> Dialect for Null<ACCEPTS, CLAIMS> {
    type Connection = NullConnection<ACCEPTS>;

    const INFO: DialectInfo = if CLAIMS { EVERYTHING } else { DialectInfo::new("null", "1.0.0") };

    fn connect(_: &ConnectArgs<'_>, _: &Call<'_>) -> Result<NullConnection<ACCEPTS>> {
        Ok(NullConnection)
    }
}

/// Nothing, or a refusal.
fn answer<T>(accepts: bool, nothing: T) -> Result<T> {
    if accepts {
        return Ok(nothing);
    }
    Err(Error::programming("no").with_sqlstate("42000"))
}

impl<const ACCEPTS: bool> Connection for NullConnection<ACCEPTS> {
    type Statement = NullStatement<ACCEPTS>;

    fn prepare(
        &mut self,
        sql: &str,
        _: PrepareOptions,
        _: &Call<'_>,
    ) -> Result<Prepared<NullStatement<ACCEPTS>>> {
        let statement = (!sql.trim().is_empty()).then_some(NullStatement);
        answer(ACCEPTS, Prepared { statement, consumed: sql.len() })
    }

    fn execute_script(
        &mut self,
        sql: &str,
        outcome: &mut ScriptOutcome,
        _: &Call<'_>,
    ) -> Result<()> {
        outcome.consumed = sql.len();
        answer(ACCEPTS, ())
    }

    fn begin(&mut self, _: &TransactionOptions<'_>, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }

    fn commit(&mut self, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }

    fn rollback(&mut self, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }

    fn savepoint(&mut self, _: Savepoint, _: &str, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }

    fn ping(&mut self, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }

    fn reset_session(&mut self, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }

    fn transaction_state(&self) -> TransactionState {
        TransactionState::Idle
    }

    fn get_option(&mut self, _: &str, _: &Call<'_>) -> Result<Value> {
        answer(ACCEPTS, Value::Null)
    }

    fn set_option(&mut self, _: &str, _: ValueRef<'_>, _: &Call<'_>) -> Result<()> {
        answer(ACCEPTS, ())
    }
}

impl<const ACCEPTS: bool> Statement for NullStatement<ACCEPTS> {
    type Connection = NullConnection<ACCEPTS>;

    fn execute<'a>(
        &'a mut self,
        _: &'a mut NullConnection<ACCEPTS>,
        _: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        rows.done();
        answer(ACCEPTS, ())
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut NullConnection<ACCEPTS>,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        rows.done();
        answer(ACCEPTS, ())
    }

    fn columns(&self, _: &NullConnection<ACCEPTS>) -> Result<Vec<Column>> {
        answer(ACCEPTS, Vec::new())
    }

    fn execute_many<'a>(
        &'a mut self,
        _: &'a mut NullConnection<ACCEPTS>,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        rows.affected(params.len() as u64);
        rows.done();
        answer(ACCEPTS, ())
    }
}

//! The statement: executes on the inner connection, keeps the whole result, and delivers it.

use std::collections::VecDeque;

use aludel::abi::host::DriverStatement;
use aludel::dbapi::{Call, Column, ParamRows, Parameter, Params, RowWriter, Statement};
use aludel::error::{Error, Result};
use aludel::value::Value;

use crate::connection::FaultyConnection;
use crate::dialect::limits;
use crate::fault::Fault;
use crate::language::Extra;
use crate::result::{Answer, execute};
use crate::rows::{spoil, spoil_reflection};

/// What a statement executes.
pub(crate) enum Source {
    /// A statement of SQLite's, and its text.
    Inner { inner: DriverStatement, sql: String },
    /// A question about the schema.
    Reflection(DriverStatement),
    /// One of the wrapper's own.
    Extra(Extra),
}

/// A prepared statement, and what its last execution gave.
pub struct FaultyStatement {
    source: Source,
    answer: Answer,
    /// The results that follow.
    more: VecDeque<Answer>,
    /// The last row of a result that has been read.
    last_row: Option<Vec<Value>>,
    columns: Vec<Column>,
    epoch: u32,
    /// Parameters and rows of the execution before.
    before: Option<(Vec<Value>, Vec<Vec<Value>>)>,
    /// Rows of a dropped result, for the next execution.
    left: Vec<Vec<Value>>,
}

impl FaultyStatement {
    pub(crate) fn new(source: Source) -> Self {
        FaultyStatement {
            source,
            answer: Answer::default(),
            more: VecDeque::new(),
            last_row: None,
            columns: Vec::new(),
            epoch: 0,
            before: None,
            left: Vec::new(),
        }
    }

    /// The statement of SQLite's, where it is one.
    fn inner(&self) -> Option<DriverStatement> {
        match &self.source {
            Source::Inner { inner, .. } | Source::Reflection(inner) => Some(*inner),
            Source::Extra(_) => None,
        }
    }

    /// The parameters as the fault has them.
    fn parameters_of(&self, connection: &FaultyConnection, params: Params<'_>) -> Vec<Value> {
        let mut values: Vec<Value> = params.iter().map(|value| value.to_owned()).collect();
        let plan = &connection.plan;
        if values.len() >= 2 && values[0] != values[1] && plan.makes(Fault::SwappedParameters) {
            values.swap(0, 1);
        }
        let before = self.before.as_ref().map(|(params, _)| params.as_slice()).unwrap_or(&[]);
        let left_over =
            values.iter().zip(before).any(|(value, old)| value.is_null() && !old.is_null());
        if left_over && plan.makes(Fault::ParameterLeftOver) {
            for (value, old) in values.iter_mut().zip(before) {
                if value.is_null() {
                    *value = old.clone();
                }
            }
        }
        for value in &mut values {
            if let Value::Text(text) = value
                && let Some(end) = text.find('\0')
                && plan.makes(Fault::CutAtNul)
            {
                text.truncate(end);
            }
        }
        self.fit(connection, &mut values);
        values
    }

    /// Makes a wrong number of parameters fit.
    fn fit(&self, connection: &FaultyConnection, values: &mut Vec<Value>) {
        let Some(inner) = self.inner() else { return };
        let Ok(Some(known)) = connection.inner.parameters(&inner) else { return };
        let (few, many) = (values.len() < known.len(), values.len() > known.len());
        if few && connection.plan.makes(Fault::MissingParameters)
            || many && connection.plan.makes(Fault::ExtraParameters)
        {
            values.resize(known.len(), Value::Null);
        }
    }

    fn answer(
        &mut self,
        connection: &mut FaultyConnection,
        params: Params<'_>,
        call: &Call<'_>,
    ) -> Result<Answer> {
        if connection.plan.makes(Fault::Panics) {
            // A panic that prints nothing.
            std::panic::resume_unwind(Box::new("a fault that was asked for"));
        }
        connection.drop_notifications();
        let values = self.parameters_of(connection, params);
        let mut answer = match &self.source {
            Source::Extra(extra) => return self.extra(connection, &extra.clone(), values, call),
            Source::Inner { inner, .. } | Source::Reflection(inner) => {
                connection.before_statement(call)?;
                execute(&mut connection.inner, inner, &values, limits(call))
                    .or_else(|error| connection.spoil_error(error).map(|()| Answer::default()))?
            }
        };
        if let Source::Inner { sql, .. } = &self.source {
            connection.transaction.wrote |= answer.columns.is_none() || answer.affected.is_some();
            connection.log(sql, &values);
        } else {
            spoil_reflection(&connection.plan, &mut answer);
        }
        connection.spoil_numbers(&mut answer);
        if let Some((_, rows)) = &self.before
            && answer.columns.is_some()
            && answer.rows != *rows
            && connection.plan.makes(Fault::StaleRows)
        {
            answer.rows = rows.iter().cloned().collect();
        }
        self.before = Some((values, answer.rows.iter().cloned().collect()));
        spoil(&connection.plan, &mut answer);
        if !self.left.is_empty() {
            answer.rows = std::mem::take(&mut self.left).into();
        }
        Ok(answer)
    }

    /// Executes a statement of the wrapper's own.
    fn extra(
        &mut self,
        connection: &mut FaultyConnection,
        extra: &Extra,
        values: Vec<Value>,
        call: &Call<'_>,
    ) -> Result<Answer> {
        let mut params = values;
        if let Some((before, _)) = &self.before
            && *extra == Extra::Call
            && *before != params
            && connection.plan.makes(Fault::CallKeepsParameters)
        {
            params.clone_from(before);
        }
        let mut answers = connection.run_extra(extra, &params, call)?;
        self.before = Some((params, Vec::new()));
        let first = answers.pop_front().unwrap_or_default();
        self.last_row = first.rows.back().cloned();
        self.more = answers;
        Ok(first)
    }

    /// Keeps the columns, and counts when they change.
    fn note_columns(&mut self, connection: &FaultyConnection) {
        let Some(columns) = &mut self.answer.columns else { return };
        if *columns == self.columns {
            return;
        }
        if !self.columns.is_empty() && connection.plan.makes(Fault::StaleColumns) {
            let width = self.columns.len();
            *columns = self.columns.clone();
            self.answer.rows.iter_mut().for_each(|row| row.truncate(width));
            return;
        }
        self.columns.clone_from(columns);
        self.epoch += 1;
    }

    fn deliver(&mut self, rows: &mut RowWriter<'_, '_>) -> Result<()> {
        let answer = &mut self.answer;
        if let Some(columns) = &answer.columns {
            rows.columns(columns.len());
            rows.columns_epoch(self.epoch);
        }
        if rows.wants_none() {
            answer.rows.clear();
        }
        while rows.wants_row() {
            let Some(values) = answer.rows.front() else { break };
            let mut row = rows.row();
            for value in values {
                row.value(value.as_ref());
            }
            if !row.commit() {
                return Ok(());
            }
            answer.rows.pop_front();
        }
        if !answer.rows.is_empty() {
            return Ok(());
        }
        if let Some(error) = answer.error.take() {
            return Err(error);
        }
        if let Some(affected) = answer.affected {
            rows.affected(affected);
        }
        if let Some(id) = answer.last_insert_id {
            rows.last_insert_id(id);
        }
        if answer.out_parameters {
            rows.out_parameters();
        }
        rows.done();
        if !self.more.is_empty() {
            rows.more_results();
        }
        Ok(())
    }
}

impl Statement for FaultyStatement {
    type Connection = FaultyConnection;

    fn execute<'a>(
        &'a mut self,
        connection: &'a mut FaultyConnection,
        params: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        let answer = connection.guarded(call, |connection| self.answer(connection, params, call));
        self.answer = answer?;
        self.note_columns(connection);
        self.deliver(rows)
    }

    fn fetch<'a>(
        &'a mut self,
        connection: &'a mut FaultyConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        connection.plan.count_call();
        self.deliver(rows)
    }

    fn next_result<'a>(
        &'a mut self,
        connection: &'a mut FaultyConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<bool> {
        connection.plan.count_call();
        let Some(mut next) = self.more.pop_front() else { return Ok(false) };
        let rest = std::mem::replace(&mut self.last_row, next.rows.back().cloned());
        if let Some(rest) = rest
            && connection.plan.makes(Fault::RestComesNext)
        {
            next.rows.push_front(rest);
        }
        self.answer = next;
        self.note_columns(connection);
        self.deliver(rows)?;
        Ok(true)
    }

    fn columns(&self, _: &FaultyConnection) -> Result<Vec<Column>> {
        Ok(self.columns.clone())
    }

    fn parameters(&self, connection: &FaultyConnection) -> Result<Option<Vec<Parameter>>> {
        let Some(inner) = self.inner() else { return Ok(None) };
        Ok(connection.inner.parameters(&inner)?.map(|known| known.to_vec()))
    }

    fn execute_many<'a>(
        &'a mut self,
        connection: &'a mut FaultyConnection,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        let Source::Inner { inner, sql } = &self.source else {
            return Err(Error::not_supported("this statement takes no rows of parameters"));
        };
        let (inner, sql) = (*inner, sql.clone());
        let given: Vec<Vec<Value>> =
            params.iter().map(|row| row.iter().map(|value| value.to_owned()).collect()).collect();
        let returns_rows = !connection.inner.columns(&inner)?.is_empty();
        let answer = connection.guarded(call, |connection| {
            if !rows.wants_none() && returns_rows {
                return connection.execute_returning(&inner, &given, call);
            }
            let affected = connection.execute_rows(&inner, &given, call)?;
            Ok(Answer { affected, ..Answer::default() })
        });
        let first = params.first_row();
        self.answer = answer.map_err(|error| {
            let row = error.failing_row().unwrap_or(0);
            let wrong = u64::from(connection.plan.makes(Fault::WrongFailingRow));
            error.with_failing_row(first + row + wrong)
        })?;
        given.iter().for_each(|row| connection.log(&sql, row));
        self.note_columns(connection);
        self.deliver(rows)
    }

    fn reset(&mut self, connection: &mut FaultyConnection, call: &Call<'_>) -> Result<()> {
        connection.plan.count_call();
        let left: Vec<Vec<Value>> = self.answer.rows.drain(..).collect();
        self.answer = Answer::default();
        self.more.clear();
        self.last_row = None;
        if left.is_empty() {
            return Ok(());
        }
        if connection.plan.makes(Fault::DropLeavesRows) {
            self.left = left;
        }
        if connection.plan.makes(Fault::DropLeavesOpen) {
            connection.is_blocked = true;
        }
        if connection.plan.makes(Fault::DropEndsTransaction) {
            connection.inner.rollback(limits(call))?;
        }
        Ok(())
    }

    fn close(&mut self, connection: &mut FaultyConnection) {
        if let Some(inner) = self.inner() {
            connection.inner.close_statement(inner);
        }
    }
}

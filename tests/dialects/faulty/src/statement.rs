//! The statement: executes on the inner connection, keeps the whole result, and delivers it.

use aludel::abi::host::DriverStatement;
use aludel::dbapi::{Call, Column, ParamRows, Parameter, Params, RowWriter, Statement};
use aludel::error::{Error, Result};
use aludel::value::Value;

use crate::connection::FaultyConnection;
use crate::dialect::limits;
use crate::fault::Fault;
use crate::result::{Answer, execute};
use crate::rows::spoil;

/// A prepared statement, and what its last execution gave.
pub struct FaultyStatement {
    inner: DriverStatement,
    answer: Answer,
    columns: Vec<Column>,
    epoch: u32,
    /// Parameters and rows of the execution before.
    before: Option<(Vec<Value>, Vec<Vec<Value>>)>,
    /// Rows of a dropped result, for the next execution.
    left: Vec<Vec<Value>>,
}

impl FaultyStatement {
    pub(crate) fn new(inner: DriverStatement) -> Self {
        FaultyStatement {
            inner,
            answer: Answer::default(),
            columns: Vec::new(),
            epoch: 0,
            before: None,
            left: Vec::new(),
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
        let Ok(Some(known)) = connection.inner.parameters(&self.inner) else { return };
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
        let values = self.parameters_of(connection, params);
        let mut answer = execute(&mut connection.inner, &self.inner, &values, limits(call))
            .or_else(|error| connection.spoil_error(error).map(|()| Answer::default()))?;
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
        rows.done();
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

    fn columns(&self, _: &FaultyConnection) -> Result<Vec<Column>> {
        Ok(self.columns.clone())
    }

    fn parameters(&self, connection: &FaultyConnection) -> Result<Option<Vec<Parameter>>> {
        Ok(connection.inner.parameters(&self.inner)?.map(|known| known.to_vec()))
    }

    fn execute_many<'a>(
        &'a mut self,
        connection: &'a mut FaultyConnection,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        let returns_rows = !connection.inner.columns(&self.inner)?.is_empty();
        if !rows.wants_none() && returns_rows {
            return Err(Error::not_supported("rows of an executemany are not supported"));
        }
        let given: Vec<Vec<Value>> =
            params.iter().map(|row| row.iter().map(|value| value.to_owned()).collect()).collect();
        let changed = connection
            .guarded(call, |connection| connection.execute_rows(&self.inner, &given, call));
        let first = params.first_row();
        let changed = changed.map_err(|error| {
            let row = error.failing_row().unwrap_or(0);
            let wrong = u64::from(connection.plan.makes(Fault::WrongFailingRow));
            error.with_failing_row(first + row + wrong)
        })?;
        if let Some(changed) = changed {
            rows.affected(changed);
        }
        rows.done();
        Ok(())
    }

    fn reset(&mut self, connection: &mut FaultyConnection, call: &Call<'_>) -> Result<()> {
        connection.plan.count_call();
        let left: Vec<Vec<Value>> = self.answer.rows.drain(..).collect();
        self.answer = Answer::default();
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
        connection.inner.close_statement(self.inner);
    }
}

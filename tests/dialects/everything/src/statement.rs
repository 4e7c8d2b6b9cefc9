//! Statements: executing a command, and delivering its results one after the other.

use std::sync::Arc;

use aludel::dbapi::{
    Call, Column, ParamRows, Parameter, Params, RowWriter, SqlType, Statement, TypeKind,
};
use aludel::{Error, Result};

use crate::answer::{Answer, Rows};
use crate::command::{self, Answers};
use crate::connection::EverythingConnection;
use crate::probe::Probe;
use crate::script::Command;

/// A statement.
pub struct EverythingStatement {
    probe: Arc<Probe>,
    source: Source,
    /// The result that is being read, then those that follow.
    answers: Answers,
    executions: u32,
}

enum Source {
    Command(Command),
    /// What was answered when the statement was made; for reflection.
    Answered(Option<Answer>),
}

impl EverythingStatement {
    pub(crate) fn new(probe: Arc<Probe>, command: Command) -> Self {
        let source = Source::Command(command);
        EverythingStatement { probe, source, answers: Answers::new(), executions: 0 }
    }

    pub(crate) fn answered(probe: Arc<Probe>, answer: Answer) -> Self {
        let source = Source::Answered(Some(answer));
        EverythingStatement { probe, source, answers: Answers::new(), executions: 0 }
    }

    /// Takes over new results and delivers from the first.
    fn begin<'a>(
        &'a mut self,
        mut answers: Answers,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        if let Some(limit) = call.max_rows() {
            answers.iter_mut().for_each(|answer| answer.limit(limit));
        }
        self.answers = answers;
        self.executions += 1;
        self.deliver(rows)
    }

    fn deliver<'a>(&'a mut self, rows: &mut RowWriter<'_, 'a>) -> Result<()> {
        // A number for each result, which no other has.
        let epoch = (self.executions << 8) | self.answers.len() as u32;
        let more = self.answers.len() > 1;
        let Some(answer) = self.answers.front_mut() else {
            rows.done();
            return Ok(());
        };
        if answer.deliver(epoch, rows)? && more {
            rows.more_results();
        }
        Ok(())
    }
}

impl Statement for EverythingStatement {
    type Connection = EverythingConnection;

    fn execute<'a>(
        &'a mut self,
        connection: &'a mut EverythingConnection,
        params: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.probe.enter("StatementVt.execute");
        let answers = match &mut self.source {
            Source::Command(command) => command::run(command, connection, params, call)?,
            Source::Answered(answer) => answer.take().into_iter().collect(),
        };
        self.begin(answers, rows, call)
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut EverythingConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        self.probe.enter("StatementVt.fetch");
        self.deliver(rows)
    }

    fn next_result<'a>(
        &'a mut self,
        _: &'a mut EverythingConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<bool> {
        self.probe.enter("StatementVt.next_result");
        self.answers.pop_front();
        if self.answers.is_empty() {
            return Ok(false);
        }
        self.deliver(rows)?;
        Ok(true)
    }

    /// The rows that come back form one result.
    fn execute_many<'a>(
        &'a mut self,
        connection: &'a mut EverythingConnection,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.probe.enter("StatementVt.execute_many");
        connection.flushes += u64::from(!params.more_follow());
        let Source::Command(command) = &self.source else {
            return Err(Error::programming("reflection takes no parameters"));
        };
        let mut all = Answer::changed(0);
        for (index, row) in params.iter().enumerate() {
            let answers = command::run(command, connection, row, call)
                .map_err(|error| error.with_failing_row(params.first_row() + index as u64))?;
            answers.into_iter().for_each(|answer| join(&mut all, answer));
        }
        if rows.wants_none() {
            all.rows = Rows::default();
            all.columns = None;
        }
        self.begin(Answers::from([all]), rows, call)
    }

    fn reset(&mut self, _: &mut EverythingConnection, _: &Call<'_>) -> Result<()> {
        self.probe.enter("StatementVt.reset");
        self.answers.clear();
        Ok(())
    }

    fn columns(&self, _: &EverythingConnection) -> Result<Vec<Column>> {
        self.probe.enter("StatementVt.columns");
        let columns = self.answers.front().and_then(|answer| answer.columns.clone());
        Ok(columns.unwrap_or_default())
    }

    fn parameters(&self, _: &EverythingConnection) -> Result<Option<Vec<Parameter>>> {
        self.probe.enter("StatementVt.parameters");
        let Source::Command(Command::Insert { .. }) = self.source else { return Ok(None) };
        let parameter = |name: &str, kind, vendor: &'static str| Parameter {
            name: Some(name.to_owned()),
            sql_type: SqlType::new(kind, vendor),
        };
        let key = parameter(":key", TypeKind::BigInteger, "INT");
        Ok(Some(vec![key, parameter(":value", TypeKind::Text, "TEXT")]))
    }

    fn close(&mut self, _: &mut EverythingConnection) {
        self.probe.enter("StatementVt.free");
    }
}

/// Adds what one row of an executemany brought.
fn join(all: &mut Answer, answer: Answer) {
    let (Some(sum), changed) = (&mut all.affected, answer.affected.unwrap_or(0)) else { return };
    *sum += changed;
    all.last_insert_id = answer.last_insert_id;
    all.lent |= answer.lent;
    if all.columns.is_none() {
        all.columns = answer.columns;
    }
    if let (Rows::Kept { rows, .. }, Rows::Kept { rows: further, .. }) =
        (&mut all.rows, answer.rows)
    {
        rows.extend(further);
    }
}

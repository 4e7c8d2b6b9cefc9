//! Executing the wrapper's own statements, and what the server says unasked.

use std::collections::VecDeque;

use aludel::abi::host::{DriverStatement, Limits};
use aludel::dbapi::{
    Call, Column, Notice, Notification, ParamDirection, PrepareOptions, SqlType, TypeKind,
};
use aludel::error::{Error, Result};
use aludel::value::Value;

use crate::connection::FaultyConnection;
use crate::dialect::limits;
use crate::fault::Fault;
use crate::language::Extra;
use crate::result::{Answer, execute};

impl FaultyConnection {
    /// Executes a statement of the wrapper's own; its results in order.
    pub(crate) fn run_extra(
        &mut self,
        extra: &Extra,
        params: &[Value],
        call: &Call<'_>,
    ) -> Result<VecDeque<Answer>> {
        match extra {
            Extra::Raise(text) => self.raise(text),
            Extra::RaiseMany(count) => (1..=*count).for_each(|n| self.raise(&n.to_string())),
            Extra::Listen(channel) => {
                self.hub.state().inbox(self.number).channels.insert(channel.clone());
            }
            Extra::Unlisten(channel) => {
                if !self.plan.makes(Fault::UnlistenIgnored) {
                    self.hub.state().inbox(self.number).channels.remove(channel);
                }
            }
            Extra::Notify(channel, payload) => self.notify(channel, payload),
            Extra::ShowDeferrable => {
                let shown = if self.transaction.deferrable { "on" } else { "off" };
                return Ok(one(Answer::row(&["deferrable"], vec![shown.into()])));
            }
            Extra::Batch(queries) => return self.batch(queries, limits(call)),
            Extra::CreateProcedure(name) => {
                self.hub.state().procedures.insert(name.clone());
            }
            Extra::DropProcedure(name) => {
                self.hub.state().procedures.remove(name);
            }
            Extra::Call => return Ok(self.call_procedure(params)),
        }
        Ok(one(Answer::default()))
    }

    fn raise(&mut self, text: &str) {
        let mut message = text.to_owned();
        if self.plan.makes(Fault::CutMessage) {
            message.pop();
        }
        let sqlstate = (!self.plan.makes(Fault::NoticeWithoutState)).then(|| "01000".into());
        let notice = Notice { severity: "WARNING".into(), message, sqlstate, native_code: None };
        let shared = self.plan.makes(Fault::NoticesShared);
        let mut state = self.hub.state();
        for (number, inbox) in &mut state.inboxes {
            if shared || *number == self.number {
                inbox.notices.push_back(notice.clone());
            }
        }
    }

    pub(crate) fn take_notice(&mut self) -> Option<Notice> {
        let mut state = self.hub.state();
        let notices = &mut state.inbox(self.number).notices;
        if notices.len() > 1 && self.plan.makes(Fault::NoticesReversed) {
            return notices.pop_back();
        }
        let notice = notices.pop_front()?;
        if self.plan.makes(Fault::NoticeTwice) {
            notices.push_front(notice.clone());
        }
        Some(notice)
    }

    fn notify(&mut self, channel: &str, payload: &str) {
        let mut payload = payload.to_owned();
        if self.plan.makes(Fault::CutPayload) {
            payload.pop();
        }
        let channel = channel.to_owned();
        let notification = Notification { channel, payload, sender: Some(self.number) };
        if self.in_transaction() && !self.plan.makes(Fault::NotifyAtOnce) {
            self.transaction.pending.push_back(notification);
        } else {
            self.hub.send(&notification);
        }
    }

    pub(crate) fn hear(&mut self, call: &Call<'_>) -> Result<Option<Notification>> {
        let (number, plan) = (self.number, &self.plan);
        let heard = self.hub.wait(call, |state| {
            let heard = &mut state.inbox(number).heard;
            if heard.len() > 1 && plan.makes(Fault::NotificationsReversed) {
                return Some(heard.pop_back());
            }
            match heard.pop_front() {
                Some(next) => {
                    if plan.makes(Fault::NotificationTwice) {
                        heard.push_front(next.clone());
                    }
                    Some(Some(next))
                }
                None => plan.makes(Fault::WaitEndsAtOnce).then_some(None),
            }
        });
        // That nothing came in time is no error.
        heard.or_else(|error| if call.has_deadline() { Ok(None) } else { Err(error) })
    }

    /// Takes away what has come, where the fault does.
    pub(crate) fn drop_notifications(&mut self) {
        let mut state = self.hub.state();
        let heard = &mut state.inbox(self.number).heard;
        if !heard.is_empty() && self.plan.makes(Fault::StatementsDropNotifications) {
            heard.clear();
        }
    }

    fn batch(&mut self, queries: &[String], limits: Limits) -> Result<VecDeque<Answer>> {
        let mut answers = VecDeque::new();
        for query in queries {
            let prepared = self.inner.prepare(query, PrepareOptions::default(), limits)?;
            let (Some(statement), _) = prepared else { continue };
            let answer = execute(&mut self.inner, &statement, &[], limits);
            self.inner.close_statement(statement);
            answers.push_back(answer?);
        }
        let has_empty = answers.iter().any(|answer| answer.rows.is_empty());
        if has_empty && self.plan.makes(Fault::EmptyResultSkipped) {
            answers.retain(|answer| !answer.rows.is_empty());
        }
        if answers.len() > 1 && self.plan.makes(Fault::LastResultLost) {
            answers.pop_back();
        }
        if answers.len() > 1 && self.plan.makes(Fault::ResultColumnsKept) {
            keep_columns(&mut answers);
        }
        Ok(answers)
    }

    /// Whether a procedure is there, with parameters in, in and out, and out.
    pub(crate) fn find_procedure(&self, name: &str, directions: &[ParamDirection]) -> Result<()> {
        let known = [ParamDirection::In, ParamDirection::InOut, ParamDirection::Out];
        if self.hub.state().procedures.contains(name) && directions == known {
            return Ok(());
        }
        Err(Error::programming(format!("there is no procedure {name}")).with_sqlstate("42883"))
    }

    /// A row of a and b, then b doubled and the sum as out parameters.
    fn call_procedure(&mut self, params: &[Value]) -> VecDeque<Answer> {
        let mut given: Vec<Option<i64>> = params.iter().map(number).take(2).collect();
        given.resize(2, None);
        if given.contains(&None) && self.plan.makes(Fault::CallNullAsZero) {
            given = given.into_iter().map(|value| Some(value.unwrap_or(0))).collect();
        }
        let (a, b) = (given[0], given[1]);
        let value = |number: Option<i64>| number.map_or(Value::Null, Value::I64);
        let result = Answer::row(&["a", "b"], vec![value(a), value(b)]);
        let mut outs = vec![value(b.map(|b| 2 * b)), value(a.zip(b).map(|(a, b)| a + b))];
        if self.plan.makes(Fault::OutSwapped) {
            outs.reverse();
        }
        let mut out = Answer::row(&["b", "total"], outs);
        out.out_parameters = !self.plan.makes(Fault::OutNotMarked);
        let mut answers = VecDeque::from([result, out]);
        if self.plan.makes(Fault::OutFirst) {
            answers.rotate_left(1);
        }
        answers
    }

    /// Executes once for each row of parameters and keeps the rows that come back.
    pub(crate) fn execute_returning(
        &mut self,
        statement: &DriverStatement,
        rows: &[Vec<Value>],
        call: &Call<'_>,
    ) -> Result<Answer> {
        let mut all = Answer { affected: Some(0), ..Answer::default() };
        for (index, row) in rows.iter().enumerate() {
            let answer = execute(&mut self.inner, statement, row, limits(call))
                .map_err(|error| error.with_failing_row(index as u64))?;
            all.affected = all.affected.zip(answer.affected).map(|(sum, more)| sum + more);
            all.columns = all.columns.or(answer.columns);
            all.rows.extend(answer.rows);
        }
        if all.rows.len() > 1 && self.plan.makes(Fault::ReturnedReversed) {
            all.rows.make_contiguous().reverse();
        }
        Ok(all)
    }
}

fn one(answer: Answer) -> VecDeque<Answer> {
    VecDeque::from([answer])
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::I64(number) => Some(*number),
        _ => None,
    }
}

fn keep_columns(answers: &mut VecDeque<Answer>) {
    let Some(columns) = answers.front().and_then(|first| first.columns.clone()) else { return };
    for answer in answers.iter_mut() {
        answer.rows.iter_mut().for_each(|row| row.resize(columns.len(), Value::Null));
        answer.columns = Some(columns.clone());
    }
}

impl Answer {
    /// One row in columns of these names.
    pub(crate) fn row(names: &[&str], values: Vec<Value>) -> Answer {
        let column = |name: &&str| Column::new(*name, SqlType::new(TypeKind::Unknown, ""));
        Answer {
            columns: Some(names.iter().map(column).collect()),
            rows: VecDeque::from([values]),
            ..Answer::default()
        }
    }
}
